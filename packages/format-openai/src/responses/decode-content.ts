import {
  type AudioPart,
  asString,
  type DocumentPart,
  type JsonObject,
  type JsonValue,
  type Part,
  type TextPart,
} from '@signalbox/core';
import { decodeCache } from '../shared/cache-mark.ts';
import { invalidField, objectAt, optionalString, requiredString } from '../shared/fields.ts';
import { audioMediaType, sourceFromUrl } from '../shared/media.ts';
import { unknownFields } from '../shared/unknown-fields.ts';
import { asExtensions } from './extensions.ts';
import { FORMAT_ID } from './format-id.ts';

const DETAILS = ['auto', 'low', 'high', 'original'] as const;
const known = (...keys: string[]): ReadonlySet<string> => new Set(['type', 'prompt_cache_breakpoint', ...keys]);
const TEXT = known('text');
const REFUSAL = known('refusal');
const IMAGE = known('image_url', 'file_id', 'detail');
const AUDIO = known('input_audio');
const FILE = known('file_data', 'file_url', 'file_id', 'filename');

/** A part that can stand in a tool's result. */
type OutputPart = Extract<Part, { type: 'text' | 'image' | 'document' | 'opaque' }>;

/** A part that can stand in the content of a message. */
export type ContentPart = OutputPart | AudioPart;

/** A message's `content`: a string, or an array of parts. Kinds without a canonical word stay as they came. */
export function decodeContent(content: JsonValue | undefined, place: string): ContentPart[] {
  return partsOf(content, place, (value, at) =>
    value.type === 'input_audio' ? decodeAudio(value, at) : decodePart(value, at),
  );
}

/** The `output` of a tool's result, likewise. */
export function decodeOutput(content: JsonValue | undefined, place: string): OutputPart[] {
  return partsOf(content, place, decodePart);
}

function partsOf<Kind extends ContentPart>(
  content: JsonValue | undefined,
  place: string,
  decode: (value: JsonObject, place: string) => Kind,
): (Kind | TextPart)[] {
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  if (!Array.isArray(content)) throw invalidField(place, 'must be a string or an array of content parts');
  return content.map((entry, index) => {
    const at = `${place}[${index}]`;
    return decode(objectAt(entry, at), at);
  });
}

function decodePart(value: JsonObject, place: string): OutputPart {
  switch (requiredString(value, 'type', place)) {
    case 'input_text':
    case 'output_text':
    case 'text':
      return { type: 'text', text: requiredString(value, 'text', place), ...common(value, TEXT) };
    case 'refusal':
      return { type: 'text', text: requiredString(value, 'refusal', place), refusal: true, ...common(value, REFUSAL) };
    case 'input_image':
      return decodeImage(value, place);
    case 'input_file':
      return decodeFile(value, place);
    default:
      return { type: 'opaque', format: FORMAT_ID, value };
  }
}

/** Empty lists (`annotations`, `logprobs`) say nothing. */
function common(value: JsonObject, keys: ReadonlySet<string>): Pick<ContentPart & TextPart, 'cache' | 'extensions'> {
  const unknown = unknownFields(value, keys);
  if (unknown === undefined) return decodeCache(value);
  const entries = Object.entries(unknown).filter(([, entry]) => !(Array.isArray(entry) && entry.length === 0));
  return { ...decodeCache(value), ...asExtensions(Object.fromEntries(entries)) };
}

function decodeAudio(value: JsonObject, place: string): AudioPart {
  const sound = objectAt(value.input_audio, `${place}.input_audio`);
  const mediaType = audioMediaType(requiredString(sound, 'format', `${place}.input_audio`));
  const data = requiredString(sound, 'data', `${place}.input_audio`);
  return { type: 'audio', source: { kind: 'base64', mediaType, data }, ...common(value, AUDIO) };
}

function decodeImage(value: JsonObject, place: string): OutputPart {
  const url = optionalString(value, 'image_url', place);
  const fileId = optionalString(value, 'file_id', place);
  if (url === undefined && fileId === undefined) {
    throw invalidField(place, 'must hold "image_url" or "file_id", a string');
  }
  const detail = DETAILS.find((word) => word === value.detail);
  return {
    type: 'image',
    source: url === undefined ? { kind: 'file', fileId: fileId ?? '', owner: FORMAT_ID } : sourceFromUrl(url),
    ...(detail === undefined ? {} : { detail }),
    ...common(value, IMAGE),
  };
}

function decodeFile(value: JsonObject, place: string): OutputPart {
  const title = asString(value.filename);
  const rest = { ...(title === undefined ? {} : { title }), ...common(value, FILE) };
  const document = (source: DocumentPart['source']): DocumentPart => ({ type: 'document', source, ...rest });
  const fileId = optionalString(value, 'file_id', place);
  if (fileId !== undefined) return document({ kind: 'file', fileId, owner: FORMAT_ID });
  const url = optionalString(value, 'file_url', place);
  if (url !== undefined) return document({ kind: 'url', url });
  const data = optionalString(value, 'file_data', place);
  if (data === undefined) throw invalidField(place, 'must hold "file_data", "file_url" or "file_id", a string');
  const source = sourceFromUrl(data);
  // Some send the bytes alone, without the data URL around them.
  return document(source.kind === 'url' ? { kind: 'base64', mediaType: 'application/pdf', data } : source);
}
