import {
  bringsCallsAlone,
  createAnswerRecord,
  createResponseFold,
  isContentEvent,
  type ModelFacts,
  type ModelRequest,
  type Provider,
  ProviderError,
  type ProviderErrorKind,
  parseJson,
  type StreamEvent,
  scanRequestHead,
  spliceBytes,
  type WireCall,
  type WireFormat,
  type WireFrame,
  type WireReply,
} from '@signalbox/core';

/**
 * A format made for these tests: a request is `{model, stream, prompt}`, a stream's frame is one canonical event as JSON, a
 * whole answer is `{events: [...]}`.
 */
export function tinyFormat(id = 'tiny'): WireFormat {
  return {
    id,
    streamFraming: 'sse',
    client: {
      encodeRequest: (request, context) => ({
        path: '/tiny',
        headers: {},
        body: { model: context.model, stream: context.stream, prompt: promptOf(request) },
        notes: [],
      }),
      decodeResponse(body) {
        const fold = createResponseFold();
        for (const event of (body as { events: StreamEvent[] }).events) fold.add(event);
        return fold.response();
      },
      createStreamDecoder({ provider }) {
        let finished = false;
        return {
          decode(frame) {
            const event = parseJson(frame.data) as unknown as (StreamEvent & { error?: string }) | undefined;
            if (event === undefined) return [];
            if (event.error !== undefined)
              throw new ProviderError({ kind: 'overloaded', provider, message: event.error });
            finished ||= event.type === 'finish';
            return [event];
          },
          end() {
            if (!finished)
              throw new ProviderError({ kind: 'stream-cut', provider, message: `${provider}: the stream was cut.` });
            return [];
          },
        };
      },
      decodeError: (status, _headers, body) => ({
        kind: KIND_BY_STATUS[status] ?? 'unknown',
        message: String((body as { error?: { message?: string } }).error?.message ?? body),
      }),
    },
    server: {
      streamContentType: 'text/event-stream',
      scanHead: (body) => scanRequestHead(body),
      decodeRequest: (body) => userSays((body as { prompt: string }).prompt),
      forwardRequest: (body, head, model) => ({
        path: '/tiny',
        body: head.modelRange === undefined ? body : spliceBytes(body, head.modelRange, JSON.stringify(model)),
        hideUsage: false,
      }),
      encodeResponse: (response) => ({
        encodedBy: id,
        text: response.parts.map((part) => ('text' in part ? part.text : '')).join(''),
      }),
      createStreamEncoder: () => ({
        encode: (event) => `data: ${JSON.stringify({ ...event, encodedBy: id })}\n\n`,
        error: (error) => `data: ${JSON.stringify({ error: error.message })}\n\n`,
      }),
      encodeError: (error) => ({ status: 500, headers: {}, body: { error: error.message } }),
    },
    observe({ provider }) {
      const decoder = tinyFormat(id).client.createStreamDecoder({ provider });
      const fold = createResponseFold();
      const soFar = createAnswerRecord();
      return {
        observe(frame) {
          const events = decoder.decode(frame);
          for (const event of events) {
            fold.add(event);
            soFar.add(event);
          }
          return {
            content: events.some(isContentEvent),
            forward: events.length > 0,
            call: bringsCallsAlone(events) || undefined,
          };
        },
        end() {
          decoder.end();
          return '';
        },
        soFar,
        get finish() {
          return fold.finished ? fold.response().finish : undefined;
        },
        get usage() {
          return fold.response().usage;
        },
        get model() {
          return fold.response().model;
        },
        get text() {
          return fold
            .response()
            .parts.map((part) => ('text' in part ? part.text : ''))
            .join('');
        },
      };
    },
  };
}

const KIND_BY_STATUS: Readonly<Record<number, ProviderErrorKind>> = {
  400: 'invalid-request',
  401: 'authentication',
  429: 'rate-limit',
  502: 'server',
  503: 'overloaded',
};

/** What a fake provider does with a call. */
export type Behaviour = (call: WireCall) => WireReply | Promise<WireReply>;

const bytes = (text: string) => new TextEncoder().encode(text);

/** A stream of these events; a string is an event in error, `null` an event that isn't JSON, a function is awaited. */
export function streams(
  ...steps: readonly (StreamEvent | string | null | ((signal: AbortSignal) => Promise<void>))[]
): Behaviour {
  return ({ signal }) => ({
    status: 200,
    headers: { 'content-type': 'text/event-stream' },
    async *frames() {
      for (const step of steps) {
        if (typeof step === 'function') {
          await step(signal);
          continue;
        }
        const data = step === null ? '{broken' : JSON.stringify(typeof step === 'string' ? { error: step } : step);
        const frame: WireFrame = { raw: bytes(`data: ${data}\n\n`), data };
        yield [frame];
      }
    },
    bytes: async () => bytes(''),
    discard: () => undefined,
  });
}

/** A whole answer with this status. */
export function answers(status: number, body: unknown, contentType = 'application/json'): Behaviour {
  return () => ({
    status,
    headers: { 'content-type': contentType },
    async *frames() {
      yield [];
    },
    bytes: async () => bytes(typeof body === 'string' ? body : JSON.stringify(body)),
    discard: () => undefined,
  });
}

/** Never answers; ends when the call is aborted. */
export const silence = (signal: AbortSignal): Promise<never> =>
  new Promise((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });

export const text = (words: string): StreamEvent => ({ type: 'text-delta', index: 0, text: words });
export const start = (model: string): StreamEvent => ({ type: 'start', model });
export const finish = (inputTokens = 10, outputTokens = 2): StreamEvent => ({
  type: 'finish',
  reason: 'stop',
  usage: { inputTokens, outputTokens, provenance: 'reported' },
});

export interface FakeProvider extends Provider {
  readonly calls: WireCall[];
  closed: boolean;
}

/** A provider that behaves as told, one behaviour a call; the last one goes on. */
export function fakeProvider(
  id: string,
  behaviours: Behaviour | readonly Behaviour[],
  settings: Partial<Pick<Provider, 'format' | 'local' | 'simulated' | 'forwards'>> & {
    facts?: Partial<ModelFacts>;
  } = {},
): FakeProvider {
  const list = typeof behaviours === 'function' ? [behaviours] : behaviours;
  const { facts, ...rest } = settings;
  const model: ModelFacts = {
    id: `${id}-model`,
    provider: id,
    name: id,
    type: 'chat',
    status: 'active',
    capabilities: {},
    prices: [],
    ...facts,
  };
  const provider: FakeProvider = {
    contract: 1,
    id,
    format: tinyFormat(),
    quirks: {},
    forwards: true,
    models: [model],
    local: false,
    simulated: false,
    calls: [],
    closed: false,
    ...rest,
    async send(call) {
      provider.calls.push(call);
      const behaviour = list[Math.min(provider.calls.length, list.length) - 1];
      if (behaviour === undefined) throw new Error('a fake provider needs a behaviour');
      return behaviour(call);
    },
    async close() {
      provider.closed = true;
    },
  };
  return provider;
}

export function userSays(prompt: string): ModelRequest {
  return { system: [], messages: [{ role: 'user', parts: [{ type: 'text', text: prompt }] }] };
}

function promptOf(request: ModelRequest): string {
  return request.messages
    .flatMap((message) => message.parts.map((part) => (part.type === 'text' ? part.text : '')))
    .join('');
}
