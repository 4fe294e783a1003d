import { BACKSLASH, BLANK, NINE, QUOTE, ZERO } from './json-characters.ts';

/** What stands in a hole of a row: digits, a string's inside, blanks; digits of which the value is wanted. */
export type Hole = 'number' | 'string' | 'blank' | 'count';

/** A part of an event: characters as they stand, with a hole behind each of them but the last. */
export interface Row {
  readonly literals: readonly string[];
  readonly holes: readonly Hole[];
}

/** The value of the digits that filled a hole last: a pattern has one at most of which it is wanted. */
let filled = 0;

/** What the `count` hole held in the row that was walked last. */
export const countWalked = (): number => filled;

/** The inside of a string up to its end or to the first character that can't stand there as itself (backslash, control characters). */
const PLAIN = /[ !#-[\]-\uffff]*/y;

/** The position behind a row, or -1 where it does not fit. */
export function walk(data: string, from: number, { literals, holes }: Row): number {
  let position = from;
  for (let index = 0; index < literals.length; index += 1) {
    const literal = literals[index] ?? '';
    const end = position + literal.length;
    if (!standsAt(data, literal, position, end)) return -1;
    const hole = holes[index];
    position = hole === undefined ? end : endOfHole(data, end, hole);
    if (position === -1) return -1;
  }
  return position;
}

/** Literals of up to so many characters are compared one by one, which saves a copy. */
const SHORT = 12;

/** Whether a literal stands in an event at a place: a long one is compared as a slice, which is several times quicker than startsWith. */
function standsAt(data: string, literal: string, from: number, end: number): boolean {
  if (literal.length > SHORT) return data.slice(from, end) === literal;
  for (let index = 0; index < literal.length; index += 1) {
    if (data.charCodeAt(from + index) !== literal.charCodeAt(index)) return false;
  }
  return true;
}

/** The position behind what fills a hole, or -1 where nothing fitting does. */
function endOfHole(data: string, from: number, hole: Hole): number {
  let position = from;
  if (hole === 'count') {
    filled = 0;
    for (let code = data.charCodeAt(position); isDigit(code); code = data.charCodeAt(position)) {
      filled = filled * 10 + code - ZERO;
      position += 1;
    }
    return isNumber(data, from, position) ? position : -1;
  }
  if (hole === 'number') {
    while (isDigit(data.charCodeAt(position))) position += 1;
    return isNumber(data, from, position) ? position : -1;
  }
  if (hole === 'blank') {
    while (data.charCodeAt(position) === BLANK) position += 1;
    return position;
  }
  position = endOfPlain(data, from);
  return data.charCodeAt(position) === QUOTE ? position : -1;
}

/** Whether digits are a number as JSON writes one: no zero before others. */
const isNumber = (data: string, from: number, end: number) =>
  end === from + 1 || (end > from && data.charCodeAt(from) !== ZERO);

/** Characters that are looked at one by one before a regular expression is worth its call. */
const FIRST = 32;

/** The place of the first character that does not stand in a string as itself. */
export function endOfPlain(data: string, from: number): number {
  const until = from + FIRST;
  for (let position = from; position < until; position += 1) {
    const code = data.charCodeAt(position);
    // NaN behind the end.
    if (!(code >= BLANK) || code === QUOTE || code === BACKSLASH) return position;
  }
  PLAIN.lastIndex = until;
  PLAIN.test(data);
  return PLAIN.lastIndex;
}

const NO_HOLES: readonly Hole[] = [];

/** A part of an event, with holes for the values of varying fields. */
export function rowOf(part: string, varying: readonly string[], counted: string | undefined): Row {
  const starts = varying
    .map((name) => {
      const at = part.indexOf(`"${name}":`);
      return { name, at: at === -1 ? -1 : endOfHole(part, at + name.length + 3, 'blank') };
    })
    .filter(({ at }) => at !== -1)
    .sort((one, other) => one.at - other.at);
  if (starts.length === 0) return { literals: [part], holes: NO_HOLES };
  const literals: string[] = [];
  const holes: Hole[] = [];
  let from = 0;
  for (const { name, at: start } of starts) {
    const hole = part.charCodeAt(start) === QUOTE ? 'string' : name === counted ? 'count' : 'number';
    const inside = hole === 'string' ? start + 1 : start;
    const end = endOfHole(part, inside, hole);
    if (end === -1 || inside < from) continue;
    literals.push(part.slice(from, inside));
    holes.push(hole);
    from = end;
  }
  literals.push(part.slice(from));
  return { literals, holes };
}

/** The last row of a pattern: before the bracket that ends the event there may be more or fewer blanks. */
export function padded(literals: readonly string[], holes: readonly Hole[]): Row {
  const last = literals.at(-1) ?? '';
  if (!last.endsWith('}')) return { literals, holes };
  return { literals: [...literals.slice(0, -1), last.slice(0, -1).trimEnd(), '}'], holes: [...holes, 'blank'] };
}

const isDigit = (code: number) => code >= ZERO && code <= NINE;
