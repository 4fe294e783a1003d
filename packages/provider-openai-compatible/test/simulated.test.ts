import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  collectResponse,
  type ModelRequest,
  type ModelResponse,
  type Provider,
  ProviderError,
  responseText,
  type StreamEvent,
} from '@signalbox/core';
import { type Simulator, startSimulator } from '@signalbox/simulator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anyServer, createOpenAICompatible, presets } from '../src/index.ts';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.close());

const ask = (prompt: string, rest: Partial<ModelRequest> = {}): ModelRequest => ({
  system: [{ type: 'text', text: 'Be brief.' }],
  messages: [{ role: 'user', parts: [{ type: 'text', text: prompt }] }],
  maxOutputTokens: 200,
  ...rest,
});

const LOOKUP = { type: 'function', name: 'lookup', parameters: { type: 'object' } } as const;

/** One call, as the engine makes it. Throws ProviderError on an error answer. */
async function call(provider: Provider, request: ModelRequest, stream: boolean): Promise<ModelResponse> {
  const { client } = provider.format;
  const { path, headers, body } = client.encodeRequest(request, {
    model: 'sample-model',
    stream,
    provider: provider.id,
    quirks: provider.quirks,
  });
  const signal = new AbortController().signal;
  const reply = await provider.send({ path, headers, body: JSON.stringify(body), stream, signal });
  if (reply.status !== 200 || !stream) {
    const answer: unknown = JSON.parse(new TextDecoder().decode(await reply.bytes()));
    if (reply.status === 200) return client.decodeResponse(answer, { provider: provider.id });
    throw new ProviderError(client.decodeError(reply.status, reply.headers, answer));
  }
  const decoder = client.createStreamDecoder({ provider: provider.id });
  async function* events(): AsyncGenerator<StreamEvent> {
    for await (const frames of reply.frames()) for (const frame of frames) yield* decoder.decode(frame);
    yield* decoder.end();
  }
  return collectResponse(events());
}

const definitions = [...Object.values(presets), anyServer];

describe.each(definitions.map((one) => [one.id, one] as const))('%s', (_id, definition) => {
  const connected = async (use: (provider: Provider) => Promise<void>) => {
    const provider = definition.create({ apiKey: 'sample', endpoint: simulator.url });
    try {
      await use(provider);
    } finally {
      await provider.close();
    }
  };

  it.each([false, true])('answers (stream: %s)', (stream) =>
    connected(async (provider) => {
      const response = await call(provider, ask('[[simulate: text="Lisbon."]] Capital of Portugal?'), stream);
      expect(responseText(response)).toBe('Lisbon.');
      expect(response.finish.reason).toBe('stop');
      // Where a stream can't be asked for its usage, the vendor sends it unasked; the simulator doesn't.
      if (!stream || provider.quirks.streamUsage !== false) expect(response.usage?.outputTokens).toBeGreaterThan(0);
    }),
  );

  it.each([false, true])('calls a tool, and takes the result back (stream: %s)', (stream) =>
    connected(async (provider) => {
      const first = ask('[[simulate: toolCall=lookup {"city":"Porto"}]] Weather?', { tools: [LOOKUP] });
      const called = await call(provider, first, stream);
      const part = called.parts.find((one) => one.type === 'tool-call');
      expect(part).toMatchObject({ name: 'lookup', arguments: expect.stringContaining('Porto') });
      expect(called.finish.reason).toBe('tool-calls');
      const result = {
        type: 'tool-result',
        callId: part?.id ?? '',
        content: [{ type: 'text', text: 'Rain' }],
      } as const;
      const messages = [...first.messages, { role: 'assistant', parts: called.parts } as const];
      const second: ModelRequest = { ...first, messages: [...messages, { role: 'user', parts: [result] }] };
      expect(responseText(await call(provider, second, stream))).not.toBe('');
    }),
  );

  it('hands errors on: of an answer, inside a stream, and of a stream that broke off', () =>
    connected(async (provider) => {
      const limited = call(provider, ask('[[simulate: error=rate_limit_exceeded; retryAfter=2]]'), true);
      await expect(limited).rejects.toMatchObject({ kind: 'rate-limit', retryAfterMs: 2000 });
      const overloaded = call(provider, ask('[[simulate: words=9; errorEvent=3]]'), true);
      await expect(overloaded).rejects.toMatchObject({ kind: 'overloaded' });
      const cut = call(provider, ask('[[simulate: words=9; cut=3]]'), true);
      await expect(cut).rejects.toMatchObject({ kind: 'connection-lost' });
    }));
});

