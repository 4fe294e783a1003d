import {
  type ByteRange,
  encodeUtf8,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type WrittenTexts,
} from '@signalbox/core';

/** An object that is nested deeper is left to the engine, which has its own limit. */
const DEEPEST = 100;
/** Up to so many characters a regular expression is quicker than counting bytes: it ends at the first that is not ASCII. */
const SHORT = 4_096;
/** Characters of a text that is looked for where it came from: a shorter one is as soon written. */
const LEAST_COPIED = 64;
const NOT_ASCII = /[^\0-\x7f]/;
/** Texts of up to so many characters are encoded in memory that is used again. */
const SCRATCH_CHARACTERS = 64 * 1024;
/** UTF-8 needs at most three bytes for a unit of UTF-16. */
const MOST_BYTES = 3;
let scratch = Buffer.alloc(0);

/**
 * What `JSON.stringify` writes, as UTF-8.
 *
 * One character beyond Latin-1 (a dash, a curly quotation mark) makes V8 write the whole of a JSON text at two bytes a character, which takes three times as long,
 * and count it before it is encoded. So each such string is encoded first, and its bytes are given to JSON.stringify as characters: JSON's own signs are
 * ASCII, and no byte of another character is. What comes out, one byte a character, is the UTF-8 of the whole.
 *
 * Texts that stand as they are in the bytes that the request came in (`written`) are neither escaped nor encoded, but copied from there; something short stands for each in what
 * JSON.stringify writes. Where they are written with escapes that are not needed, they are so here.
 */
export function jsonBytes(body: JsonObject, written?: WrittenTexts): Uint8Array {
  const narrowing = new Narrowing(written);
  const narrowed = narrowing.object(body, 0);
  if (!narrowing.fits) return encodeUtf8(JSON.stringify(body));
  const frame = Buffer.from(JSON.stringify(narrowed), 'latin1');
  if (written === undefined || narrowing.ranges.length === 0) return frame;
  return filled(frame, narrowing.ranges, written) ?? jsonBytes(body);
}

/** What begins a text that stands for another one, and how JSON.stringify writes it. */
const MARK = '\0';
const WRITTEN_MARK = Buffer.from('"\\u0000');
const QUOTE = 0x22;
const ZERO = 0x30;

/** What was written, with texts in the places of their marks; `undefined` where there are others that look like them. */
function filled(frame: Buffer, ranges: readonly ByteRange[], written: WrittenTexts): Uint8Array | undefined {
  const bytes = Buffer.allocUnsafe(ranges.reduce((sum, [start, end]) => sum + end - start, frame.length));
  let from = 0;
  let at = 0;
  for (const [number, range] of ranges.entries()) {
    const mark = frame.indexOf(WRITTEN_MARK, from);
    const end = endOfMark(frame, mark, number);
    if (end === undefined) return undefined;
    at += frame.copy(bytes, at, from, mark);
    written.copy(range, bytes, at);
    at += range[1] - range[0];
    from = end;
  }
  if (frame.indexOf(WRITTEN_MARK, from) !== -1) return undefined;
  at += frame.copy(bytes, at, from);
  return bytes.subarray(0, at);
}

/** The place behind the mark of a number. */
function endOfMark(frame: Buffer, start: number, number: number): number | undefined {
  if (start === -1) return undefined;
  let at = start + WRITTEN_MARK.length;
  let read = 0;
  for (; frame[at] !== QUOTE; at += 1) {
    const digit = (frame[at] ?? 0) - ZERO;
    if (digit < 0 || digit > 9) return undefined;
    read = read * 10 + digit;
  }
  return read === number ? at + 1 : undefined;
}

/** Copies values in which there is a string beyond ASCII, with the bytes of each as characters. */
class Narrowing {
  /** Whether JSON.stringify says the same of the copy: not of half a surrogate pair, for one, which it writes as an escape. */
  fits = true;
  /** Where the texts are written that something short stands for. */
  readonly ranges: ByteRange[] = [];
  readonly #written: WrittenTexts | undefined;

  constructor(written: WrittenTexts | undefined) {
    this.#written = written;
  }

  object(object: JsonObject, depth: number): JsonObject {
    let copy: JsonObject | undefined;
    const keys = Object.keys(object);
    for (let place = 0; place < keys.length; place += 1) {
      const key = keys[place] ?? '';
      const value = object[key];
      // Assigning it would not make a member.
      if (key === '__proto__') this.fits = false;
      const name = this.#text(key);
      const narrowed = value === undefined ? undefined : this.#value(value, depth);
      if (copy === undefined && (name !== key || narrowed !== value)) copy = firstOf(object, keys, place);
      if (copy !== undefined) copy[name] = narrowed;
    }
    return copy ?? object;
  }

  #value(value: JsonValue, depth: number): JsonValue {
    if (typeof value === 'string') return this.#mark(value) ?? this.#text(value);
    if (typeof value !== 'object' || value === null) return value;
    if (depth === DEEPEST) {
      this.fits = false;
      return value;
    }
    return isJsonObject(value) ? this.object(value, depth + 1) : this.#list(value, depth + 1);
  }

  #list(list: readonly JsonValue[], depth: number): readonly JsonValue[] {
    let copy: JsonValue[] | undefined;
    for (let place = 0; place < list.length; place += 1) {
      const value = list[place] as JsonValue;
      const narrowed = this.#value(value, depth);
      if (narrowed !== value) {
        copy ??= [...list];
        copy[place] = narrowed;
      }
    }
    return copy ?? list;
  }

  /** What stands for a text that need not be written. */
  #mark(text: string): string | undefined {
    if (this.#written === undefined || text.length < LEAST_COPIED) return undefined;
    const range = this.#written.find(text);
    if (range === undefined) return undefined;
    this.ranges.push(range);
    return MARK + (this.ranges.length - 1);
  }

  #text(text: string): string {
    if (text.length <= SHORT ? !NOT_ASCII.test(text) : Buffer.byteLength(text) === text.length) return text;
    if (!text.isWellFormed()) this.fits = false;
    return bytesAsCharacters(text);
  }
}

/** The members before a place. */
function firstOf(object: JsonObject, keys: readonly string[], end: number): JsonObject {
  const copy: JsonObject = {};
  for (let place = 0; place < end; place += 1) {
    const key = keys[place] ?? '';
    copy[key] = object[key];
  }
  return copy;
}

/** A text whose characters are the bytes of another one's UTF-8. */
function bytesAsCharacters(text: string): string {
  if (text.length > SCRATCH_CHARACTERS) return Buffer.from(text, 'utf8').toString('latin1');
  if (scratch.length === 0) scratch = Buffer.alloc(SCRATCH_CHARACTERS * MOST_BYTES);
  return scratch.toString('latin1', 0, scratch.write(text, 0, 'utf8'));
}
