import {
  createResponseFold,
  isContentEvent,
  type ModelResponse,
  ProviderError,
  type ServerContext,
  type StreamEvent,
  type WireFormat,
  type WireFrame,
} from '@signalbox/core';
import { createTestFramer, framesOf } from './framer.ts';

/** The id under which the suite runs a format. */
export const PROVIDER = 'sample-provider';

/** What server codecs get: ids that count, a clock that stands. */
export function serverContext(): ServerContext {
  let count = 0;
  return {
    model: 'sample-model',
    createId: () => {
      count += 1;
      return `made_${count}`;
    },
    now: () => 1_760_000_000_000,
    includeUsage: true,
  };
}

/** Events as the format's stream. */
export function encodeStream(format: WireFormat, events: Iterable<StreamEvent>): string {
  const encoder = format.server.createStreamEncoder(serverContext());
  let text = '';
  for (const event of events) text += encoder.encode(event);
  return text;
}

/** The events of frames, with the end of the body. */
export function decodeFrames(format: WireFormat, frames: readonly WireFrame[]): StreamEvent[] {
  const decoder = format.client.createStreamDecoder({ provider: PROVIDER });
  return [...frames.flatMap((frame) => [...decoder.decode(frame)]), ...decoder.end()];
}

/** The events of a stream's text. */
export function decodeStream(format: WireFormat, text: string): StreamEvent[] {
  return decodeFrames(format, framesOf(format.streamFraming, text));
}

/** The events of bytes that arrive in pieces of a size. */
export function decodePieces(format: WireFormat, bytes: Uint8Array, size: number): StreamEvent[] {
  const framer = createTestFramer(format.streamFraming);
  const frames: WireFrame[] = [];
  for (let at = 0; at < bytes.length; at += size) frames.push(...framer.add(bytes.subarray(at, at + size)));
  frames.push(...framer.end());
  return decodeFrames(format, frames);
}

/** What events add up to. */
export function foldEvents(events: readonly StreamEvent[]): ModelResponse {
  const fold = createResponseFold();
  for (const event of events) fold.add(event);
  return fold.response();
}

/** How a stream that breaks off ends: with a finish (and what it said), or with an error. */
export function decodeCut(
  format: WireFormat,
  frames: readonly WireFrame[],
): { readonly response: ModelResponse; readonly finished: boolean; readonly error: unknown } {
  const decoder = format.client.createStreamDecoder({ provider: PROVIDER });
  const fold = createResponseFold();
  try {
    for (const frame of frames) for (const event of decoder.decode(frame)) fold.add(event);
    for (const event of decoder.end()) fold.add(event);
  } catch (error) {
    return { response: fold.response(), finished: fold.finished, error };
  }
  return { response: fold.response(), finished: fold.finished, error: undefined };
}

/** Place of the first frame that brings content, by the decoder. */
export function firstContentFrame(format: WireFormat, frames: readonly WireFrame[]): number {
  const decoder = format.client.createStreamDecoder({ provider: PROVIDER });
  return frames.findIndex((frame) => decoder.decode(frame).some(isContentEvent));
}

/** What a call throws, or undefined. */
export function thrownBy(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  return undefined;
}

/** The kind of a ProviderError; the error's text where it is something else. */
export function providerErrorKind(error: unknown): string {
  return ProviderError.is(error) ? error.kind : `not a ProviderError: ${String(error)}`;
}
