import { asString, entryOf, isJsonObject, type JsonObject, type JsonValue, type MediaSource } from '@signalbox/core';
import { leftovers } from './extensions.ts';
import { FORMAT_ID } from './format-id.ts';

const FIELDS: Readonly<Record<string, ReadonlySet<string>>> = {
  base64: new Set(['type', 'media_type', 'data']),
  url: new Set(['type', 'url']),
  file: new Set(['type', 'file_id']),
  text: new Set(['type', 'media_type', 'data']),
};

/** A block's `source`; `undefined` where it is of a kind, or holds a field, that a MediaSource has no place for. */
export function decodeSource(value: JsonValue | undefined): MediaSource | undefined {
  if (!isJsonObject(value)) return undefined;
  const fields = typeof value.type === 'string' ? entryOf(FIELDS, value.type) : undefined;
  if (fields === undefined || leftovers(value, fields) !== undefined) return undefined;
  const { type, data, url, file_id: fileId } = value;
  const mediaType = asString(value.media_type);
  if (type === 'base64' && typeof data === 'string' && mediaType !== undefined) {
    return { kind: 'base64', mediaType, data };
  }
  if (type === 'url' && typeof url === 'string') return { kind: 'url', url };
  if (type === 'file' && typeof fileId === 'string') return { kind: 'file', fileId, owner: FORMAT_ID };
  if (type === 'text' && typeof data === 'string') return { kind: 'text', text: data, mediaType };
  return undefined;
}

/** An image's source; `undefined` where Anthropic can't take it. */
export function encodeImageSource(source: MediaSource): JsonObject | undefined {
  switch (source.kind) {
    case 'base64':
      return { type: 'base64', media_type: source.mediaType, data: source.data };
    case 'url':
      return dataUrl(source.url) ?? { type: 'url', url: source.url };
    case 'file':
      return fileSource(source);
    case 'text':
      return undefined;
  }
}

/** A document's source; `undefined` where Anthropic can't take it. Text in base64 becomes plain text: only PDF may be base64. */
export function encodeDocumentSource(source: MediaSource): JsonObject | undefined {
  switch (source.kind) {
    case 'base64':
      if (source.mediaType.startsWith('text/')) return plainText(decodeBase64(source.data));
      return { type: 'base64', media_type: source.mediaType, data: source.data };
    case 'url':
      return dataUrl(source.url) ?? { type: 'url', url: source.url };
    case 'file':
      return fileSource(source);
    case 'text':
      return plainText(source.text);
  }
}

function plainText(text: string): JsonObject {
  return { type: 'text', media_type: 'text/plain', data: text };
}

/** A caller of this format names what it uploaded; Anthropic's ids begin with `file_`. Another provider's mean nothing here. */
function fileSource({ fileId, owner }: Extract<MediaSource, { kind: 'file' }>): JsonObject | undefined {
  const isOwn = owner === undefined ? fileId.startsWith('file_') : owner === FORMAT_ID;
  return isOwn ? { type: 'file', file_id: fileId } : undefined;
}

function dataUrl(url: string): JsonObject | undefined {
  if (!url.startsWith('data:')) return undefined;
  const comma = url.indexOf(',');
  const head = url.slice(5, comma);
  if (comma === -1 || !head.endsWith(';base64')) return undefined;
  return { type: 'base64', media_type: head.slice(0, head.indexOf(';')), data: url.slice(comma + 1) };
}

function decodeBase64(data: string): string {
  return new TextDecoder().decode(Uint8Array.from(atob(data), (character) => character.charCodeAt(0)));
}
