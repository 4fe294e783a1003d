import {
  createResponseFold,
  type ModelResponse,
  ProviderError,
  type ServerContext,
  type StreamEvent,
  type WireFormat,
  type WireFrame,
} from '../packages/core/src/index.ts';
import { createFramer } from '../packages/provider-kit/src/index.ts';

/** The frames of a stream that arrives in pieces of so many bytes. */
export function framesOf(
  format: WireFormat,
  received: string | Uint8Array,
  pieceBytes = Number.POSITIVE_INFINITY,
): WireFrame[] {
  const bytes = typeof received === 'string' ? new TextEncoder().encode(received) : received;
  const framer = createFramer(format.streamFraming, 'recorded');
  const frames: WireFrame[] = [];
  const size = Math.min(pieceBytes, Math.max(bytes.length, 1));
  for (let at = 0; at < bytes.length; at += size) frames.push(...framer.push(bytes.subarray(at, at + size)));
  frames.push(...framer.end());
  return frames;
}

/** What a stream says: its events, and the error that ended it where one did. */
export interface DecodedStream {
  readonly events: readonly StreamEvent[];
  readonly error: ProviderError | undefined;
}

/** Decodes frames to the end of the body. A ProviderError is an answer; anything else that is thrown is a fault of the codec. */
export function decodeFrames(format: WireFormat, frames: readonly WireFrame[], provider: string): DecodedStream {
  const decoder = format.client.createStreamDecoder({ provider });
  const events: StreamEvent[] = [];
  try {
    for (const frame of frames) events.push(...decoder.decode(frame));
    events.push(...decoder.end());
  } catch (error) {
    if (!ProviderError.is(error)) throw error;
    return { events, error };
  }
  return { events, error: undefined };
}

/** The answer that events add up to. */
export function fold(events: Iterable<StreamEvent>): ModelResponse {
  const folded = createResponseFold();
  for (const event of events) folded.add(event);
  return folded.response();
}

/** What is wrong with the order of events: at most one `start`, first, and exactly one `finish`, last. */
export function contractFaults(events: readonly StreamEvent[]): readonly string[] {
  const types = events.map((event) => event.type);
  const faults: string[] = [];
  const finishes = types.filter((type) => type === 'finish').length;
  if (finishes !== 1) faults.push(`${finishes} finish events instead of one`);
  else if (types.at(-1) !== 'finish') faults.push(`${types.at(-1)} after the finish event`);
  if (types.lastIndexOf('start') > 0) faults.push('a start event that is not the first event');
  return faults;
}

/** What encoders towards a caller get: ids that count, a clock that stands. */
export function serverContext(): ServerContext {
  let made = 0;
  return {
    model: 'model-of-the-caller',
    createId: () => {
      made += 1;
      return `made_${made}`;
    },
    now: () => 1_760_000_000_000,
    includeUsage: true,
  };
}

/** Events as a stream for a caller of a format. */
export function encodeEvents(format: WireFormat, events: Iterable<StreamEvent>): string {
  const encoder = format.server.createStreamEncoder(serverContext());
  return [...events].map((event) => encoder.encode(event)).join('');
}
