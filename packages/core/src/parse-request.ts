import { asObject, type JsonObject, type JsonValue, parseJson } from './json.ts';
import { readRange, scannedMembers } from './json-scan.ts';
import { parsePartWithTexts } from './parse-part.ts';
import { BodyPieces, type ByteRange, type RequestBytes, requestText, textOfPieces } from './request-bytes.ts';
import type { Member } from './scan-pieces.ts';
import { encodeUtf8 } from './utf8.ts';
import { newWrittenTexts, type WrittenTexts } from './written-texts.ts';

const OPEN = encodeUtf8('[');
const CLOSE = encodeUtf8(']');
const EMPTY = encodeUtf8('[]');
const CLOSE_BRACKET = 0x5d;
/** In smaller bodies to read long texts apart takes as long as it spares. */
const LEAST_WITH_TEXTS = 64 * 1024;
const NONE: readonly number[] = [];

interface LongList {
  readonly key: string;
  readonly start: number;
  readonly end: number;
  readonly cuts: readonly number[];
  readonly texts: readonly number[];
}

/**
 * The body of a request as JSON; `undefined` when it is none. The same as the parser makes of its text.
 *
 * Long lists at the top of a body whose head was scanned (`scanTopLevel`) are parsed part by part. A text of a megabyte lies outside of the engine's heap, at two bytes a character as soon as one
 * is no Latin letter, and to have it collected walks over everything else; a part is small, soon gone, and mostly ASCII.
 * From 64 KB on their long texts are parsed apart, and it is remembered where they are written (`writtenTexts`).
 *
 * @example
 * ```ts
 * parseRequest(encodeUtf8('{"model":"gpt-4o"}')); // { model: 'gpt-4o' }
 * ```
 */
export function parseRequest(bytes: RequestBytes): JsonValue | undefined {
  const lists = longLists(scannedMembers(bytes) ?? [], bytes.length >= LEAST_WITH_TEXTS);
  if (lists === undefined || lists.length === 0) return parseJson(requestText(bytes));
  const body = bytes instanceof BodyPieces ? bytes : new BodyPieces([bytes]);
  const object = asObject(parseJson(frameText(body, lists)));
  if (object === undefined) return undefined;
  const written = newWrittenTexts(bytes);
  return lists.every((list) => fill(object, body, list, written)) ? object : undefined;
}

/** The lists that are worth it; `undefined` where a name stands twice, since the parser takes the last. */
function longLists(members: readonly Member[], withTexts: boolean): readonly LongList[] | undefined {
  const lists: LongList[] = [];
  const keys = new Set<unknown>();
  for (const { written, value, cuts = NONE, texts: long = NONE } of members) {
    const texts = withTexts ? long : NONE;
    const key = readRange(written, [0, written.length]);
    if (typeof key !== 'string' || keys.has(key)) return undefined;
    keys.add(key);
    if (cuts.length > 0 || texts.length > 0) lists.push({ key, start: value[0], end: value[1], cuts, texts });
  }
  return lists;
}

/** The body with nothing in its long lists. */
function frameText(body: BodyPieces, lists: readonly LongList[]): string {
  const pieces: Uint8Array[] = [];
  let at = 0;
  for (const { start, end } of lists) {
    pieces.push(...body.between(at, start), EMPTY);
    at = end;
  }
  pieces.push(...body.between(at, body.length));
  return textOfPieces(
    pieces,
    pieces.reduce((sum, piece) => sum + piece.length, 0),
  );
}

/** Parses the items of a list; `false` where they are no JSON. Between two commas stands an item: parts that are lists of their own make one list. */
function fill(
  object: JsonObject,
  body: BodyPieces,
  { key, start, end, cuts, texts }: LongList,
  written: WrittenTexts,
): boolean {
  const list = object[key];
  if (!Array.isArray(list) || body.slice(end - 1, end)[0] !== CLOSE_BRACKET) return false;
  let from = start + 1;
  let text = 0;
  for (let index = 0; index <= cuts.length; index += 1) {
    const to = cuts[index] ?? end - 1;
    const firstText = text;
    while (text < texts.length && (texts[text] ?? 0) < to) text += 2;
    const part = parsePart(body, [from, to], texts.slice(firstText, text), written);
    if (!Array.isArray(part) || part.length === 0) return false;
    for (const item of part) list.push(item);
    from = to + 1;
  }
  return true;
}

function parsePart(body: BodyPieces, range: ByteRange, texts: readonly number[], written: WrittenTexts) {
  const [from, to] = range;
  return (
    (texts.length === 0 ? undefined : parsePartWithTexts(body, range, texts, written)) ??
    parseJson(textOfPieces([OPEN, ...body.between(from, to), CLOSE], to - from + 2))
  );
}
