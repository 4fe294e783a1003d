import type { BodyPieces, ByteRange } from './request-bytes.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const COLON = 0x3a;
const COMMA = 0x2c;

type State = 'object' | 'member' | 'key' | 'colon' | 'value' | 'string' | 'nested' | 'plain';

/** A member at the top of the object, and where its value stands. */
export interface Member {
  readonly key: string;
  readonly value: ByteRange;
}

/**
 * The members at the top of a JSON object that stands in pieces, in one pass. `wanted` says what a key is called, quotes and all, where its member is looked for.
 * `undefined` where the text is no object.
 */
export function membersOf(
  body: BodyPieces,
  wanted: (written: Uint8Array) => string | undefined,
): readonly Member[] | undefined {
  const members: Member[] = [];
  let key: string | undefined;
  let state: State = 'object';
  let base = 0;
  let keyStart = 0;
  let start = 0;
  let depth = 0;
  let inString = false;
  /** Whether an odd number of backslashes stands before the next byte of a string. */
  let escaped = false;

  for (const piece of body.pieces) {
    let position = 0;

    /** Goes on in a string to behind its end; `false` where the piece ends before it. */
    const passString = (): boolean => {
      for (;;) {
        const quote = piece.indexOf(QUOTE, position);
        const until = quote === -1 ? piece.length : quote;
        let escapes = 0;
        while (until - 1 - escapes >= position && piece[until - 1 - escapes] === BACKSLASH) escapes += 1;
        // All that was passed here are backslashes: those before them count, too.
        const odd: boolean = (escapes % 2 === 1) !== (escaped && escapes === until - position);
        escaped = quote === -1 && odd;
        position = quote === -1 ? piece.length : quote + 1;
        if (quote === -1) return false;
        if (!odd) return true;
      }
    };
    const endValue = (end: number) => {
      if (key !== undefined) members.push({ key, value: [start, end] });
      state = 'member';
    };

    while (position < piece.length) {
      if (inString) {
        if (!passString()) break;
        inString = false;
        if (state === 'key') {
          const inPiece = keyStart >= base;
          key = wanted(inPiece ? piece.subarray(keyStart - base, position) : body.slice(keyStart, base + position));
          state = 'colon';
        } else if (state === 'string') endValue(base + position);
        continue;
      }
      const byte = piece[position];
      if (state === 'nested') {
        position += 1;
        if (byte === QUOTE) inString = true;
        else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth += 1;
        else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
          depth -= 1;
          if (depth === 0) endValue(base + position);
        }
        continue;
      }
      const blank = byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
      if (state === 'plain') {
        if (blank || byte === COMMA || byte === CLOSE_BRACE) endValue(base + position);
        else position += 1;
        continue;
      }
      if (blank) {
        position += 1;
        continue;
      }
      if (state === 'member' && byte === CLOSE_BRACE) return members;
      if (state === 'value') {
        start = base + position;
        if (byte === COMMA || byte === CLOSE_BRACE) return undefined;
        if (byte === QUOTE) {
          state = 'string';
          inString = true;
        } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
          state = 'nested';
          depth = 1;
        } else state = 'plain';
      } else if (state === 'object' && byte === OPEN_BRACE) state = 'member';
      else if (state === 'member' && byte === QUOTE) {
        keyStart = base + position;
        state = 'key';
        inString = true;
      } else if (state === 'colon' && byte === COLON) state = 'value';
      else if (state !== 'member' || byte !== COMMA) return undefined;
      position += 1;
    }
    base += piece.length;
  }
  return undefined;
}
