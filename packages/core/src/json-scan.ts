import { BACKSLASH } from './json-characters.ts';
import { BodyPieces, type ByteRange, type RequestBytes } from './request-bytes.ts';
import { type Member, visitMembers } from './scan-pieces.ts';
import { decodeUtf8, encodeUtf8 } from './utf8.ts';

/** Where some top-level keys of a JSON object have their values. */
export interface TopLevelScan {
  readonly ranges: ReadonlyMap<string, ByteRange>;
  /** A key that was looked for and stands twice, the first of them in the order in which they were asked for: readers disagree about which one counts. */
  readonly duplicate?: string | undefined;
  /** How the first key is written where it differs in its case alone. Some readers take it for the same (Go's `encoding/json`, and so Ollama). */
  readonly alike?: string | undefined;
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
  const ranges = new Map<string, ByteRange>();
  let twice: Set<string> | undefined;
  let alike: string | undefined;
  const look = (written: Uint8Array, value: ByteRange) => {
    const key = matchKey(written, keys);
    if (key === undefined) {
      alike ??= alikeTo(keys[0], written);
      return;
    }
    if (ranges.has(key)) {
      twice ??= new Set();
      twice.add(key);
    }
    ranges.set(key, value);
  };
  const before = scanned.get(bytes);
  if (before !== undefined) for (const { written, value } of before) look(written, value);
  else if (!scan(bytes, look)) return undefined;
  return { ranges, duplicate: twice && keys.find((key) => twice?.has(key)), alike };
}

/** Smaller bodies are scanned again as quickly as they are looked up. */
const LARGE_BYTES = 8 * 1024;
const MOST_MEMBERS = 64;
/** The members of large bodies: who edits a body before it is sent looks for other fields than who reads its head. */
const scanned = new WeakMap<RequestBytes, readonly Member[]>();

/** Shows all members at the top, and remembers them where they are worth it. `false` where there is no object. */
function scan(bytes: RequestBytes, look: (written: Uint8Array, value: ByteRange) => void): boolean {
  const body = bytes instanceof BodyPieces ? bytes : new BodyPieces([bytes]);
  if (bytes.length < LARGE_BYTES) return visitMembers(body, look);
  const members: Member[] = [];
  let count = 0;
  const isObject = visitMembers(body, (written, value, cuts, texts) => {
    look(written, value);
    count += 1;
    if (count <= MOST_MEMBERS) members.push({ written, value, cuts, texts });
  });
  if (isObject && count <= MOST_MEMBERS) scanned.set(bytes, members);
  return isObject;
}

/** The members of a large body that was scanned before; `undefined` where nothing is remembered of it. */
export function scannedMembers(bytes: RequestBytes): readonly Member[] | undefined {
  return scanned.get(bytes);
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

/** The key among `keys` that is written so, quotes and all, escapes understood. */
function matchKey(written: Uint8Array, keys: readonly string[]): string | undefined {
  const length = written.length - 2;
  for (let index = 1; index <= length; index += 1) {
    if (written[index] !== BACKSLASH) continue;
    const read = readRange(written, [0, written.length]);
    return keys.find((key) => key === read);
  }
  for (const key of keys) if (key.length === length && isWritten(written, key)) return key;
  return undefined;
}

/** A key as it is written, where it is another but for the case of its letters. */
function alikeTo(key: string | undefined, written: Uint8Array): string | undefined {
  if (key === undefined || written.length < key.length + 2) return undefined;
  const isEscaped = written.includes(BACKSLASH);
  if (!isEscaped && written.length !== key.length + 2) return undefined;
  const read = isEscaped ? readRange(written, [0, written.length]) : decodeUtf8(written.subarray(1, -1));
  return typeof read === 'string' && read.toLowerCase() === key.toLowerCase() ? read : undefined;
}

function isWritten(written: Uint8Array, key: string): boolean {
  for (let index = 0; index < key.length; index += 1) if (written[index + 1] !== key.charCodeAt(index)) return false;
  return true;
}
