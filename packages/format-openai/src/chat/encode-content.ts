import type { CacheMark, DocumentPart, JsonObject, MediaSource, Part, TextPart } from '@signalbox/core';
import { audioFormat, isOwnFile, leftOut, textFromBase64, urlFromSource } from '../shared/media.ts';
import { waveFile } from '../shared/wave-file.ts';
import { ownFields } from './extensions.ts';
import { FORMAT_ID } from './format-id.ts';
import { type Encoding, noteForeign } from './notes.ts';

/** Breakpoints live for 30 minutes or 12 hours, `cache_control` for 5 minutes or 1 hour: the nearest that is not shorter. */
const TTLS = {
  prompt_cache_breakpoint: { '5m': '30m', '30m': '30m', '1h': '12h', '12h': '12h' },
  cache_control: { '5m': '5m', '30m': '1h', '1h': '1h', '12h': '1h' },
} as const;

type MediaPart = Extract<Part, { source: unknown }>;

/** Fields that belong to an answer and that no request takes. */
const ANSWER_FIELDS: ReadonlySet<string> = new Set(['annotations', 'logprobs', 'refusalLogprobs', 'message']);

/** A cache mark in the endpoint's spelling, to be spread into a part or a tool. */
export function encodeCache(encoding: Encoding, cache: CacheMark | undefined, place: string): JsonObject {
  if (cache === undefined) return {};
  const style = encoding.cacheStyle;
  const field = `${place}.cache`;
  if (style === 'none') {
    const caches = encoding.context.capabilities?.promptCache === true;
    const reason = caches
      ? 'the provider caches prefixes on its own, without marks'
      : 'left out: the endpoint takes no cache marks';
    encoding.note('approximated', field, reason);
    return {};
  }
  const ttl = cache.ttl === undefined ? undefined : TTLS[style][cache.ttl];
  if (ttl !== cache.ttl) encoding.note('approximated', field, `a time to live of ${cache.ttl} becomes ${ttl}`);
  return { [style]: { ...(style === 'cache_control' ? { type: 'ephemeral' } : { mode: 'explicit' }), ttl } };
}

/**
 * Parts of a message as entries of its `content` array. What can't stand in one is reported and left out; what is `written`
 * elsewhere is passed over.
 */
export function encodeContent(
  encoding: Encoding,
  parts: readonly Part[],
  place: string,
  written: (part: Part) => boolean = () => false,
): JsonObject[] {
  const content: JsonObject[] = [];
  for (const [index, part] of parts.entries()) {
    if (written(part)) continue;
    const entry = encodePart(encoding, part, `${place}.parts[${index}]`);
    if (entry !== undefined) content.push(entry);
  }
  return content;
}

/** One content part; undefined where this format has no place for it (and a note says so). */
export function encodePart(encoding: Encoding, part: Part, place: string): JsonObject | undefined {
  if (part.type === 'opaque') {
    if (part.format === FORMAT_ID) return part.value;
    if (part.restated !== true) encoding.note('dropped', place, `a part that only ${part.format} knows`);
    return undefined;
  }
  const entry = encodeKnownPart(encoding, part, place);
  if (entry === undefined) return undefined;
  if (part.extensions === undefined && part.cache === undefined) return entry;
  noteForeign(encoding, part.extensions, place);
  return { ...entry, ...encodeCache(encoding, part.cache, place), ...requestFields(encoding, part, place) };
}

function encodeKnownPart(encoding: Encoding, part: Exclude<Part, { type: 'opaque' }>, place: string) {
  const { quirks } = encoding.context;
  switch (part.type) {
    case 'text':
      return { type: 'text', text: part.text };
    case 'image': {
      const url = urlFromSource(part.source);
      if (url === undefined) return dropSource(encoding, part, place);
      return { type: 'image_url', image_url: { url, ...(part.detail === undefined ? {} : { detail: part.detail }) } };
    }
    case 'document':
      return encodeDocument(encoding, part, place);
    case 'audio': {
      if (part.source.kind !== 'base64') return dropSource(encoding, part, place);
      return { type: 'input_audio', input_audio: encodeSound(encoding, part.source, place) };
    }
    case 'video': {
      const url = quirks.videoUrl === true ? urlFromSource(part.source) : undefined;
      if (url !== undefined) return { type: 'video_url', video_url: { url } };
      return standIn(encoding, part, place, 'the endpoint takes no video');
    }
    default:
      encoding.note('dropped', place, `a ${part.type} part can not stand here`);
      return undefined;
  }
}

