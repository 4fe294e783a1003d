import { asObject, asString, type JsonObject, type Part, type TextPart } from '@signalbox/core';
import { CACHE_FIELDS, decodeCache } from '../shared/cache-mark.ts';
import { fieldName, invalidField, objectAt, requiredObject, requiredString } from '../shared/fields.ts';
import { audioMediaType, sourceFromUrl } from '../shared/media.ts';
import { unknownFields } from '../shared/unknown-fields.ts';
import { asExtensions } from './extensions.ts';
import { FORMAT_ID } from './format-id.ts';

const DETAILS = ['auto', 'low', 'high', 'original'] as const;

const CACHED = ['type', ...CACHE_FIELDS] as const;
const known = (...keys: string[]): ReadonlySet<string> => new Set([...CACHED, ...keys]);
const TEXT = known('text');
const REFUSAL = known('refusal');
const IMAGE = known('image_url');
const AUDIO = known('input_audio');
const FILE = known('file');
const VIDEO = known('video_url');
const THINKING = known('thinking', 'closed');

/** One entry of a `content` array. Kinds without a canonical word stay as they came. */
function decodePart(value: JsonObject, place: string): Part {
  switch (requiredString(value, 'type', place)) {
    case 'text':
      return { type: 'text', text: requiredString(value, 'text', place), ...common(value, TEXT) };
    case 'refusal':
      return { type: 'text', text: requiredString(value, 'refusal', place), refusal: true, ...common(value, REFUSAL) };
    case 'image_url':
      return decodeImage(value, place);
    case 'input_audio': {
      const audio = requiredObject(value, 'input_audio', place);
      const data = requiredString(audio, 'data', `${place}.input_audio`);
      const mediaType = audioMediaType(requiredString(audio, 'format', `${place}.input_audio`));
      return { type: 'audio', source: { kind: 'base64', mediaType, data }, ...common(value, AUDIO) };
    }
    case 'file':
      return decodeFile(value, place);
    case 'video_url': {
      const video = requiredObject(value, 'video_url', place);
      const source = sourceFromUrl(requiredString(video, 'url', `${place}.video_url`));
      return { type: 'video', source, ...common(value, VIDEO) };
    }
    case 'thinking':
      return { type: 'reasoning', text: thinkingText(value), ...common(value, THINKING) };
    default:
      return { type: 'opaque', format: FORMAT_ID, value };
  }
}

/** A `content` member: a string, or an array of parts. */
export function decodeContent(content: unknown, place: string): Part[] {
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  if (!Array.isArray(content)) throw invalidField(place, 'must be a string or an array of content parts');
  return content.map((entry, index) => {
    const entryPlace = `${place}[${index}]`;
    // Mistral's own clients write bare strings.
    if (typeof entry === 'string') return { type: 'text', text: entry };
    return decodePart(objectAt(entry, entryPlace), entryPlace);
  });
}

/** A `content` member that can hold text alone (system and developer messages). */
export function decodeTextContent(content: unknown, place: string): TextPart[] {
  return decodeContent(content, place).map((part, index) => {
    if (part.type === 'text') return part;
    throw invalidField(`${place}[${index}].type`, 'must be "text" in this message');
  });
}

/** The text of one of Mistral's `thinking` entries. */
export function thinkingText(value: JsonObject): string {
  const thinking = value.thinking;
  if (typeof thinking === 'string') return thinking;
  return Array.isArray(thinking) ? thinking.map((piece) => asString(asObject(piece)?.text) ?? '').join('') : '';
}

function common(value: JsonObject, keys: ReadonlySet<string>) {
  return { ...decodeCache(value), ...asExtensions(unknownFields(value, keys)) };
}

function decodeImage(value: JsonObject, place: string): Part {
  // Mistral takes the URL as a bare string.
  if (typeof value.image_url === 'string') {
    return { type: 'image', source: sourceFromUrl(value.image_url), ...common(value, IMAGE) };
  }
  const image = requiredObject(value, 'image_url', place);
  const source = sourceFromUrl(requiredString(image, 'url', fieldName(place, 'image_url')));
  const detail = DETAILS.find((known) => known === image.detail);
  return { type: 'image', source, ...(detail === undefined ? {} : { detail }), ...common(value, IMAGE) };
}

function decodeFile(value: JsonObject, place: string): Part {
  const filePlace = `${place}.file`;
  const file = requiredObject(value, 'file', place);
  const title = asString(file.filename);
  const rest = { ...(title === undefined ? {} : { title }), ...common(value, FILE) };
  const fileId = asString(file.file_id);
  if (fileId !== undefined) return { type: 'document', source: { kind: 'file', fileId, owner: FORMAT_ID }, ...rest };
  if (typeof file.file_data !== 'string') {
    throw invalidField(filePlace, 'must hold "file_data" or "file_id", a string');
  }
  const source = sourceFromUrl(file.file_data);
  // Some send the bytes alone; what is neither a data URL nor a link can only be those.
  if (source.kind === 'url' && !/^[a-z][a-z0-9+.-]*:/i.test(source.url.slice(0, 40))) {
    return { type: 'document', source: { kind: 'base64', mediaType: 'application/pdf', data: source.url }, ...rest };
  }
  return { type: 'document', source, ...rest };
}
