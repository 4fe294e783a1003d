import {
  aPort,
  asObject,
  type BatchCall,
  type BatchCodec,
  type BatchItem,
  type BatchResult,
  type BatchState,
  type JsonValue,
  type Provider,
  ProviderError,
  parseJson,
  RouterError,
  requireOptions,
  type WireReply,
} from '@signalbox/core';

const A_PROVIDER = aPort('a provider: what createAnthropic({ apiKey }) or its like gives', ['send']);

/** A provider's batch API. Every call is made once: whoever asks decides whether it is made again. */
export interface BatchClient {
  /** The rules of this provider's batches. */
  readonly codec: BatchCodec;
  /** Sends requests as a new batch. Throws ProviderError; after one that is no answer of the provider (`connection-lost`, `aborted`) there may be a batch all the same. */
  submit(items: readonly BatchItem[], signal: AbortSignal): Promise<BatchState>;
  /** How a batch stands. Throws ProviderError. */
  state(id: string, signal: AbortSignal): Promise<BatchState>;
  /** The results that are there, in the provider's order; none before the batch has ended. Throws ProviderError. */
  results(state: BatchState, signal: AbortSignal): AsyncGenerator<BatchResult, void>;
}

/**
 * Speaks to a provider's batch API. Throws RouterError `unsupported` where it has none that we know, `configuration` where it is no provider.
 *
 * @example
 * ```ts
 * const client = createBatchClient(createAnthropic({ apiKey }));
 * const { id } = await client.submit([{ id: 'first', request: { path: '/messages', headers: {}, body } }], signal);
 * const state = await client.state(id, signal); // some time later
 * for await (const { id, outcome } of client.results(state, signal)) console.log(id, outcome);
 * ```
 */
export function createBatchClient(provider: Provider): BatchClient {
  requireOptions('createBatchClient', { provider }, { provider: A_PROVIDER }, ['provider']);
  const { batches: codec } = provider;
  if (codec === undefined) {
    throw new RouterError({ kind: 'unsupported', message: `${provider.id} has no batch API that Signalbox speaks.` });
  }

  async function send(call: BatchCall, signal: AbortSignal, framing?: 'ndjson'): Promise<WireReply> {
    const reply = await provider.send({ ...call, stream: framing !== undefined, framing, signal });
    if (reply.status < 300) return reply;
    const text = Buffer.from(await reply.bytes()).toString('utf8');
    const error = provider.format.client.decodeError(reply.status, reply.headers, parseJson(text) ?? text);
    throw new ProviderError({ ...error, provider: provider.id });
  }

  async function sendForJson(call: BatchCall, signal: AbortSignal): Promise<JsonValue | undefined> {
    const reply = await send(call, signal);
    return parseJson(Buffer.from(await reply.bytes()).toString('utf8'));
  }

  return {
    codec,
    async submit(items, signal) {
      const upload = codec.encodeUpload?.(items);
      const fileId = upload && codec.decodeUpload?.(await sendForJson(upload, signal), provider.id);
      return codec.decodeState(await sendForJson(codec.encodeCreate(items, fileId), signal), provider.id);
    },
    state: async (id, signal) => codec.decodeState(await sendForJson(codec.encodeStatus(id), signal), provider.id),
    async *results(state, signal) {
      for (const path of state.resultPaths) {
        const reply = await send(codec.encodeResults(path), signal, 'ndjson');
        for await (const frames of reply.frames()) {
          for (const { data } of frames) {
            const line = asObject(parseJson(data));
            const result = line && codec.decodeResult(line, provider.id);
            if (result !== undefined) yield result;
          }
        }
      }
    },
  };
}
