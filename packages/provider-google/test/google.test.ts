import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  createResponseFold,
  type ModelRequest,
  type ModelResponse,
  type Provider,
  ProviderError,
  responseText,
} from '@signalbox/core';
import { type Simulator, startSimulator } from '@signalbox/simulator';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createGoogle, google } from '../src/index.ts';

const KEY = 'AIza-sample-key-of-google';

const request: ModelRequest = {
  system: [],
  messages: [{ role: 'user', parts: [{ type: 'text', text: 'Say hello.' }] }],
  maxOutputTokens: 200,
};

const toolRequest: ModelRequest = {
  ...request,
  tools: [
    {
      type: 'function',
      name: 'get_weather',
      parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
    },
  ],
  toolChoice: { type: 'tool', name: 'get_weather' },
};

describe('the short names', () => {
  const facts = (name: string) => google.catalog.models.find((model) => model.id === google.shortNames[name]);

  it.each(['default', 'pro', 'ultra', 'gemini', 'gemini-pro', 'flash'])(
    '%s is an active model with known limits',
    (name) => {
      const model = facts(name);
      expect(model?.status).toBe('active');
      expect(model?.contextWindow).toBeGreaterThan(0);
      expect(model?.maxOutput).toBeGreaterThan(0);
      expect(model?.capabilities.tools).toBe(true);
      expect(model?.prices.length).toBeGreaterThan(0);
    },
  );

  it('are the newest final ones of their family that fit', () => {
    for (const family of ['pro', 'flash'] as const) {
      const known = google.catalog.models
        .filter(({ id }) => new RegExp(`^gemini-\\d[\\d.]*-${family}$`).test(id))
        .filter((model) => model.status === 'active' && model.maxOutput !== undefined)
        .map((model) => model.id)
        .sort((one, other) => one.localeCompare(other, 'en', { numeric: true }));
      expect(known.at(-1)).toBe(google.shortNames[family]);
    }
  });
});

describe('against a server with templates of its own', () => {
  let simulator: Simulator;
  let provider: Provider;
  beforeAll(async () => {
    simulator = await startSimulator({ requireKey: KEY });
    provider = createGoogle({ apiKey: KEY, endpoint: simulator.url });
  });
  afterEach(() => simulator.reset());
  afterAll(async () => {
    await provider.close();
    await simulator.close();
  });

  it.each([false, true])('answers (stream: %s)', async (stream) => {
    const response = await ask(provider, request, stream);
    expect(responseText(response)).not.toBe('');
    expect(response.finish).toMatchObject({ reason: 'stop', rawReason: 'STOP' });
    expect(response.usage?.inputTokens).toBeGreaterThan(0);
    expect(response.usage?.provenance).toBe('reported');
  });

  it.each([false, true])('calls a tool and takes its result (stream: %s)', async (stream) => {
    const response = await ask(provider, toolRequest, stream);
    const call = response.parts.find((part) => part.type === 'tool-call');
    expect(response.finish.reason).toBe('tool-calls');
    expect(call?.name).toBe('get_weather');
    expect(typeof JSON.parse(call?.arguments ?? '')).toBe('object');

    // The simulator refuses calls of generation 3 that come back without their signature, and results that answer nothing.
    const content = [{ type: 'text', text: 'Rain' }] as const;
    const next = await ask(
      provider,
      {
        ...toolRequest,
        toolChoice: { type: 'auto' },
        messages: [
          ...toolRequest.messages,
          { role: 'assistant', parts: response.parts },
          { role: 'user', parts: [{ type: 'tool-result', callId: call?.id ?? '', content }] },
        ],
      },
      stream,
    );
    expect(next.finish.reason).toBe('stop');
    expect(responseText(next)).not.toBe('');
  });

  it('takes calls that another model made', async () => {
    const parts = [{ type: 'tool-call', id: 'toolu_1', name: 'get_weather', arguments: '{"city":"London"}' }] as const;
    const content = [{ type: 'text', text: 'Rain' }] as const;
    const messages: ModelRequest['messages'] = [
      ...toolRequest.messages,
      { role: 'assistant', parts },
      { role: 'user', parts: [{ type: 'tool-result', callId: 'toolu_1', content }] },
    ];
    const response = await ask(provider, { ...toolRequest, toolChoice: { type: 'auto' }, messages }, false);
    expect(response.finish.reason).toBe('stop');
  });

  it('sends the key in the header and never in the URL', async () => {
    await ask(provider, request, false);
    await ask(provider, request, true);
    expect(simulator.requests).toHaveLength(2);
    for (const seen of simulator.requests) {
      expect(seen.path).not.toContain(KEY);
      expect(seen.path).not.toContain('key=');
      expect(seen.headers['x-goog-api-key']).toBe('present');
      expect(seen.headers).not.toHaveProperty('authorization');
    }
  });

  it('says that a key is wrong, which Google answers with 400', async () => {
    const stranger = createGoogle({ apiKey: 'AIza-not-the-key', endpoint: simulator.url });
    try {
      const error = await failure(() => ask(stranger, request, false));
      expect(error).toMatchObject({ kind: 'authentication', status: 400, code: 'API_KEY_INVALID' });
      expect(error?.message).not.toContain('AIza-not-the-key');
    } finally {
      await stranger.close();
    }
  });

  it.each([
    ['status=429; retryAfter=2', { kind: 'rate-limit', status: 429, retryAfterMs: 2000 }],
    ['status=503', { kind: 'overloaded', status: 503 }],
    ['error=invalid_request', { kind: 'invalid-request' }],
    ['error=context_length_exceeded', { kind: 'context-length' }],
    ['error=invalid_api_key', { kind: 'authentication' }],
    ['error=unauthenticated', { kind: 'authentication' }],
    ['error=permission_denied', { kind: 'permission' }],
    ['error=model_not_found', { kind: 'not-found' }],
    ['error=request_too_large', { kind: 'request-too-large' }],
    ['error=rate_limit_exceeded', { kind: 'rate-limit' }],
    ['error=insufficient_quota', { kind: 'quota' }],
    ['error=server_error', { kind: 'server' }],
    ['error=overloaded', { kind: 'overloaded' }],
    ['error=gateway_timeout', { kind: 'timeout' }],
  ])('classifies %s', async (directive, expected) => {
    const faulty = createGoogle({ apiKey: KEY, endpoint: simulator.url, headers: { 'x-simulate': directive } });
    try {
      expect(await failure(() => ask(faulty, request, false))).toMatchObject(expected);
      expect(await failure(() => ask(faulty, request, true))).toMatchObject(expected);
    } finally {
      await faulty.close();
    }
  });

  it.each([
    ['noFinish', 'stream-cut'],
    ['errorEvent=1', 'overloaded'],
    ['emptyBody', 'stream-cut'],
    ['html', 'stream-cut'],
  ])('takes no broken stream for an answer: %s', async (directive, kind) => {
    const faulty = createGoogle({ apiKey: KEY, endpoint: simulator.url, headers: { 'x-simulate': directive } });
    try {
      expect((await failure(() => ask(faulty, request, true)))?.kind).toBe(kind);
    } finally {
      await faulty.close();
    }
  });

  it.each(['malformed=1', 'duplicateFinish', 'comments', 'splitBytes=3', 'gzip', 'noUsage'])(
    'reads a stream with oddities: %s',
    async (directive) => {
      const odd = createGoogle({ apiKey: KEY, endpoint: simulator.url, headers: { 'x-simulate': directive } });
      try {
        const response = await ask(odd, request, true);
        expect(responseText(response)).not.toBe('');
        expect(response.finish.reason).toBe('stop');
      } finally {
        await odd.close();
      }
    },
  );
});

