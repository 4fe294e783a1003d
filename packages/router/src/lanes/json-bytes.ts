import { encodeUtf8, isJsonObject, type JsonObject, type JsonValue } from '@signalbox/core';

/** An object that is nested deeper is left to the engine, which has its own limit. */
const DEEPEST = 100;
/** Up to so many characters a regular expression is quicker than counting bytes: it ends at the first that is not ASCII. */
const SHORT = 4_096;
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
 */
export function jsonBytes(body: JsonObject): Uint8Array {
  const narrowing = new Narrowing();
  const narrowed = narrowing.object(body, 0);
  return narrowing.fits ? Buffer.from(JSON.stringify(narrowed), 'latin1') : encodeUtf8(JSON.stringify(body));
}

/** Copies values in which there is a string beyond ASCII, with the bytes of each as characters. */
class Narrowing {
  /** Whether JSON.stringify says the same of the copy: not of half a surrogate pair, for one, which it writes as an escape. */
  fits = true;

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
    if (typeof value === 'string') return this.#text(value);
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
