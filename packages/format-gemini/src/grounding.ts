import { asArray, asObject, asString, type Citation, type JsonObject, type JsonValue } from '@signalbox/core';

/**
 * The pages that `groundingMetadata` names. Which words each of them bears out Google counts in bytes of a text that comes in pieces: it stays
 * with the metadata, and the pages stand for all of the text.
 */
export function decodeGrounding(metadata: JsonValue | undefined): Citation[] {
  return asArray(asObject(metadata)?.groundingChunks).flatMap((chunk): Citation[] => {
    const web = asObject(asObject(chunk)?.web);
    const url = asString(web?.uri);
    const title = asString(web?.title);
    return url === undefined ? [] : [{ url, ...(title === undefined ? {} : { title }) }];
  });
}

/** Citations of another format as Google's: the pages, each once. */
export function encodeGrounding(citations: readonly Citation[]): JsonObject | undefined {
  if (citations.length === 0) return undefined;
  const pages = new Map(citations.map(({ url, title }) => [url, title]));
  const groundingChunks = [...pages].map(([uri, title]) => ({
    web: { uri, ...(title === undefined ? {} : { title }) },
  }));
  return { groundingMetadata: { groundingChunks } };
}
