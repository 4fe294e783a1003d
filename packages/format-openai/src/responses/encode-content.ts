import type { CacheMark, DocumentPart, JsonObject, Part } from '@signalbox/core';
import { audioFormat, isOwnFile, leftOut, textFromBase64, urlFromSource } from '../shared/media.ts';
import { isContentType } from './decode-input.ts';
import { ownFields } from './extensions.ts';
import { FORMAT_ID } from './format-id.ts';
import { type Encoding, noteForeign } from './notes.ts';

/** Breakpoints live for 30 minutes or 12 hours: the nearest that is not shorter. */
const TTLS = { '5m': '30m', '30m': '30m', '1h': '12h', '12h': '12h' } as const;

const FOREIGN_FILE = "a file's id means nothing to this endpoint";

/** Own extension fields that do not belong to a content part, but to its item. */
const OF_ITEMS: ReadonlySet<string> = new Set(['item', 'message']);

/** A cache mark as a breakpoint, to be spread into a part. */
export function encodeCache(encoding: Encoding, cache: CacheMark | undefined, place: string): JsonObject {
  if (cache === undefined) return {};
  const field = `${place}.cache`;
  if (!encoding.breakpoints) {
    const caches = encoding.context.capabilities?.promptCache === true;
    const reason = caches
      ? 'the provider caches prefixes on its own, without marks'
      : 'left out: the endpoint takes no cache marks';
    encoding.note('approximated', field, reason);
    return {};
  }
  const ttl = cache.ttl === undefined ? undefined : TTLS[cache.ttl];
  if (ttl !== cache.ttl) encoding.note('approximated', field, `a time to live of ${cache.ttl} becomes ${ttl}`);
  return { prompt_cache_breakpoint: { mode: 'explicit', ttl } };
}

/**
 * One entry of a `content` array; undefined where this format has no place for it (and a note says so). Text is written as
 * `textType`: the model's own words and those of others have different names here.
 */
export function encodePart(
  encoding: Encoding,
  part: Part,
  place: string,
  textType: 'input_text' | 'output_text' = 'input_text',
): JsonObject | undefined {
  if (part.type === 'opaque') {
    if (part.format === FORMAT_ID && isContentType(part.value.type)) return part.value;
    encoding.note(
      'dropped',
      place,
      `a part that ${part.format === FORMAT_ID ? 'can not stand here' : `only ${part.format} knows`}`,
    );
    return undefined;
  }
  const entry = encodeKnownPart(encoding, part, place, textType);
  if (entry === undefined) return undefined;
  if (part.extensions === undefined && part.cache === undefined) return entry;
  noteForeign(encoding, part.extensions, place);
  const own = Object.entries(ownFields(part.extensions)).filter(([key]) => !OF_ITEMS.has(key));
  return { ...entry, ...encodeCache(encoding, part.cache, place), ...Object.fromEntries(own) };
}

function encodeKnownPart(
  encoding: Encoding,
  part: Exclude<Part, { type: 'opaque' }>,
  place: string,
  textType: 'input_text' | 'output_text',
): JsonObject | undefined {
  if (part.type === 'text') {
    // Only an answer of the model's own can refuse.
    if (part.refusal === true && textType === 'output_text') return { type: 'refusal', refusal: part.text };
    return { type: textType, text: part.text };
  }
  if (textType === 'output_text')
    return standIn(encoding, part, place, `a turn of the model can hold no ${part.type} here`, textType);
  if (part.type === 'document') return encodeDocument(encoding, part, place);
  // OpenAI's types have it, its models don't say that they hear: for callers who know that theirs does.
  if (part.type === 'audio' && part.source.kind === 'base64' && encoding.own) {
    const { data, mediaType } = part.source;
    return { type: 'input_audio', input_audio: { data, format: audioFormat(mediaType) } };
  }
  if (part.type !== 'image') return standIn(encoding, part, place, `the Responses API takes no ${part.type} here`);
  const detail = part.detail === undefined ? {} : { detail: part.detail };
  if (part.source.kind === 'file') {
    if (!isOwnFile(part.source, FORMAT_ID, encoding.context.quirks))
      return standIn(encoding, part, place, FOREIGN_FILE);
    return { type: 'input_image', file_id: part.source.fileId, ...detail };
  }
  const url = urlFromSource(part.source);
  if (url === undefined) return standIn(encoding, part, place, 'an image is no text');
  return { type: 'input_image', image_url: url, ...detail };
}

function encodeDocument(encoding: Encoding, part: DocumentPart, place: string): JsonObject | undefined {
  const { source, title } = part;
  if (part.context !== undefined) encoding.note('dropped', `${place}.context`, 'files have no context field');
  const name = title === undefined ? {} : { filename: title };
  if (source.kind === 'file') {
    if (!isOwnFile(source, FORMAT_ID, encoding.context.quirks)) return standIn(encoding, part, place, FOREIGN_FILE);
    return { type: 'input_file', file_id: source.fileId, ...name };
  }
  if (source.kind === 'url') return { type: 'input_file', file_url: source.url, ...name };
  // A caller of this format knows what its endpoint reads; the formats of others say nothing of plain text as a file.
  const text = source.kind === 'text' ? source.text : encoding.own ? undefined : textFromBase64(source);
  if (text !== undefined) {
    encoding.note('approximated', place, 'a text document becomes text');
    return { type: 'input_text', text: title === undefined ? text : `${title}\n\n${text}` };
  }
  const filename = title ?? (encoding.own ? undefined : 'document.pdf');
  return { type: 'input_file', file_data: urlFromSource(source), ...(filename === undefined ? {} : { filename }) };
}

/** A line in the place of what can't be sent: without it the model would not know that there was anything. */
function standIn(
  encoding: Encoding,
  part: Part,
  place: string,
  reason: string,
  type: 'input_text' | 'output_text' = 'input_text',
): JsonObject {
  encoding.note('dropped', place, `${reason}; a line of text stands in its place`);
  return { type, text: leftOut(part) };
}