it('reads an error in JSON that is labelled as a stream', async () => {
  const body = { error: { code: 400, message: 'API key not valid.', status: 'INVALID_ARGUMENT' } };
  const server = createServer((_incoming, outgoing) => {
    outgoing.writeHead(400, { 'content-type': 'text/event-stream' }).end(JSON.stringify(body, null, 2));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const provider = createGoogle({ endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
  try {
    expect(await failure(() => ask(provider, request, true))).toMatchObject({
      kind: 'authentication',
      message: 'API key not valid.',
    });
  } finally {
    await provider.close();
    await new Promise((resolve) => server.close(resolve));
  }
});

/** One call as the engine makes it. Throws ProviderError. */
async function ask(provider: Provider, asked: ModelRequest, stream: boolean): Promise<ModelResponse> {
  const { client } = provider.format;
  const model = google.shortNames.flash ?? '';
  const encoded = client.encodeRequest(asked, { model, stream, provider: provider.id, quirks: provider.quirks });
  const reply = await provider.send({
    path: encoded.path,
    headers: encoded.headers,
    body: JSON.stringify(encoded.body),
    stream,
    signal: new AbortController().signal,
  });
  if (reply.status >= 400) {
    const text = new TextDecoder().decode(await reply.bytes());
    throw new ProviderError(client.decodeError(reply.status, reply.headers, JSON.parse(text)));
  }
  if (!stream) {
    const body: unknown = JSON.parse(new TextDecoder().decode(await reply.bytes()));
    return client.decodeResponse(body, { provider: provider.id });
  }
  const fold = createResponseFold();
  const decoder = client.createStreamDecoder({ provider: provider.id });
  for await (const frames of reply.frames()) {
    for (const frame of frames) for (const event of decoder.decode(frame)) fold.add(event);
  }
  for (const event of decoder.end()) fold.add(event);
  return fold.response();
}

async function failure(call: () => Promise<unknown>): Promise<ProviderError | undefined> {
  try {
    await call();
  } catch (error) {
    if (ProviderError.is(error)) return error;
    throw error;
  }
  return undefined;
}
