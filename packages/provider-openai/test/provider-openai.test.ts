import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { collectResponse, type ModelRequest, ProviderError, RouterError, type StreamEvent } from '@signalbox/core';
import { afterEach, describe, expect, test } from 'vitest';
import { createOpenAI, openai } from '../src/index.ts';

interface Seen {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: Record<string, unknown>;
}

const started: Server[] = [];
afterEach(async () => {
  await Promise.all(started.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
});

/** An endpoint that gives one answer to everything, and what it was asked. */
async function fakeOpenAI(answer: { status?: number; headers?: Record<string, string>; body: string }) {
  const seen: Seen[] = [];
  const server = createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Record<string, unknown>;
    seen.push({ method: incoming.method, path: incoming.url, headers: incoming.headers, body });
    outgoing.writeHead(answer.status ?? 200, answer.headers ?? { 'content-type': 'application/json' });
    outgoing.end(answer.body);
  });
  started.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { seen, endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

const request: ModelRequest = {
  system: [],
  messages: [{ role: 'user', parts: [{ type: 'text', text: 'Hello' }] }],
};

function call(stream: boolean, provider = createOpenAI({ apiKey: 'sk-test' })) {
  const encoded = provider.format.client.encodeRequest(request, {
    model: 'gpt-5.4',
    stream,
    provider: provider.id,
    quirks: provider.quirks,
  });
  return { ...encoded, body: JSON.stringify(encoded.body), stream, signal: new AbortController().signal };
}

describe('the OpenAI provider', () => {
  test('sends Chat Completions with the key as bearer and the headers that were set', async () => {
    const { seen, endpoint } = await fakeOpenAI({
      body: JSON.stringify({
        id: 'chatcmpl-1',
        object: 'chat.completion',
        created: 1,
        model: 'gpt-5.4-2026-03-05',
        choices: [{ index: 0, message: { role: 'assistant', content: 'Hi' }, finish_reason: 'stop' }],
        usage: { prompt_tokens: 3, completion_tokens: 1, total_tokens: 4 },
      }),
    });
    const provider = createOpenAI({
      apiKey: 'sk-test',
      endpoint,
      headers: { 'OpenAI-Organization': 'org-1', 'OpenAI-Project': 'proj-1' },
    });
    const reply = await provider.send(call(false));
    const body = JSON.parse(new TextDecoder().decode(await reply.bytes()));
    await provider.close();
    expect(seen).toHaveLength(1);
    expect(seen[0]).toMatchObject({
      method: 'POST',
      path: '/v1/chat/completions',
      body: { model: 'gpt-5.4', messages: [{ role: 'user', content: 'Hello' }] },
    });
    expect(seen[0]?.headers).toMatchObject({
      authorization: 'Bearer sk-test',
      'content-type': 'application/json',
      'openai-organization': 'org-1',
      'openai-project': 'proj-1',
    });
    expect(provider.format.client.decodeResponse(body, { provider: 'openai' })).toMatchObject({
      model: 'gpt-5.4-2026-03-05',
      parts: [{ type: 'text', text: 'Hi' }],
      finish: { reason: 'stop' },
      usage: { inputTokens: 3, outputTokens: 1 },
    });
  });

  test('streams, whether the endpoint comes with its version path or without', async () => {
    const chunk = (choices: unknown[], usage: unknown = null) =>
      `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'gpt-5.4', choices, usage })}\n\n`;
    const { seen, endpoint } = await fakeOpenAI({
      headers: { 'content-type': 'text/event-stream' },
      body: [
        chunk([{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null }]),
        chunk([{ index: 0, delta: { content: 'Hi' }, finish_reason: null }]),
        chunk([{ index: 0, delta: {}, finish_reason: 'stop' }]),
        chunk([], { prompt_tokens: 3, completion_tokens: 1, total_tokens: 4 }),
        'data: [DONE]\n\n',
      ].join(''),
    });
    const provider = createOpenAI({ apiKey: 'sk-test', endpoint: `${endpoint}/v1` });
    const reply = await provider.send(call(true, provider));
    const decoder = provider.format.client.createStreamDecoder({ provider: provider.id });
    async function* events(): AsyncGenerator<StreamEvent> {
      for await (const frames of reply.frames()) for (const frame of frames) yield* decoder.decode(frame);
      yield* decoder.end();
    }
    const response = await collectResponse(events());
    await provider.close();
    expect(seen[0]).toMatchObject({
      path: '/v1/chat/completions',
      body: { stream: true, stream_options: { include_usage: true } },
    });
    expect(response).toMatchObject({
      parts: [{ type: 'text', text: 'Hi' }],
      finish: { reason: 'stop' },
      usage: { inputTokens: 3, outputTokens: 1 },
    });
  });

  test('an error answer is read, not thrown away', async () => {
    const { endpoint } = await fakeOpenAI({
      status: 429,
      headers: { 'content-type': 'application/json', 'retry-after': '2', 'x-request-id': 'req_1' },
      body: JSON.stringify({
        error: { message: 'Slow down.', type: 'requests', param: null, code: 'rate_limit_exceeded' },
      }),
    });
    const provider = createOpenAI({ apiKey: 'sk-test', endpoint });
    const reply = await provider.send(call(false, provider));
    const body = JSON.parse(new TextDecoder().decode(await reply.bytes()));
    await provider.close();
    const error = new ProviderError(provider.format.client.decodeError(reply.status, reply.headers, body));
    expect(error).toMatchObject({ kind: 'rate-limit', retryAfterMs: 2000, requestId: 'req_1', message: 'Slow down.' });
    expect(error.retryable).toBe(true);
  });

  test('needs a key, and says which', () => {
    expect(() => createOpenAI()).toThrow(/OPENAI_API_KEY/);
    try {
      createOpenAI({ apiKey: '  ' });
      expect.unreachable();
    } catch (error) {
      expect(RouterError.is(error) && error.kind).toBe('missing-key');
    }
  });

  test('has no quirks, so that bytes can go through, and short names that exist', () => {
    expect(createOpenAI({ apiKey: 'sk-test' }).quirks).toEqual({});
    const byId = new Map(openai.catalog.models.map((model) => [model.id, model]));
    for (const id of Object.values(openai.shortNames)) expect(byId.get(id), id).toMatchObject({ status: 'active' });
    expect(byId.get(openai.shortNames.default ?? '')?.capabilities).toMatchObject({ tools: true, vision: true });
    for (const model of openai.catalog.models) expect(model.provider).toBe('openai');
  });
});
