import {
  BACKSLASH,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
} from './json-characters.ts';
import type { BodyPieces, ByteRange } from './request-bytes.ts';

const NO_KEY = new Uint8Array();

type State = 'object' | 'member' | 'key' | 'colon' | 'value' | 'string' | 'nested' | 'plain';

/** A member at the top of the object. */
export interface Member {
  /** Its key as it is written, quotes and all. */
  readonly written: Uint8Array;
  /** Where its value stands. */
  readonly value: ByteRange;
  /** Of a long list: where commas between its items stand, each at least `PART_BYTES` behind the one before. */
  readonly cuts?: readonly number[] | undefined;
  /** Of a list: where each text of `LONG_TEXT` bytes and more in it begins and ends, quotation marks and all; one after the other, names of members among them. */
  readonly texts?: readonly number[] | undefined;
}

/** Bytes of a text that is worth more than the others: whoever reads the list may read it apart. */
const LONG_TEXT = 256;

/** Bytes of a list that whoever reads a long one part by part reads at once. */
const PART_BYTES = 32 * 1024;

/** Where a scan stands between two pieces. */
interface Place {
  state: State;
  /** Brackets that are open inside a member's value. */
  depth: number;
  inString: boolean;
  /** Whether an odd number of backslashes stands before the next byte of a string. */
  escaped: boolean;
  /** As in `Member`, of the list that the scan is in; absent: it is in an object. */
  cuts: number[] | undefined;
  /** From where on the next cut may be. */
  nextCut: number;
  /** As in `Member`, of that list. */
  texts: number[] | undefined;
  /** Where the string begins that the scan is in. */
  textStart: number;
}

/** Bytes of a string that are looked at one by one before its end is searched for: most are short, and to ask the engine costs more than they have. */
const SHORT = 24;

/**
 * Shows the members at the top of a JSON object that stands in pieces, in one pass: `take` may keep what it is shown. `false` where the text is no object.
 */
export function visitMembers(
  body: BodyPieces,
  take: (written: Uint8Array, value: ByteRange, cuts?: readonly number[], texts?: readonly number[]) => void,
): boolean {
  const place: Place = {
    state: 'object',
    depth: 0,
    inString: false,
    escaped: false,
    cuts: undefined,
    nextCut: 0,
    texts: undefined,
    textStart: 0,
  };
  let key: Uint8Array = NO_KEY;
  let base = 0;
  let keyStart = 0;
  let start = 0;

  for (const piece of body.pieces) {
    let position = 0;
    while (position < piece.length) {
      if (place.state === 'nested') {
        position = passNested(piece, position, base, place);
        if (place.depth > 0) break;
        take(key, [start, base + position], place.cuts, place.texts);
        place.state = 'member';
        continue;
      }
      if (place.inString) {
        position = passString(piece, position, place);
        if (place.inString) break;
        if (place.state === 'key') {
          const inPiece = keyStart >= base;
          key = inPiece ? piece.subarray(keyStart - base, position) : body.slice(keyStart, base + position);
          place.state = 'colon';
        } else {
          take(key, [start, base + position]);
          place.state = 'member';
        }
        continue;
      }
      const byte = piece[position];
      const blank = byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
      if (place.state === 'plain') {
        if (blank || byte === COMMA || byte === CLOSE_BRACE) {
          take(key, [start, base + position]);
          place.state = 'member';
        } else position += 1;
        continue;
      }
      if (blank) {
        position += 1;
        continue;
      }
      if (place.state === 'member' && byte === CLOSE_BRACE) return true;
      if (place.state === 'value') {
        start = base + position;
        if (byte === COMMA || byte === CLOSE_BRACE) return false;
        if (byte === QUOTE) {
          place.state = 'string';
          place.inString = true;
        } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
          place.state = 'nested';
          place.depth = 1;
          place.cuts = byte === OPEN_BRACKET ? [] : undefined;
          place.nextCut = start + PART_BYTES;
          place.texts = byte === OPEN_BRACKET ? [] : undefined;
        } else place.state = 'plain';
      } else if (place.state === 'object' && byte === OPEN_BRACE) place.state = 'member';
      else if (place.state === 'member' && byte === QUOTE) {
        keyStart = base + position;
        place.state = 'key';
        place.inString = true;
      } else if (place.state === 'colon' && byte === COLON) place.state = 'value';
      else if (place.state !== 'member' || byte !== COMMA) return false;
      position += 1;
    }
    base += piece.length;
  }
  return false;
}

/** Goes on in a string to behind its end, or to the end of the piece: then `inString` stays. */
function passString(piece: Uint8Array, from: number, place: Place): number {
  let position = place.escaped ? from + 1 : from;
  place.escaped = false;
  const near = Math.min(position + SHORT, piece.length);
  while (position < near) {
    const byte = piece[position];
    if (byte === QUOTE) {
      place.inString = false;
      return position + 1;
    }
    position += byte === BACKSLASH ? 2 : 1;
  }
  while (position < piece.length) {
    const quote = piece.indexOf(QUOTE, position);
    const until = quote === -1 ? piece.length : quote;
    let before = until;
    while (before > position && piece[before - 1] === BACKSLASH) before -= 1;
    const odd = (until - before) % 2 === 1;
    if (quote === -1) {
      place.escaped = odd;
      return piece.length;
    }
    position = quote + 1;
    if (!odd) {
      place.inString = false;
      return position;
    }
  }
  // A backslash was the last byte: what it stands before is in the next piece.
  place.escaped = position > piece.length;
  return piece.length;
}

/** Goes on inside brackets to behind the last that closes, or to the end of the piece: then `depth` is not 0. */
function passNested(piece: Uint8Array, from: number, base: number, place: Place): number {
  let position = from;
  let { depth } = place;
  while (position < piece.length) {
    if (place.inString) {
      position = passString(piece, position, place);
      if (!place.inString && base + position - place.textStart >= LONG_TEXT)
        place.texts?.push(place.textStart, base + position);
      continue;
    }
    const byte = piece[position];
    position += 1;
    if (byte === QUOTE) {
      place.inString = true;
      place.textStart = base + position - 1;
    } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth += 1;
    else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
      depth -= 1;
      if (depth === 0) break;
    } else if (byte === COMMA && depth === 1 && base + position > place.nextCut) {
      place.cuts?.push(base + position - 1);
      place.nextCut = base + position + PART_BYTES;
    }
  }
  place.depth = depth;
  return position;
}
