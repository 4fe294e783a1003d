import { BodyPieces, type ByteRange, type RequestBytes } from './request-bytes.ts';

/** Texts of one length, and which of them is looked at first: they are mostly asked for in the order in which they came. */
interface SameLength {
  readonly places: number[];
  next: number;
}

/** So many texts of one length are compared with one that is looked for. */
const MOST_COMPARED = 4;
/** Stands for bytes that are no UTF-8. */
const NO_CHARACTER = '\ufffd';

/**
 * Long texts of a request as they are written in its bytes: who writes the request anew takes them over as they came, instead of escaping and encoding them once more. They are found by
 * what they say, so that it does not matter what became of the request in between.
 */
export class WrittenTexts {
  readonly #body: BodyPieces;
  readonly #texts: string[] = [];
  readonly #ranges: ByteRange[] = [];
  #byLength: Map<number, SameLength> | undefined;

  constructor(body: BodyPieces) {
    this.#body = body;
  }

  /** Notes texts, and where each of them is written. */
  add(texts: readonly string[], ranges: readonly ByteRange[]): void {
    for (const text of texts) this.#texts.push(text);
    for (const range of ranges) this.#ranges.push(range);
  }

  /** Where a text is written, quotation marks and all, as valid JSON in UTF-8; `undefined` where it is not known to be. */
  find(text: string): ByteRange | undefined {
    this.#byLength ??= byLength(this.#texts);
    const same = this.#byLength.get(text.length);
    if (same === undefined) return undefined;
    const { places } = same;
    for (let turn = 0; turn < MOST_COMPARED && turn < places.length; turn += 1) {
      const index: number = (same.next + turn) % places.length;
      const place = places[index] ?? 0;
      if (this.#texts[place] !== text) continue;
      same.next = index + 1;
      return text.includes(NO_CHARACTER) ? undefined : this.#ranges[place];
    }
    return undefined;
  }

  /** Copies what stands in a range to a place in other bytes. */
  copy([start, end]: ByteRange, target: Uint8Array, at: number): void {
    let to = at;
    for (const piece of this.#body.between(start, end)) {
      target.set(piece, to);
      to += piece.length;
    }
  }
}

function byLength(texts: readonly string[]): Map<number, SameLength> {
  const found = new Map<number, SameLength>();
  for (const [place, { length }] of texts.entries()) {
    const same = found.get(length);
    if (same === undefined) found.set(length, { places: [place], next: 0 });
    else same.places.push(place);
  }
  return found;
}

const known = new WeakMap<RequestBytes, WrittenTexts>();

/**
 * What is known of a body's long texts (256 bytes and more, in lists at its top) since it was parsed by `parseRequest`; `undefined`: it has none, is
 * smaller than 64 KB, or its head had not been scanned.
 *
 * @example
 * ```ts
 * const parsed = parseRequest(body);
 * writtenTexts(body)?.find(longPrompt); // [31, 1_204]: quotation marks and all
 * ```
 */
export function writtenTexts(body: RequestBytes): WrittenTexts | undefined {
  return known.get(body);
}

/** The same, to be filled while it is parsed. */
export function newWrittenTexts(bytes: RequestBytes): WrittenTexts {
  const texts = new WrittenTexts(bytes instanceof BodyPieces ? bytes : new BodyPieces([bytes]));
  known.set(bytes, texts);
  return texts;
}
