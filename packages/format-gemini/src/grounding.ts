import {
  asArray,
  asNumber,
  asObject,
  asString,
  type Citation,
  type JsonObject,
  type JsonValue,
  type TextPart,
} from '@signalbox/core';
import { type ByteOffsets, createByteOffsets } from './byte-offsets.ts';

/** One text of an answer, and which part it is. */
export interface AnswerText {
  readonly index: number;
  readonly text: string;
}

/**
 * The pages that `groundingMetadata` names, by the index of the text that they bear out. Google counts bytes of UTF-8 through all texts of the answer
 * (seen in recordings); a page that bears out no words in particular hangs on the first text.
 */
export function decodeGrounding(
  metadata: JsonValue | undefined,
  texts: readonly AnswerText[],
): ReadonlyMap<number, Citation[]> {
  const cited = new Map<number, Citation[]>();
  const [first] = texts;
  const pages = asArray(asObject(metadata)?.groundingChunks).map(pageOf);
  if (first === undefined || pages.every((page) => page === undefined)) return cited;
  const add = (index: number, citation: Citation) => {
    const list = cited.get(index);
    if (list === undefined) cited.set(index, [citation]);
    else list.push(citation);
  };
  const placed = new Set<number>();
  const places = placesOf(texts);
  for (const entry of asArray(asObject(metadata)?.groundingSupports)) {
    const support = asObject(entry);
    const segment = asObject(support?.segment);
    const from = asNumber(segment?.startIndex) ?? 0;
    const to = asNumber(segment?.endIndex) ?? 0;
    for (const number of asArray(support?.groundingChunkIndices)) {
      const page = typeof number === 'number' ? pages[number] : undefined;
      if (page === undefined) continue;
      for (const { index, begin, offsets } of places) {
        const start = offsets.toUnits(from - begin);
        const end = offsets.toUnits(to - begin);
        if (from >= begin + offsets.bytes || start >= end) continue;
        add(index, { ...page, start, end });
        placed.add(number as number);
      }
    }
  }
  for (const [number, page] of pages.entries()) if (page !== undefined && !placed.has(number)) add(first.index, page);
  return cited;
}

function pageOf(chunk: JsonValue): Citation | undefined {
  const web = asObject(asObject(chunk)?.web);
  const url = asString(web?.uri);
  const title = asString(web?.title);
  return url === undefined ? undefined : { url, ...(title === undefined ? {} : { title }) };
}

interface TextPlace {
  readonly index: number;
  /** Bytes of the texts before it. */
  readonly begin: number;
  readonly offsets: ByteOffsets;
}

function placesOf(texts: readonly AnswerText[]): readonly TextPlace[] {
  let begin = 0;
  return texts.map(({ index, text }) => {
    const offsets = createByteOffsets(text);
    const place = { index, begin, offsets };
    begin += offsets.bytes;
    return place;
  });
}

/** Citations of another format as Google's: each page once, and the words that it bears out (all of a text where nobody says). */
export function encodeGrounding(
  texts: readonly Pick<TextPart, 'text' | 'citations'>[],
): { readonly groundingMetadata: JsonObject } | undefined {
  if (!texts.some(({ citations }) => citations !== undefined && citations.length > 0)) return undefined;
  const pages = new Map<string, { readonly place: number; readonly chunk: JsonObject }>();
  const supports = new Map<string, { readonly segment: JsonObject; readonly groundingChunkIndices: number[] }>();
  let begin = 0;
  for (const { text, citations = [] } of texts) {
    const offsets = createByteOffsets(text);
    for (const { url, title, start = 0, end = text.length } of citations) {
      const page = pages.get(url) ?? {
        place: pages.size,
        chunk: { web: { uri: url, ...(title === undefined ? {} : { title }) } },
      };
      pages.set(url, page);
      const from = begin + offsets.toBytes(start);
      const to = begin + offsets.toBytes(end);
      if (to <= from) continue;
      const segment = { ...(from === 0 ? {} : { startIndex: from }), endIndex: to, text: text.slice(start, end) };
      const support = supports.get(`${from}-${to}`) ?? { segment, groundingChunkIndices: [] as number[] };
      supports.set(`${from}-${to}`, support);
      if (!support.groundingChunkIndices.includes(page.place)) support.groundingChunkIndices.push(page.place);
    }
    begin += offsets.bytes;
  }
  return {
    groundingMetadata: {
      groundingChunks: [...pages.values()].map(({ chunk }) => chunk),
      ...(supports.size === 0 ? {} : { groundingSupports: [...supports.values()].map((one) => ({ ...one })) }),
    },
  };
}
