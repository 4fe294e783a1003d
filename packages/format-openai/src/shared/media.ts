import type { MediaSource, Part, Quirks } from '@signalbox/core';

/** The source that a URL names: a `data:` URL in base64 is its bytes. */
export function sourceFromUrl(url: string): MediaSource {
  const head = /^data:([^;,]*)((?:;[^;,]*)*?);base64,/i.exec(url.slice(0, 300));
  if (head === null) return { kind: 'url', url };
  return { kind: 'base64', mediaType: head[1] || 'application/octet-stream', data: url.slice(head[0].length) };
}

/** A URL for a source: `data:` for bytes; undefined for an uploaded file and for text. */
export function urlFromSource(source: MediaSource): string | undefined {
  if (source.kind === 'base64') return `data:${source.mediaType};base64,${source.data}`;
  return source.kind === 'url' ? source.url : undefined;
}

/** The text that a source in base64 holds, where its media type says that it is text. */
export function textFromBase64(source: MediaSource): string | undefined {
  if (source.kind !== 'base64' || !source.mediaType.startsWith('text/')) return undefined;
  try {
    return new TextDecoder().decode(Uint8Array.from(atob(source.data), (character) => character.charCodeAt(0)));
  } catch {
    return undefined;
  }
}

/** `input_audio.format` of a media type: `audio/mpeg` is `mp3`. */
export function audioFormat(mediaType: string): string {
  const subtype = mediaType
    .replace(/^audio\//, '')
    .replace(/;.*$/s, '')
    .replace(/^x-/, '')
    .toLowerCase();
  return subtype === 'mpeg' ? 'mp3' : subtype === 'wave' || subtype === 'vnd.wave' ? 'wav' : subtype;
}

/** The media type of an `input_audio.format`. */
export function audioMediaType(format: string): string {
  return format === 'mp3' ? 'audio/mpeg' : `audio/${format}`;
}

/**
 * Whether an uploaded file is one that an endpoint may know. Callers of its format name what they uploaded to it. OpenAI's files are one account's, whether they are named in
 * Chat Completions or in the Responses API (API reference, Files); others who speak one of the two have none of them (`openaiFiles: false`).
 */
export function isOwnFile(
  source: Extract<MediaSource, { kind: 'file' }>,
  format: string,
  { openaiFiles }: Quirks,
): boolean {
  if (source.owner === format) return true;
  if (source.owner === undefined) return source.fileId.startsWith('file-');
  return openaiFiles !== false && OF_OPENAI.has(source.owner);
}

const OF_OPENAI: ReadonlySet<string> = new Set(['openai-chat', 'openai-responses']);

/** What stands in the place of a part that an endpoint does not take. */
export function leftOut({ type }: Pick<Part, 'type'>): string {
  return `[${type} left out]`;
}
