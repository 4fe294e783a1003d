import type { Decision, DecisionEntry } from '@signalbox/core';

/** A decision in two parts: what many decisions have in common, and the figures that only this one has. */
export interface DecisionShape {
  /** JSON with `#` in the place of each figure that was taken out. */
  readonly shape: string;
  /** The figures in their order, separated by commas. */
  readonly figures: string;
}

const MARK = '#';
const STRINGS_AND_MARKS = /"(?:[^"\\]|\\.)*"|#/g;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;
const COMMA = 0x2c;
const BRACKET = 0x5d;
const BRACE = 0x7d;

/** Numbers that say little by themselves and repeat: they stay where they are. */
const COMMON = new Set(['0', '1', '0.5']);
const LONGEST_COMMON = 3;

/** Takes a decision apart. Its id, time and requested model are not in it: they have columns of their own. */
export function takeApart(decision: Decision): DecisionShape {
  const [entry] = decision.order;
  if (entry === undefined || !isPlain(decision)) return apart(decision);
  const known = plainShapes.get(entry) ?? (isAlike(entry, lastEntry) ? plainShapes.get(lastEntry) : undefined);
  if (known !== undefined && known.strategy === decision.strategy && known.reason === decision.reason)
    return known.shape;
  const shape = apart(decision);
  lastEntry = entry;
  plainShapes.set(entry, { strategy: decision.strategy, reason: decision.reason, shape });
  return shape;
}

/** Shapes of exact choices, whose one entry is the same object in all of them. */
const plainShapes = new WeakMap<
  DecisionEntry,
  { readonly strategy: string; readonly reason: string; readonly shape: DecisionShape }
>();

/** Whoever makes an entry for each decision mostly makes the same again. */
let lastEntry: DecisionEntry = { candidate: '', provider: '', model: '' };

/** Whether two entries have the same members with the same plain values. */
function isAlike(one: DecisionEntry, other: DecisionEntry): boolean {
  let members = 0;
  for (const name in one) {
    members += 1;
    if (one[name as keyof DecisionEntry] !== other[name as keyof DecisionEntry] || !Object.hasOwn(other, name))
      return false;
  }
  for (const _ in other) members -= 1;
  return members === 0;
}

const PLAIN_MEMBERS: ReadonlySet<string> = new Set([
  'id',
  'decidedAt',
  'requestedModel',
  'strategy',
  'reason',
  'order',
]);

/** Whether a decision says nothing beside its one entry, its strategy and its reason. */
function isPlain(decision: Decision): boolean {
  if (decision.order.length !== 1) return false;
  for (const name in decision) {
    if (PLAIN_MEMBERS.has(name)) continue;
    const value = decision[name as keyof Decision];
    if (value !== undefined && !(Array.isArray(value) && value.length === 0)) return false;
  }
  return true;
}

/** A shape, and where in it figures were taken out. */
interface RecentShape {
  readonly shape: string;
  readonly marks: readonly number[];
}

/** Shapes that are tried before a decision is read: the steps of an agent's turn have one, while their figures differ. */
const RECENT_SHAPES = 4;
const recentShapes: RecentShape[] = [];
let oldest = 0;

function apart(decision: Decision): DecisionShape {
  const { id: _id, decidedAt: _decidedAt, requestedModel: _requestedModel, ...rest } = decision;
  const json = JSON.stringify(rest);
  for (const recent of recentShapes) {
    const figures = figuresBy(recent, json);
    if (figures !== undefined) return { shape: recent.shape, figures };
  }
  const { figures, ...found } = readApart(json);
  recentShapes[oldest] = found;
  oldest = (oldest + 1) % RECENT_SHAPES;
  return { shape: found.shape, figures };
}

/** The figures of a decision of a known shape; `undefined`: it has another one. Between them every character must be the same. */
function figuresBy({ shape, marks }: RecentShape, json: string): string | undefined {
  let figures = '';
  let at = 0;
  let place = 0;
  for (const mark of marks) {
    while (place < mark && shape.charCodeAt(place) === json.charCodeAt(at)) {
      place += 1;
      at += 1;
    }
    const code = json.charCodeAt(at);
    if (place < mark || !(code === MINUS || (code >= ZERO && code <= NINE))) return undefined;
    const end = endOfNumber(json, at);
    const token = json.slice(at, end);
    if (isCommon(token)) return undefined;
    figures += figures === '' ? token : `,${token}`;
    at = end;
    place += 1;
  }
  return shape.length - place === json.length - at && json.endsWith(shape.slice(place)) ? figures : undefined;
}

function isCommon(token: string): boolean {
  return token.length <= LONGEST_COMMON && COMMON.has(token);
}

function readApart(json: string): RecentShape & { readonly figures: string } {
  const figures: string[] = [];
  const between: string[] = [];
  const marks: number[] = [];
  let from = 0;
  let taken = 0;
  for (let at = 0; at < json.length; ) {
    const code = json.charCodeAt(at);
    if (code === QUOTE) at = endOfString(json, at);
    else if (code === MINUS || (code >= ZERO && code <= NINE)) {
      const end = endOfNumber(json, at);
      const token = json.slice(at, end);
      if (!isCommon(token)) {
        figures.push(token);
        between.push(json.slice(from, at));
        marks.push(at - taken);
        taken += token.length - MARK.length;
        from = end;
      }
      at = end;
    } else at += 1;
  }
  between.push(json.slice(from));
  // Joined and not added up: a text that was added up is read half as quickly.
  return { shape: between.join(MARK), marks, figures: figures.join(',') };
}

/** The place behind the string that begins at a place. */
function endOfString(json: string, start: number): number {
  let at = start + 1;
  for (let code = json.charCodeAt(at); code !== QUOTE; code = json.charCodeAt(at)) at += code === BACKSLASH ? 2 : 1;
  return at + 1;
}

/** The place behind the number that begins at a place: in JSON a comma or a bracket stands there. */
function endOfNumber(json: string, start: number): number {
  let at = start + 1;
  for (
    let code = json.charCodeAt(at);
    code !== COMMA && code !== BRACKET && code !== BRACE;
    code = json.charCodeAt(at)
  ) {
    at += 1;
  }
  return at;
}

/** The JSON that was taken apart. */
export function putTogether({ shape, figures }: DecisionShape): string {
  const rest = figures.split(',');
  let next = 0;
  return shape.replace(STRINGS_AND_MARKS, (token) => (token === MARK ? (rest[next++] ?? 'null') : token));
}
