import { decodeUtf8 } from './utf8.ts';

/** Byte range of a JSON value. */
export type ByteRange = readonly [start: number, end: number];

/**
 * The bytes of a request: in one, or in the pieces in which they came. A large body goes on piece by piece: putting it together would copy it, and what is allocated
 * for that makes the collector walk over everything else.
 */
export type RequestBytes = Uint8Array | BodyPieces;

/** Bytes in pieces. None of them may be changed. */
export class BodyPieces {
  readonly pieces: readonly Uint8Array[];
  readonly length: number;
  #whole: Uint8Array | undefined;
  /** A piece, and where it begins: whoever goes through a body asks for one place behind the other. */
  #near = 0;
  #nearAt = 0;

  constructor(pieces: readonly Uint8Array[]) {
    this.pieces = pieces;
    this.length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  }

  /** All of it in one; put together when it is first asked for. */
  get whole(): Uint8Array {
    this.#whole ??= joined(this.pieces, this.length);
    return this.#whole;
  }

  /** From `start` to before `end`, as pieces; nothing is copied. */
  between(start: number, end: number): readonly Uint8Array[] {
    const found: Uint8Array[] = [];
    const { pieces } = this;
    const isBehind = start >= this.#nearAt;
    let at = isBehind ? this.#nearAt : 0;
    for (let index = isBehind ? this.#near : 0; index < pieces.length && at < end; index += 1) {
      const piece = pieces[index] as Uint8Array;
      const after = at + piece.length;
      if (after > start) {
        if (found.length === 0) {
          this.#near = index;
          this.#nearAt = at;
        }
        found.push(piece.subarray(Math.max(0, start - at), Math.min(piece.length, end - at)));
      }
      at = after;
    }
    return found;
  }

  /** The same in one: copied only where it stands in several pieces. */
  slice(start: number, end: number): Uint8Array {
    const found = this.between(start, end);
    return found.length === 1 && found[0] !== undefined ? found[0] : joined(found, end - start);
  }
}

/** A request's bytes in one. */
export function wholeBytes(bytes: RequestBytes): Uint8Array {
  return bytes instanceof BodyPieces ? bytes.whole : bytes;
}

/** More is put together anew each time: what is kept for the next one stays in memory. */
const LARGEST_KEPT = 4 * 1024 * 1024;
let scratch = new Uint8Array();

/** A request's bytes as text. */
export function requestText(bytes: RequestBytes): string {
  return bytes instanceof BodyPieces ? textOfPieces(bytes.pieces, bytes.length) : decodeUtf8(bytes);
}

/**
 * Pieces of `length` bytes in all as one text. They are put together where the last ones were: memory that is asked for outside of the engine's heap, for each request anew, makes the collector
 * walk over everything else.
 */
export function textOfPieces(pieces: readonly Uint8Array[], length: number): string {
  if (length > LARGEST_KEPT) return decodeUtf8(joined(pieces, length));
  if (scratch.length < length) scratch = new Uint8Array(Math.min(LARGEST_KEPT, 2 * length));
  return decodeUtf8(laidInto(scratch, pieces).subarray(0, length));
}

function joined(pieces: readonly Uint8Array[], length: number): Uint8Array {
  return laidInto(new Uint8Array(length), pieces);
}

function laidInto(whole: Uint8Array, pieces: readonly Uint8Array[]): Uint8Array {
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
