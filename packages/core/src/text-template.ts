import { countWalked, endOfPlain, padded, type Row, rowOf, walk } from './event-row.ts';
import { knownPlace, rememberShape } from './event-shapes.ts';
import { GatheredTexts } from './gathered-texts.ts';
import { type JsonValue, parseJson } from './json.ts';
import { BACKSLASH, QUOTE } from './json-characters.ts';
import type { StreamPiece } from './stream-piece.ts';

/** Reads the text out of events that differ in nothing else that counts, without parsing them. Made per stream. */
export interface TextTemplate {
  /** The text of an event that is like the one last learned, undefined for any other. */
  match(data: string): string | undefined;
  /** What the field named by `counted` was in the event that matched last; undefined where the events have none. */
  count(): number | undefined;
  /**
   * The same for events that follow one another in a piece of a stream, from `from` on: each is `head` (the lines before its data and `data: `), an event like the
   * one last learned with some text in it, and an empty line. `take` gets their texts as one. Gives the place behind the last of them; `from`: there is none.
   */
  run(piece: StreamPiece, from: number, head: string, take: (text: string) => void): number;
  /** Takes an event as the pattern, whose one text was found by parsing it. */
  learn(data: string, text: string): void;
  /** Forgets the pattern: something came after which the same event would mean something else. */
  reset(): void;
}

interface Pattern {
  readonly before: Row;
  readonly behind: Row;
  /** The same where nothing varies. */
  readonly fixed: FixedPattern | undefined;
  /** Whether nothing but ASCII stands around the text: then it reads the same in bytes. */
  readonly isAscii: boolean;
}

/** What stands around a text, as long texts to be compared at once. They hold the lines before an event's data, which are as a rule the same for all of a stream. */
class FixedPattern {
  readonly #before: string;
  readonly #behind: string;
  #head: string | undefined;
  /** All that stands before the text. */
  opening = '';
  /** All that stands behind it. */
  readonly closing: string;
  /** All that stands between it and that of the next event. */
  between = '';

