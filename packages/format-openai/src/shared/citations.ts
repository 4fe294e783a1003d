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

/**
 * What `annotations` say of pages. Chat Completions has the citation in an object of its own, Responses in the annotation itself; both count
 * characters as JavaScript does.
 */
export function decodeCitations(annotations: JsonValue | undefined): Pick<TextPart, 'citations'> {
  const citations = asArray(annotations).flatMap((entry): Citation[] => {
    const annotation = asObject(entry);
    const cited = asObject(annotation?.url_citation) ?? annotation;
    const url = asString(cited?.url);
    if (annotation?.type !== 'url_citation' || cited === undefined || url === undefined) return [];
    const title = asString(cited.title);
    const start = asNumber(cited.start_index);
    const end = asNumber(cited.end_index);
    return [
      {
        url,
        ...(title === undefined ? {} : { title }),
        ...(start === undefined ? {} : { start }),
        ...(end === undefined ? {} : { end }),
      },
    ];
  });
  return citations.length === 0 ? {} : { citations };
}

/** The pages that an answer names at its top (Perplexity: `search_results`, or `citations` with addresses alone). They bear out all of the text. */
export function pagesOf({ search_results, citations }: JsonObject): Citation[] {
  const results = asArray(search_results).flatMap((entry): Citation[] => {
    const page = asObject(entry);
    const url = asString(page?.url);
    const title = asString(page?.title);
    return url === undefined ? [] : [{ url, ...(title === undefined ? {} : { title }) }];
  });
  if (results.length > 0) return results;
  return asArray(citations).flatMap((url) => (typeof url === 'string' ? [{ url }] : []));
}

/** A citation's fields: `length` is that of the part's text, all of which it bears out where it names no range. */
export function citationFields({ url, title, start = 0, end }: Citation, length: number, offset = 0): JsonObject {
  return { url, title: title ?? '', start_index: offset + start, end_index: offset + (end ?? length) };
}
