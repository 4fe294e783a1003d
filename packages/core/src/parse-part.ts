import { DEEPEST_JSON, isJsonObject, type JsonObject, type JsonValue, parseJson } from './json.ts';
import { CLOSE_BRACKET, COLON, COMMA, OPEN_BRACKET, QUOTE, ZERO } from './json-characters.ts';
import type { BodyPieces, ByteRange } from './request-bytes.ts';
import { decodeUtf8, encodeUtf8 } from './utf8.ts';
import type { WrittenTexts } from './written-texts.ts';

/** A longer part is parsed as it is: what is kept for the next one stays in memory. */
const LONGEST = 256 * 1024;
/** What begins a text that stands for another one, as it is written and as it is read; two digits of its number follow. */
const MARK = '\\u0000';
const MARK_BYTES = encodeUtf8(MARK);
const MARK_CODE = 0;
/** Digits that need no escape, each a character. */
const BASE = 32;
const MOST_MARKS = BASE * BASE;
let scratch = new Uint8Array();

/**
 * The items between two places of a list, parsed with the long texts in them (`ranges`, one after the other) apart: what is left is short and mostly ASCII, and it is known where each long
 * text is written. `undefined` where that can't be done, be it that they are no JSON.
 */
export function parsePartWithTexts(
  body: BodyPieces,
  [from, to]: ByteRange,
  ranges: readonly number[],
  written: WrittenTexts,
): readonly JsonValue[] | undefined {
  const length = to - from;
  if (length > LONGEST || ranges.length > 2 * MOST_MARKS) return undefined;
  // The part, what is left of it, and its texts: one behind the other. A mark is shorter than the text that it stands for.
  const start = length;
  const textsStart = 2 * length + 2;
  if (scratch.length < 3 * length + 4) scratch = new Uint8Array(3 * length + 4);
  let laid = 0;
  for (const piece of body.between(from, to)) {
    scratch.set(piece, laid);
    laid += piece.length;
  }
  const places: ByteRange[] = [];
  let at = 0;
  let end = start;
  let textsEnd = textsStart;
  scratch[end++] = OPEN_BRACKET;
  for (let index = 0; index < ranges.length; index += 2) {
    const range: ByteRange = [ranges[index] ?? 0, ranges[index + 1] ?? 0];
    const textStart = range[0] - from;
    const textEnd = range[1] - from;
    if (isName(textEnd, length)) continue;
    scratch.copyWithin(end, at, textStart);
    end = writeMark(end + textStart - at, places.length);
    scratch[textsEnd++] = places.length === 0 ? OPEN_BRACKET : COMMA;
    scratch.copyWithin(textsEnd, textStart, textEnd);
    textsEnd += textEnd - textStart;
    at = textEnd;
    places.push(range);
  }
  scratch.copyWithin(end, at, length);
  end += length - at;
  scratch[end++] = CLOSE_BRACKET;
  scratch[textsEnd++] = CLOSE_BRACKET;
  const left = decodeUtf8(scratch.subarray(start, end));
  // Another text that begins so would be taken for a mark.
  if (places.length === 0 || count(left, MARK) !== places.length) return undefined;
  const items = parseJson(left);
  const texts = parseJson(decodeUtf8(scratch.subarray(textsStart, textsEnd)));
  if (!Array.isArray(items) || !Array.isArray(texts) || texts.length !== places.length) return undefined;
  if (!putIn(items, texts, 0)) return undefined;
  written.add(texts, places);
  return items;
}

/** Whether what ends at a place is the name of a member. */
function isName(end: number, length: number): boolean {
  let at = end;
  while (at < length && (scratch[at] ?? 0) <= 0x20) at += 1;
  return at < length && scratch[at] === COLON;
}

function writeMark(at: number, number: number): number {
  let end = at;
  scratch[end++] = QUOTE;
  scratch.set(MARK_BYTES, end);
  end += MARK_BYTES.length;
  scratch[end++] = ZERO + Math.floor(number / BASE);
  scratch[end++] = ZERO + (number % BASE);
  scratch[end++] = QUOTE;
  return end;
}

/** The text that a mark stands for. */
function textOf(mark: string, texts: readonly string[]): string {
  return texts[(mark.charCodeAt(1) - ZERO) * BASE + mark.charCodeAt(2) - ZERO] ?? '';
}

function count(text: string, sought: string): number {
  let found = 0;
  for (let at = text.indexOf(sought); at !== -1; at = text.indexOf(sought, at + sought.length)) found += 1;
  return found;
}

/** Puts texts into the places of their marks; `false` where that is left to the parser. */
function putIn(value: JsonValue[] | JsonObject, texts: readonly string[], depth: number): boolean {
  if (depth > DEEPEST_JSON) return false;
  if (!isJsonObject(value)) {
    for (let index = 0; index < value.length; index += 1) {
      const item = value[index];
      if (typeof item === 'string') {
        if (item.charCodeAt(0) === MARK_CODE) value[index] = textOf(item, texts);
      } else if (isContainer(item) && !putIn(item, texts, depth + 1)) return false;
    }
    return true;
  }
  for (const key in value) {
    const item = value[key];
    if (typeof item === 'string') {
      if (item.charCodeAt(0) !== MARK_CODE) continue;
      // Assigning it would not make a member.
      if (key === '__proto__') return false;
      value[key] = textOf(item, texts);
    } else if (isContainer(item) && !putIn(item, texts, depth + 1)) return false;
  }
  return true;
}

function isContainer(value: JsonValue | undefined): value is JsonValue[] | JsonObject {
  return typeof value === 'object' && value !== null;
}