  constructor(before: Row, behind: Row) {
    this.#before = before.literals.join('');
    this.#behind = behind.literals.join('');
    // `join` writes a text in one piece; one that is added up is put together when it is first compared.
    this.closing = [this.#behind, EMPTY_LINE].join('');
  }

  under(head: string): this {
    if (head !== this.#head) {
      this.#head = head;
      this.opening = [head, this.#before].join('');
      this.between = [this.closing, this.opening].join('');
    }
    return this;
  }
}

/** Patterns learned in a row without a match after which no more are: each event differs in something else too. */
const FRUITLESS = 16;

/** A text that is in no event: it is made for each process. */
const PROBE = crypto.randomUUID();
const NOT_ASCII = /[^\0-\x7f]/;
const EMPTY_LINE = '\n\n';

/**
 * Most events of a stream are the same but for one piece of text, for fields such as a sequence number, which are named by `varying` and
 * whose values are passed over, and for blanks before the last bracket (padding). The pattern is taken from an event that was parsed;
 * another that fits it holds its text in the same place. Anything else (another field, another kind of value) is left to the parser: a match
 * is always what JSON.parse would have given. `counted`: the one of the varying fields whose value is wanted, a number.
 */
export function createTextTemplate(varying: readonly string[] = [], counted?: string): TextTemplate {
  return new RunningTemplate(varying, counted);
}

/** A class: every open stream has one, and would hold a closure for each of these. */
class RunningTemplate implements TextTemplate {
  readonly #varying: readonly string[];
  readonly #counted: string | undefined;
  #pattern: Pattern | undefined;
  #hasCount = false;
  #count = 0;
  #fruitless = 0;

  constructor(varying: readonly string[], counted: string | undefined) {
    this.#varying = varying;
    this.#counted = counted;
  }

  match(data: string): string | undefined {
    const pattern = this.#pattern;
    if (pattern === undefined) return undefined;
    const start = walk(data, 0, pattern.before);
    if (start === -1) return undefined;
    const plainEnd = endOfPlain(data, start);
    const isPlain = data.charCodeAt(plainEnd) === QUOTE;
    const end = isPlain ? plainEnd : endOfString(data, plainEnd);
    if (end === -1 || walk(data, end, pattern.behind) !== data.length) return undefined;
    const text = isPlain ? data.slice(start, end) : unescaped(data.slice(start - 1, end + 1));
    this.#count = countWalked();
    if (text !== undefined) this.#fruitless = 0;
    return text;
  }

  count(): number | undefined {
    return this.#pattern !== undefined && this.#hasCount ? this.#count : undefined;
  }

  run(piece: StreamPiece, from: number, head: string, take: (text: string) => void): number {
    const pattern = this.#pattern;
    if (pattern === undefined || !pattern.isAscii) return from;
    const { bytes } = piece;
    const texts = new GatheredTexts(bytes);
    const { before, behind } = pattern;
    const fixed = pattern.fixed?.under(head);
    let end = from;
    let start = beginOfText(bytes, from, head, before, fixed);
    while (start !== -1) {
      const textEnd = texts.read(start);
      // An event without text brings nothing: whoever reads it says so.
      if (textEnd === -1 || textEnd === start) break;
      if (fixed !== undefined && standsAt(bytes, fixed.between, textEnd)) {
        start = textEnd + fixed.between.length;
        end = start - fixed.opening.length;
        texts.keep();
        continue;
      }
      const eventEnd = endOfEvent(bytes, textEnd, behind, fixed);
      if (eventEnd === -1) break;
      texts.keep();
      end = eventEnd;
      start = beginOfText(bytes, end, head, before, fixed);
    }
    if (end > from) {
      this.#fruitless = 0;
      take(texts.whole());
    }
    return end;
  }

  reset(): void {
    this.#pattern = undefined;
  }

  learn(data: string, text: string): void {
    this.#pattern = undefined;
    if (this.#fruitless >= FRUITLESS) return;
    const known = knownPlace(data, text);
    const at = known ?? placeOf(data, text);
    if (at === undefined) return;
    this.#fruitless += 1;
    const end = at + JSON.stringify(text).length - 1;
    if (known === undefined) rememberShape(data, at, end);
    const before = rowOf(data.slice(0, at + 1), this.#varying, this.#counted);
    const behind = rowOf(data.slice(end), this.#varying, this.#counted);
    this.#hasCount = before.holes.includes('count') || behind.holes.includes('count');
    const isFixed = before.holes.length + behind.holes.length === 0;
    const fixed = isFixed ? new FixedPattern(before, behind) : undefined;
    const isAscii = !NOT_ASCII.test(data.slice(0, at)) && !NOT_ASCII.test(data.slice(end));
    this.#pattern = { before, behind: padded(behind.literals, behind.holes), fixed, isAscii };
  }
}

const standsAt = (bytes: string, text: string, place: number) => bytes.slice(place, place + text.length) === text;

/** Where the text of the event begins that begins at a place; -1: it is no event of the kind. */
function beginOfText(bytes: string, start: number, head: string, before: Row, fixed: FixedPattern | undefined): number {
  if (fixed !== undefined) return standsAt(bytes, fixed.opening, start) ? start + fixed.opening.length : -1;
  return standsAt(bytes, head, start) ? walk(bytes, start + head.length, before) : -1;
}

/** The place behind the event whose text ends at a place; -1: it goes on in another way. */
function endOfEvent(bytes: string, textEnd: number, behind: Row, fixed: FixedPattern | undefined): number {
  if (fixed !== undefined && standsAt(bytes, fixed.closing, textEnd)) return textEnd + fixed.closing.length;
  const last = walk(bytes, textEnd, behind);
  return last === -1 || !standsAt(bytes, EMPTY_LINE, last) ? -1 : last + EMPTY_LINE.length;
}

/**
 * Where the literal of an event's text begins; undefined where that can't be told for sure: the text must be written as JSON.stringify writes
 * it, stand in one place only, and be the one value of the event that has this text.
 */
function placeOf(data: string, text: string): number | undefined {
  const literal = JSON.stringify(text);
  const at = data.indexOf(literal);
  if (at === -1 || data.indexOf(literal, at + 1) !== -1) return undefined;
  // With another text in this place, the value is another, and only that one.
  const probe = parseJson(`${data.slice(0, at)}"${PROBE}"${data.slice(at + literal.length)}`);
  return countTexts(probe, PROBE) === 1 && countTexts(probe, text) === 0 ? at : undefined;
}

/** How many values of an event are this text. */
function countTexts(value: JsonValue | undefined, text: string): number {
  if (value === text) return 1;
  if (typeof value !== 'object' || value === null) return 0;
  let count = 0;
  for (const member of Object.values(value)) count += countTexts(member, text);
  return count;
}

/** The position of the quote that ends a string, from somewhere inside of it that is not behind a backslash; -1 where there is none. */
function endOfString(data: string, from: number): number {
  for (let position = from; position < data.length; position += 1) {
    const code = data.charCodeAt(position);
    if (code === QUOTE) return position;
    if (code === BACKSLASH) position += 1;
  }
  return -1;
}

function unescaped(literal: string): string | undefined {
  const value = parseJson(literal);
  return typeof value === 'string' ? value : undefined;
}
