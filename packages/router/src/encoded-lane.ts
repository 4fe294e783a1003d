import type { ModelResponse, ServerContext, StreamEncoder, StreamEvent, WireFormat } from '@signalbox/core';
import type { Lane } from './lane.ts';

/** A lane of stream events as a lane of the caller's bytes. */
export function encodeStreamLane(
  lane: Lane<readonly StreamEvent[]>,
  createEncoder: () => StreamEncoder,
): Lane<Uint8Array> {
  return {
    name: lane.name,
    async *open(call) {
      const encoder = createEncoder();
      const bytes = new TextEncoder();
      for await (const batch of lane.open(call)) {
        let text = '';
        for (const event of batch.value) text += encoder.encode(event);
        if (text !== '' || batch.content || batch.progress === true) yield { ...batch, value: bytes.encode(text) };
      }
    },
  };
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
