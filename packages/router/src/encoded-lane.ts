import type { ModelResponse, ServerContext, StreamEncoder, StreamEvent, WireFormat } from '@signalbox/core';
import type { Lane } from './lane.ts';
import { createUtf8Runs } from './utf8-runs.ts';

/** A lane of stream events as a lane of the caller's bytes. */
export function encodeStreamLane(
  lane: Lane<readonly StreamEvent[]>,
  createEncoder: () => StreamEncoder,
): Lane<Uint8Array> {
  return {
    name: lane.name,
    async *open(call) {
      const encoder = createEncoder();
      for await (const batch of lane.open(call)) {
        const value = encodeBatch(encoder, batch.value);
        if (value.length > 0 || batch.content) yield { value, content: batch.content };
      }
    },
  };
}

/** The bytes for the caller of some events. */
function encodeBatch(encoder: StreamEncoder, events: readonly StreamEvent[]): Uint8Array {
  const text = createUtf8Runs();
  for (const event of events) {
    const piece = encoder.encode(event);
    text.add(piece, event.type === 'text-delta' ? event.text : piece);
  }
  return text.bytes();
}

/** A lane of whole responses as a lane of the caller's bytes. */
export function encodeWholeLane(
  lane: Lane<ModelResponse>,
  format: WireFormat,
  context: ServerContext,
): Lane<Uint8Array> {
  return {
    name: lane.name,
    async *open(call) {
      for await (const batch of lane.open(call)) {
        const body = JSON.stringify(format.server.encodeResponse(batch.value, context));
        yield { value: new TextEncoder().encode(body), content: batch.content };
      }
    },
  };
}
