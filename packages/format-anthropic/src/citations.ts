import {
  asArray,
  asObject,
  asString,
  type Citation,
  type JsonObject,
  type JsonValue,
  type TextPart,
} from '@signalbox/core';

/** A citation of a page that a search found. */
const WEB = 'web_search_result_location';

/** What a block's `citations` say of pages; nothing where they are of the caller's own documents. */
export function decodeCitations(list: JsonValue | undefined): Pick<TextPart, 'citations'> {
  const citations = asArray(list).flatMap((entry): Citation[] => {
    const { type, url, title, cited_text } = asObject(entry) ?? {};
    if (type !== WEB || typeof url !== 'string') return [];
    const name = asString(title);
    const citedText = asString(cited_text);
    return [{ url, ...(name === undefined ? {} : { title: name }), ...(citedText === undefined ? {} : { citedText }) }];
  });
  return citations.length === 0 ? {} : { citations };
}

/** Citations of another format's for a caller. They have no `encrypted_index`, without which Anthropic does not take them back. */
export function encodeCitations(citations: readonly Citation[]): JsonObject[] {
  return citations.map(({ url, title, citedText }) => {
    return { type: WEB, url, title: title ?? null, cited_text: citedText ?? '', encrypted_index: '' };
  });
}

/** Without those that Anthropic did not make: a caller sends back what it was told. */
export function ownCitations(list: JsonValue | undefined): JsonValue[] {
  return asArray(list).filter((entry) => asObject(entry)?.type !== WEB || asObject(entry)?.encrypted_index !== '');
}
