import { BACKSLASH, BLANK, QUOTE } from './json-characters.ts';

const SMALL_U = 0x75;
/** What may stand behind a backslash, beside `u`. */
const ESCAPED = new Set([...'"\\/bfnrt'].map((character) => character.charCodeAt(0)));
/** The digits of an escape that begins with `u`. */
const HEX = /^[0-9A-Fa-f]{4}$/;

const ASCII = 0x7f;
/** Characters up to which a cut of a text is a copy; a longer one keeps the whole of it alive. */
const COPIED = 12;

/** Texts are written here one behind the other before they become one: what reads a piece does so in one go. Grows to the largest piece. */
let written = new Uint8Array(16 * 1024);
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * The insides of several JSON strings in a piece of a stream, put together while their ends are looked for: a text of its own for each of hundreds costs more than reading them.
 * One at a time, since all use the same memory.
 */
export class GatheredTexts {
  readonly #bytes: string;
  /** Where the first of them begins, and how many there are. */
  #first = 0;
  #count = 0;
  #kept = 0;
  #begin = 0;
  #length = 0;
  #isEscaped = false;

  /** `bytes`: the piece, a character a byte. */
  constructor(bytes: string) {
    this.#bytes = bytes;
    if (written.length < bytes.length) written = new Uint8Array(bytes.length);
  }

  /**
   * Reads the string whose inside begins at a place, and gives the place of the quote that ends it; -1 where there is none, or where something stands that can't be in a
   * string, or only as the rest of a character that the string before began.
   */
  read(from: number): number {
    const bytes = this.#bytes;
    this.#begin = from;
    let length = this.#kept;
    let isEscaped = this.#isEscaped;
    if ((bytes.charCodeAt(from) & 0xc0) === 0x80) return -1;
    for (let position = from; ; position += 1) {
      const code = bytes.charCodeAt(position);
      if (code === QUOTE) {
        this.#length = length;
        this.#isEscaped = isEscaped;
        return position;
      }
      // NaN behind the end.
      if (!(code >= BLANK)) return -1;
      if (code === BACKSLASH) {
        const next = bytes.charCodeAt(position + 1);
        if (next === SMALL_U ? !HEX.test(bytes.slice(position + 2, position + 6)) : !ESCAPED.has(next)) return -1;
        isEscaped = true;
        written[length] = code;
        length += 1;
        position += 1;
        written[length] = next;
      } else written[length] = code;
      length += 1;
    }
  }

  /** The string that was read last is one of them. */
  keep(): void {
    if (this.#count === 0) this.#first = this.#begin;
    this.#count += 1;
    this.#kept = this.#length;
  }

  /** All that were kept, as one text. */
  whole(): string {
    // As a rule one comes at a time, a word: no memory is decoded for it.
    if (this.#count === 1 && this.#kept <= COPIED && !this.#isEscaped && this.#isPlain())
      return this.#bytes.slice(this.#first, this.#first + this.#kept);
    const text = decoder.decode(written.subarray(0, this.#kept));
    return this.#isEscaped ? (JSON.parse(`"${text}"`) as string) : text;
  }

  #isPlain(): boolean {
    for (let position = 0; position < this.#kept; position += 1) if ((written[position] ?? 0) > ASCII) return false;
    return true;
  }
}
