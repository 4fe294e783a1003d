import type { ModelResponse, ServerContext, StreamEvent, WireFormat } from '@signalbox/core';
import type { Lane } from './lane.ts';

/** A lane of stream events as a lane of the caller's bytes. */
export function encodeStreamLane(lane: Lane<readonly StreamEvent[]>): Lane<Uint8Array> {
  return {
    name: lane.name,
    async *open(call) {
      const encoder = call.createEncoder();
      const bytes = new TextEncoder();
      const begin: typeof call.begin = (progress) => {
        progress.encoder = encoder;
        call.begin(progress);
      };
      for await (const batch of lane.open({ ...call, begin })) {
        let text = '';
        for (const event of batch.value) text += encoder.encode(event);
        if (text !== '' || batch.content) yield { value: bytes.encode(text), content: batch.content };
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
