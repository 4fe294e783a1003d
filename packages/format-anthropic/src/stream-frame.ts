import { asString, isJsonObject, type JsonObject, ProviderError, parseJson, type WireFrame } from '@signalbox/core';
import { errorFromBody } from './decode-error.ts';

/** A frame's event. */
export interface FrameEvent {
  readonly type: string;
  readonly data: JsonObject;
}

/**
 * The event of a frame; `undefined` for a comment and for what is not a JSON object. Throws ProviderError on an error event, in
 * Anthropic's shape or in that of servers which only send `{error: …}`.
 */
export function readFrame(frame: WireFrame, provider: string): FrameEvent | undefined {
  if (frame.data === '') return undefined;
  const data = parseJson(frame.data);
  if (!isJsonObject(data)) {
    if (frame.event === 'error') throw streamError(frame.data, provider);
    return undefined;
  }
  const type = asString(data.type) ?? frame.event ?? '';
  if (type === 'error' || frame.event === 'error' || (data.type === undefined && data.error !== undefined)) {
    throw streamError(data, provider);
  }
  return { type, data };
}

/** The error of a stream that ended before its time. */
export function streamCut(provider: string): ProviderError {
  return new ProviderError({
    kind: 'stream-cut',
    message: 'The stream ended before the answer was complete: no message_stop and no stop reason came.',
    provider,
  });
}

function streamError(body: unknown, provider: string): ProviderError {
  const init = errorFromBody(undefined, body);
  // Whatever it is, the provider broke off: an error without a known type is its fault.
  return new ProviderError({ ...init, kind: init.kind === 'unknown' ? 'server' : init.kind, provider });
}
