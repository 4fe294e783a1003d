import type { ModelResponse, ServerContext, StreamEncoder, StreamEvent, WireFormat } from '@signalbox/core';
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
        yield { value: encodeWhole(batch.value, format, context), content: batch.content };
      }
    },
  };
}

/** A whole response as the caller's bytes. */
export function encodeWhole(response: ModelResponse, format: WireFormat, context: ServerContext): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(format.server.encodeResponse(response, context)));
}

/** Batches of events that are there already as the caller's bytes. */
export function* encodeBatches(
  batches: Iterable<readonly StreamEvent[]>,
  encoder: StreamEncoder,
): Generator<Uint8Array, void> {
  const bytes = new TextEncoder();
  for (const batch of batches) {
    const text = batch.map((event) => encoder.encode(event)).join('');
    if (text !== '') yield bytes.encode(text);
  }
}