function encodeDocument(encoding: Encoding, part: DocumentPart, place: string): JsonObject | undefined {
  const { source } = part;
  if (part.context !== undefined) encoding.note('dropped', `${place}.context`, 'files have no context field');
  if (source.kind === 'file') {
    if (!isOwnFile(source, FORMAT_ID, encoding.context.quirks)) return dropSource(encoding, part, place);
    return { type: 'file', file: { file_id: source.fileId } };
  }
  const text = source.kind === 'text' ? source.text : textFromBase64(source);
  if (text !== undefined) {
    encoding.note('approximated', place, 'a text document becomes text');
    return { type: 'text', text: part.title === undefined ? text : `${part.title}\n\n${text}` };
  }
  if (source.kind === 'url' && encoding.context.quirks.fileUrls !== true && !source.url.startsWith('data:')) {
    return dropSource(encoding, part, place);
  }
  return { type: 'file', file: { filename: part.title ?? 'document.pdf', file_data: urlFromSource(source) } };
}

/** Forms of sound that OpenAI's own endpoint takes. */
const SOUND_FORMATS: ReadonlySet<string> = new Set(['wav', 'mp3']);

function encodeSound(encoding: Encoding, source: Extract<MediaSource, { kind: 'base64' }>, place: string): JsonObject {
  const wave = waveFile(source);
  if (wave !== undefined) {
    encoding.note('mapped', `${place}.source`, 'raw samples are sent as a WAV file');
    return { data: wave, format: 'wav' };
  }
  const format = audioFormat(source.mediaType);
  if (!SOUND_FORMATS.has(format)) {
    encoding.note('approximated', `${place}.source`, `sent as it is, as ${format}: OpenAI itself takes wav and mp3`);
  }
  return { data: source.data, format };
}

function dropSource(encoding: Encoding, part: MediaPart, place: string): JsonObject {
  const { kind } = part.source;
  const reason = kind === 'file' ? noFile(part) : `the endpoint takes no ${kind} here`;
  return standIn(encoding, part, place, reason);
}

/** A line in the place of what can't be sent: without it the model would not know that there was anything. */
export function standIn(encoding: Encoding, part: Part, place: string, reason: string): JsonObject {
  encoding.note('dropped', place, `${reason}; a line of text stands in its place`);
  return { type: 'text', text: leftOut(part) };
}

/** Own extension fields of a part that a request may hold. */
function requestFields(encoding: Encoding, part: Exclude<Part, { type: 'opaque' }>, place: string): JsonObject {
  const fields = Object.entries(ownFields(part.extensions)).filter(([key]) => {
    if (!ANSWER_FIELDS.has(key)) return true;
    // Where a system message began is said by the message itself.
    if (key !== 'message') encoding.note('dropped', `${place}.extensions.${FORMAT_ID}.${key}`, 'belongs to an answer');
    return false;
  });
  return Object.fromEntries(fields) as JsonObject;
}

/**
 * A `content` member: a string where it is one plain text, which every endpoint takes, else the array. Endpoints without
 * content parts (`contentParts: false`) get their texts joined.
 */
export function contentValue(encoding: Encoding, content: JsonObject[], separator: string): string | JsonObject[] {
  const [first] = content;
  if (content.length === 1 && first !== undefined && isPlainText(first)) return first.text as string;
  if (encoding.context.quirks.contentParts === false && content.every((entry) => entry.type === 'text')) {
    return content.map((entry) => entry.text).join(separator);
  }
  return content;
}

/** Whether nothing but `type` and `text` is said. */
export function isPlainText(entry: JsonObject): boolean {
  if (entry.type !== 'text') return false;
  return Object.keys(entry).every((key) => key === 'type' || key === 'text');
}

/** Texts of a system prompt as one text. */
export function joinTexts(parts: readonly TextPart[]): string {
  return parts.map((part) => part.text).join('\n\n');
}

function noFile({ type }: MediaPart): string {
  return type === 'document'
    ? "a file's id means nothing to this endpoint"
    : `Chat Completions takes no ${type} by the id of a file`;
}
