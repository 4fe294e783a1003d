import {
  type AudioPart,
  type DocumentPart,
  entryOf,
  type FieldReader,
  fieldPath,
  type ImagePart,
  type JsonObject,
  type MediaSource,
  type NoteList,
  type VideoPart,
} from '@signalbox/core';
import { GEMINI } from './gemini-id.ts';

/** A part whose content is a file. */
export type MediaPart = ImagePart | DocumentPart | AudioPart | VideoPart;

const YOUTUBE = /^https?:\/\/((www\.|m\.)?youtube\.com|youtu\.be)\//i;
const GOOGLE_FILE = /^(gs:\/\/|files\/|https:\/\/generativelanguage\.googleapis\.com\/)/i;

const BY_EXTENSION: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  heic: 'image/heic',
  pdf: 'application/pdf',
  mp3: 'audio/mpeg',
  wav: 'audio/wav',
  mp4: 'video/mp4',
  webm: 'video/webm',
  mov: 'video/mov',
};

/** Reads `inlineData`. */
export function readInlineData(fields: FieldReader): MediaPart {
  const mediaType = fields.string('mimeType') ?? 'application/octet-stream';
  return media(
    { kind: 'base64', mediaType, data: fields.string('data') ?? '' },
    mediaType,
    'inlineData',
    fields.rest(),
  );
}

/** Reads `fileData`: a file at Google is an id that means nothing elsewhere, anything else an address. */
export function readFileData(fields: FieldReader): MediaPart {
  const uri = fields.string('fileUri') ?? '';
  const mediaType = fields.string('mimeType');
  const typed = mediaType === undefined ? {} : { mediaType };
  const source: MediaSource = GOOGLE_FILE.test(uri)
    ? { kind: 'file', fileId: uri, owner: GEMINI, ...typed }
    : { kind: 'url', url: uri, ...typed };
  const kind = mediaType ?? (YOUTUBE.test(uri) ? 'video/*' : (typeOfUrl(uri) ?? ''));
  return media(source, kind, 'fileData', fields.rest());
}

function media(source: MediaSource, mediaType: string, field: string, rest: JsonObject | undefined): MediaPart {
  const extensions = rest === undefined ? {} : { extensions: { [GEMINI]: { [field]: rest } } };
  if (mediaType.startsWith('image/')) return { type: 'image', source, ...extensions };
  if (mediaType.startsWith('audio/')) return { type: 'audio', source, ...extensions };
  if (mediaType.startsWith('video/')) return { type: 'video', source, ...extensions };
  return { type: 'document', source, ...extensions };
}

/** The media type that an address's ending says. */
function typeOfUrl(url: string): string | undefined {
  const ending = /\.([a-z0-9]+)(?:[?#].*)?$/i.exec(url)?.[1]?.toLowerCase();
  return ending === undefined ? undefined : entryOf(BY_EXTENSION, ending);
}

/** Writes a file as a part of a Content: a line of text where Google could not read it, which is noted. */
export function writeMedia(part: MediaPart, field: string, notes: NoteList): JsonObject {
  if (part.type === 'image' && part.detail !== undefined && part.detail !== 'auto') {
    notes.dropped(
      fieldPath(field, 'detail'),
      'Gemini sets the resolution for the whole request (mediaResolution), and these images want several',
    );
  }
  if (part.type === 'document') {
    if (part.title !== undefined) notes.dropped(fieldPath(field, 'title'), 'Gemini has no titles of documents');
    if (part.context !== undefined) notes.dropped(fieldPath(field, 'context'), 'Gemini has no context of documents');
  }
  const source = part.source;
  switch (source.kind) {
    case 'base64':
      return { inlineData: { mimeType: source.mediaType, data: source.data } };
    case 'text':
      // Plain text is the same to the model, and every model takes it.
      if (source.mediaType !== undefined && source.mediaType !== 'text/plain') {
        notes.approximated(fieldPath(field, 'source'), `a ${source.mediaType} document is sent as text`);
      } else notes.mapped(fieldPath(field, 'source'), 'a text document is sent as text');
      return { text: source.text };
    case 'url': {
      if (!YOUTUBE.test(source.url)) {
        notes.approximated(fieldPath(field, 'source'), 'sent as an address, which only some models fetch');
      }
      const mimeType = source.mediaType ?? (YOUTUBE.test(source.url) ? undefined : typeOfUrl(source.url));
      return { fileData: { fileUri: source.url, ...(mimeType === undefined ? {} : { mimeType }) } };
    }
    case 'file': {
      const isOwn = source.owner === undefined || source.owner === GEMINI;
      if (!isOwn || !GOOGLE_FILE.test(source.fileId)) {
        const reason = 'a file id of another provider means nothing to Google; a line of text stands in its place';
        notes.dropped(fieldPath(field, 'source'), reason);
        return { text: `[${part.type} left out]` };
      }
      const typed = source.mediaType === undefined ? {} : { mimeType: source.mediaType };
      if (source.mediaType === undefined) {
        notes.approximated(fieldPath(field, 'source'), 'sent without a media type: the file itself has to tell it');
      }
      return { fileData: { fileUri: source.fileId, ...typed } };
    }
  }
}
