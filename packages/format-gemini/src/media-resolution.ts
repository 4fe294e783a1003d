import { entryOf, type ImagePart, type Message, type ModelRequest, type NoteList } from '@signalbox/core';

type Detail = NonNullable<ImagePart['detail']>;

const RESOLUTIONS: Readonly<Record<string, string>> = {
  low: 'MEDIA_RESOLUTION_LOW',
  high: 'MEDIA_RESOLUTION_HIGH',
  original: 'MEDIA_RESOLUTION_HIGH',
};
const DETAILS: Readonly<Record<string, Detail>> = { MEDIA_RESOLUTION_LOW: 'low', MEDIA_RESOLUTION_HIGH: 'high' };

/**
 * Google sets the resolution for all media of a request (for one part only with some models): where all images want the same, it is said so. Returns the
 * request without what is said.
 */
export function encodeMediaResolution<Request extends ModelRequest>(
  request: Request,
  notes: NoteList,
): { readonly request: Request; readonly mediaResolution: string | undefined } {
  const mediaResolution = entryOf(RESOLUTIONS, commonDetail(request.messages));
  if (mediaResolution === undefined) return { request, mediaResolution };
  for (const [index, { parts }] of request.messages.entries()) {
    for (const [place, part] of parts.entries()) {
      if (isImage(part)) notes.mapped(`messages[${index}].parts[${place}].detail`, 'sent as mediaResolution');
    }
  }
  return { request: { ...request, messages: withDetail(request.messages, undefined) }, mediaResolution };
}

/** The detail of all images; undefined where they differ, where one has none, and where there is no image. */
function commonDetail(messages: readonly Message[]): Detail | undefined {
  let common: Detail | undefined;
  for (const { parts } of messages) {
    for (const part of parts) {
      if (!isImage(part)) continue;
      if (part.detail === undefined || (common !== undefined && part.detail !== common)) return undefined;
      common = part.detail;
    }
  }
  return common;
}

/** The messages with the resolution that a caller set for all media as the detail of each image; undefined where it is no such word, or there is no image. */
export function decodeMediaResolution(messages: readonly Message[], value: unknown): Message[] | undefined {
  const detail = typeof value === 'string' ? entryOf(DETAILS, value) : undefined;
  if (detail === undefined) return undefined;
  const images = messages.flatMap(({ parts }) => parts.filter(isImage));
  // One that has a resolution of its own is not meant.
  if (images.length === 0 || images.some(({ extensions }) => extensions !== undefined)) return undefined;
  return withDetail(messages, detail);
}

function withDetail(messages: readonly Message[], detail: Detail | undefined): Message[] {
  return messages.map((message) => {
    if (!message.parts.some(isImage)) return message;
    return { ...message, parts: message.parts.map((part) => (isImage(part) ? { ...part, detail } : part)) };
  });
}

function isImage(part: { readonly type: string }): part is ImagePart {
  return part.type === 'image';
}
