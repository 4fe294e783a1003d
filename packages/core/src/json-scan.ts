import { BodyPieces, type ByteRange, type RequestBytes } from './request-bytes.ts';
import { membersOf } from './scan-pieces.ts';
import { decodeUtf8, encodeUtf8 } from './utf8.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const COLON = 0x3a;
const COMMA = 0x2c;

/** Where some top-level keys of a JSON object have their values. */
export interface TopLevelScan {
  readonly ranges: ReadonlyMap<string, ByteRange>;
  /** A key that was looked for and stands twice: readers disagree about which one counts. */
  readonly duplicate?: string | undefined;
}

/**
 * Finds the values of some top-level keys of a JSON object, without parsing it: one pass that knows strings and depth, so
 * that `"model":` inside a prompt is not the model. Returns `undefined` where the text is not an object.
 *
 * @example
 * ```ts
 * const scan = scanTopLevel(new TextEncoder().encode('{"model":"gpt-4","messages":[]}'), ['model']);
 * scan?.ranges.get('model'); // [9, 16]
 * ```
 */
export function scanTopLevel(bytes: RequestBytes, keys: readonly string[]): TopLevelScan | undefined {
  if (bytes instanceof BodyPieces) return scanPieces(bytes, keys);
  const ranges = new Map<string, ByteRange>();
  let duplicate: string | undefined;
  let position = skipBlank(bytes, 0);
  if (bytes[position] !== OPEN_BRACE) return undefined;
  position += 1;
  while (position < bytes.length) {
    position = skipBlank(bytes, position);
    const byte = bytes[position];
    if (byte === CLOSE_BRACE) return { ranges, duplicate };
    if (byte === COMMA) {
      position += 1;
      continue;
    }
    if (byte !== QUOTE) return undefined;
    const keyEnd = skipString(bytes, position);
    const key = matchKey(bytes, position, keyEnd, keys);
    position = skipBlank(bytes, keyEnd);
    if (bytes[position] !== COLON) return undefined;
    const start = skipBlank(bytes, position + 1);
    const end = skipValue(bytes, start);
    if (end === start) return undefined;
    if (key !== undefined) {
      if (ranges.has(key)) duplicate = key;
      ranges.set(key, [start, end]);
    }
    position = end;
  }
  return undefined;
}

function scanPieces(body: BodyPieces, keys: readonly string[]): TopLevelScan | undefined {
  const members = membersOf(body, (written) => matchKey(written, 0, written.length, keys));
  if (members === undefined) return undefined;
  const ranges = new Map<string, ByteRange>();
  let duplicate: string | undefined;
  for (const { key, value } of members) {
    if (ranges.has(key)) duplicate = key;
    ranges.set(key, value);
  }
  return { ranges, duplicate };
}

/** The bytes with one range replaced by other text. What stands in pieces is not copied. */
export function spliceBytes(bytes: Uint8Array, range: ByteRange, text: string): Uint8Array;
export function spliceBytes(bytes: RequestBytes, range: ByteRange, text: string): RequestBytes;
export function spliceBytes(bytes: RequestBytes, range: ByteRange, text: string): RequestBytes {
  const middle = encodeUtf8(text);
  if (bytes instanceof BodyPieces)
    return new BodyPieces([...bytes.between(0, range[0]), middle, ...bytes.between(range[1], bytes.length)]);
  const result = new Uint8Array(bytes.length - (range[1] - range[0]) + middle.length);
  result.set(bytes.subarray(0, range[0]), 0);
  result.set(middle, range[0]);
  result.set(bytes.subarray(range[1]), range[0] + middle.length);
  return result;
}

/** The JSON value in a range; undefined where it is not JSON. */
export function readRange(bytes: RequestBytes, range: ByteRange): unknown {
  try {
    return JSON.parse(decodeUtf8(bytesAt(bytes, range)));
  } catch {
    return undefined;
  }
}

/** The bytes of a range. */
export function bytesAt(bytes: RequestBytes, [start, end]: ByteRange): Uint8Array {
  return bytes instanceof BodyPieces ? bytes.slice(start, end) : bytes.subarray(start, end);
}

function skipBlank(bytes: Uint8Array, from: number): number {
  let position = from;
  for (;;) {
    const byte = bytes[position];
    if (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) position += 1;
    else return position;
  }
}

/** The position after a string that begins at `from`. */
function skipString(bytes: Uint8Array, from: number): number {
  let position = from + 1;
  for (;;) {
    // indexOf runs in native code: long strings (prompts, images) are passed at memory speed.
    const quote = bytes.indexOf(QUOTE, position);
    if (quote === -1) return bytes.length;
    let escapes = 0;
    while (bytes[quote - 1 - escapes] === BACKSLASH && quote - 1 - escapes > from) escapes += 1;
    if (escapes % 2 === 0) return quote + 1;
    position = quote + 1;
  }
}

function skipValue(bytes: Uint8Array, from: number): number {
  const first = bytes[from];
  if (first === QUOTE) return skipString(bytes, from);
  if (first === OPEN_BRACE || first === OPEN_BRACKET) {
    let depth = 0;
    let position = from;
    while (position < bytes.length) {
      const byte = bytes[position];
      if (byte === QUOTE) {
        position = skipString(bytes, position);
        continue;
      }
      if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth += 1;
      else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
        depth -= 1;
        if (depth === 0) return position + 1;
      }
      position += 1;
    }
    return bytes.length;
  }
  let position = from;
  while (position < bytes.length) {
    const byte = bytes[position];
    if (byte === COMMA || byte === CLOSE_BRACE || byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09)
      break;
    position += 1;
  }
  return position;
}

/** The key among `keys` that stands in quotes from `start` to `end`, escapes understood. */
function matchKey(bytes: Uint8Array, start: number, end: number, keys: readonly string[]): string | undefined {
  if (bytes.subarray(start, end).includes(BACKSLASH)) {
    const written = readRange(bytes, [start, end]);
    return keys.find((key) => key === written);
  }
  for (const key of keys) {
    if (key.length !== end - start - 2) continue;
    let same = true;
    for (let index = 0; index < key.length && same; index += 1)
      same = bytes[start + 1 + index] === key.charCodeAt(index);
    if (same) return key;
  }
  return undefined;
}
