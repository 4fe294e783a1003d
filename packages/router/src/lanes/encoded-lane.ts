import {
  encodeUtf8,
  type ModelResponse,
  type ServerContext,
  type StreamEncoder,
  type StreamEvent,
  type WireFormat,
} from '@signalbox/core';
import type { Lane } from './lane.ts';
import { createUtf8Runs } from './utf8-runs.ts';

/** A lane of stream events as a lane of the caller's bytes. */
export function encodeStreamLane(lane: Lane<readonly StreamEvent[]>): Lane<Uint8Array> {
  return {
    name: lane.name,
    async *open(call) {
      const encoder = call.createEncoder();
      const begin: typeof call.begin = (progress) => {
        progress.encoder = encoder;
        call.begin(progress);
      };
      for await (const batch of lane.open({ ...call, begin })) {
        const value = encodeBatch(encoder, batch.value);
        if (value.length > 0 || batch.content || batch.progress === true) yield { ...batch, value };
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
        yield { value: encodeWhole(batch.value, format, context), content: batch.content };
      }
    },
  };
}

/** A whole response as the caller's bytes. */
export function encodeWhole(response: ModelResponse, format: WireFormat, context: ServerContext): Uint8Array {
  return encodeUtf8(JSON.stringify(format.server.encodeResponse(response, context)));
}

/** Batches of events that are there already as the caller's bytes. */
export function* encodeBatches(
  batches: Iterable<readonly StreamEvent[]>,
  encoder: StreamEncoder,
): Generator<Uint8Array, void> {
  for (const batch of batches) {
    const bytes = encodeBatch(encoder, batch);
    if (bytes.length > 0) yield bytes;
  }
}
