import {
  type Candidate,
  createCancellation,
  type Provider,
  type WireFormat,
  type WireFrame,
} from '../packages/core/src/index.ts';
import { canonicalStreamLane } from '../packages/router/src/lanes/canonical-lane.ts';
import { encodeStreamLane } from '../packages/router/src/lanes/encoded-lane.ts';
import type { LaneCall } from '../packages/router/src/lanes/lane.ts';
import { serverContext } from '../wire-pack/stream.ts';

/**
 * The router's own way of a translated stream, from the provider's frames to the caller's bytes: the canonical lane (decoder, books, the
 * record for a continuation, the watch for reasoning state) inside the encoding lane. Only the request is left out, which `send` does not need.
 */
export function translateBurst(
  from: WireFormat,
  to: WireFormat,
  reads: () => AsyncIterable<readonly WireFrame[]>,
): () => Promise<number> {
  const nothing = { path: '', headers: {}, body: {}, notes: [] };
  const format: WireFormat = { ...from, client: { ...from.client, encodeRequest: () => nothing } };
  const provider: Provider = {
    contract: 1,
    id: 'some-provider',
    format,
    quirks: {},
    forwards: true,
    models: [],
    local: false,
    simulated: false,
    send: () =>
      Promise.resolve({
        status: 200,
        headers: { 'content-type': from.streamFraming === 'sse' ? 'text/event-stream' : 'application/x-ndjson' },
        frames: reads,
        bytes: () => Promise.reject(new Error('bench: the answer is a stream')),
        discard: () => undefined,
      }),
    close: () => Promise.resolve(),
  };
  const candidate: Candidate = {
    id: 'some-provider/m',
    provider,
    model: 'm',
    names: [],
    facts: {
      ...{ id: 'm', provider: 'some-provider', name: 'm', type: 'chat', status: 'active' },
      ...{ capabilities: {}, prices: [] },
    },
  };
  const call: LaneCall = {
    candidate,
    inbound: {
      wire: { format: to, body: new Uint8Array(), path: '', headers: {} },
      head: { stream: true },
      request: () => ({ system: [], messages: [] }),
    },
    cancellation: createCancellation(),
    key: undefined,
    answered: () => undefined,
    needs: undefined,
    maxOutputTokens: undefined,
    keeper: undefined,
    vault: { get: () => undefined, put: () => undefined },
    tenant: 'local',
    createEncoder: () => to.server.createStreamEncoder(serverContext()),
    begin: () => undefined,
  };
  const lane = encodeStreamLane(canonicalStreamLane);
  return async () => {
    let bytes = 0;
    for await (const { value } of lane.open(call)) bytes += value.length;
    return bytes;
  };
}