describe('what is sent', () => {
  async function sentBy(make: (endpoint: string) => Provider, request: ModelRequest) {
    const seen: { url: string | undefined; key: unknown; body: Record<string, unknown> }[] = [];
    const server = createServer(async (incoming, outgoing) => {
      const chunks: Buffer[] = [];
      for await (const chunk of incoming) chunks.push(chunk as Buffer);
      const { authorization, 'api-key': apiKey } = incoming.headers;
      seen.push({
        url: incoming.url,
        key: authorization ?? apiKey,
        body: JSON.parse(Buffer.concat(chunks).toString()),
      });
      outgoing.end('{"choices":[{"index":0,"message":{"role":"assistant","content":"ok"},"finish_reason":"stop"}]}');
    });
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    const provider = make(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    try {
      await call(provider, request, false);
    } finally {
      await provider.close();
      await new Promise((closed) => server.close(closed));
    }
    return seen[0];
  }
  const preset =
    (id: string, suffix = '') =>
    (endpoint: string) => {
      const made = presets[id]?.create({ apiKey: 'k', endpoint: `${endpoint}${suffix}` });
      if (made === undefined) throw new Error(`there is no preset ${id}`);
      return made;
    };

  it.each([
    ['mistral', '', '/v1/chat/completions', 'Bearer k'],
    ['deepseek', '/beta', '/beta/chat/completions', 'Bearer k'],
    ['zai', '/api/coding/paas/v4', '/api/coding/paas/v4/chat/completions', 'Bearer k'],
    ['azure', '', '/openai/v1/chat/completions', 'k'],
    [
      'azure',
      '/openai/deployments/gpt?api-version=2024-10-21',
      '/openai/deployments/gpt/chat/completions?api-version=2024-10-21',
      'k',
    ],
  ])('%s%s goes to %s with the key as %s', async (id, suffix, url, key) => {
    expect(await sentBy(preset(id, suffix), ask('Hi'))).toMatchObject({ url, key });
  });

  it('any server: a bare host gets /v1, a path is taken as it is, and the key may go in another header', async () => {
    const any = (suffix: string) => (endpoint: string) =>
      createOpenAICompatible({ endpoint: `${endpoint}${suffix}`, apiKey: 'k', authentication: 'api-key' });
    expect(await sentBy(any(''), ask('Hi'))).toMatchObject({ url: '/v1/chat/completions', key: 'k' });
    expect(await sentBy(any('/api/v3'), ask('Hi'))).toMatchObject({ url: '/api/v3/chat/completions' });
    const keyless = (endpoint: string) => createOpenAICompatible({ endpoint });
    expect(await sentBy(keyless, ask('Hi'))).toMatchObject({ key: undefined });
  });

  it.each<[string, Partial<ModelRequest>, object, readonly string[]]>([
    [
      'mistral',
      { sampling: { seed: 1 }, userId: 'u', tools: [LOOKUP], toolChoice: { type: 'required' } },
      { random_seed: 1, max_tokens: 200, tool_choice: 'any' },
      ['user', 'seed', 'stream_options'],
    ],
    ['groq', { logprobs: { alternatives: 1 } }, { max_completion_tokens: 200 }, ['logprobs', 'top_logprobs']],
    ['deepseek', { reasoning: { mode: 'on' } }, { thinking: { type: 'enabled' } }, ['reasoning_effort']],
    ['openrouter', { reasoning: { effort: 'low' } }, { reasoning: { enabled: true, effort: 'low' } }, []],
    ['qwen', { reasoning: { budgetTokens: 100 } }, { enable_thinking: true, thinking_budget: 100 }, []],
    ['cerebras', { sampling: { presencePenalty: 1 } }, {}, ['presence_penalty']],
    [
      'lmstudio',
      { output: { type: 'json' }, tools: [LOOKUP], toolChoice: { type: 'tool', name: 'lookup' } },
      { response_format: { type: 'json_schema' }, tool_choice: 'required' },
      [],
    ],
    ['azure', { userId: 'u', toolChoice: { type: 'auto' }, tools: [LOOKUP] }, { user: 'u' }, ['max_tokens']],
  ])('%s: %j as %j', async (id, request, fields, absent) => {
    const sent = await sentBy(preset(id), ask('Hi', request));
    expect(sent?.body).toMatchObject(fields);
    for (const field of absent) expect(sent?.body).not.toHaveProperty(field);
  });
});
