import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { RouterError } from '@signalbox/core';
import { describe, expect, test } from 'vitest';
import { createSimulatorHandler, startSimulator } from '../src/index.ts';
import { createManualClock } from './manual-clock.ts';
import { ANTHROPIC, at, DIALECTS, open, post, useSimulator } from './simulator-client.ts';

const CHAT = { model: 'gpt-5', messages: [{ role: 'user', content: 'Hello' }] };

describe('the request log', () => {
  const simulator = useSimulator();

  test('keeps what was received and no secret', async () => {
    const headers = { authorization: 'Bearer sk-secret', 'x-api-key': 'sk-other', 'x-note': 'kept' };
    await post(simulator(), '/openai/v1/chat/completions?key=sk-third&a=1', CHAT, headers);
    const [entry] = simulator().requests;
    expect(entry).toMatchObject({
      method: 'POST',
      path: '/openai/v1/chat/completions?key=present&a=1',
      headers: { authorization: 'present', 'x-api-key': 'present', 'x-note': 'kept' },
      body: CHAT,
      format: 'openai-chat',
      model: 'gpt-5',
      status: 200,
      eventsSent: 1,
      aborted: false,
    });
    expect(JSON.stringify(entry)).not.toContain('sk-');
  });

  test('hands over the next request as it arrives', async () => {
    const next = simulator().nextRequest();
    await post(simulator(), '/api/chat', { model: 'm', messages: [] });
    expect((await next).path).toBe('/api/chat');
  });
});

describe('keys', () => {
  const simulator = useSimulator({ requireKey: ['good', 'spare'] });

  test('a wrong one, or none, is answered as each vendor does', async () => {
    const statuses: number[] = [];
    for (const dialect of DIALECTS) {
      const headers = { ...dialect.headers, authorization: 'Bearer wrong' };
      const answer = await post(simulator(), dialect.path(false), dialect.body('Hi', false), headers);
      expect(answer.json).toHaveProperty('error');
      statuses.push(answer.status);
    }
    // Google answers 400 API_KEY_INVALID to a bad key.
    expect(statuses).toEqual([401, 401, 401, 400, 401, 401]);
    expect((await post(simulator(), '/v1/chat/completions', CHAT)).status).toBe(401);
  });

  test('a right one is let in, wherever it stands', async () => {
    const places = [
      { authorization: 'Bearer good' },
      { 'x-api-key': 'spare' },
      { 'api-key': 'good' },
      { 'x-goog-api-key': 'good' },
    ];
    for (const headers of places)
      expect((await post(simulator(), '/v1/chat/completions', CHAT, headers as never)).status).toBe(200);
    expect((await post(simulator(), '/v1/chat/completions?key=good', CHAT)).status).toBe(200);
  });
});

describe('time', () => {
  const clock = createManualClock();
  const simulator = useSimulator({ clock });

  test('latency passes before the headers, firstToken after them, and rate between the words', async () => {
    const [, chat] = DIALECTS;
    if (!chat) return expect.unreachable();
    const answer = open(simulator(), chat.path(true), chat.body('Hello', true), {
      'x-simulate': 'words=3; latency=200; firstToken=300; rate=10',
    });
    expect(await clock.nextTimer()).toBe(200);
    expect(simulator().requests[0]?.status).toBeUndefined();
    clock.advance(200);
    const response = await answer;
    expect(await clock.nextTimer()).toBe(300);
    clock.advance(300);
    // Two waits between three words: their tokens at ten a second.
    for (let word = 0; word < 2; word += 1) {
      expect((await clock.nextTimer()) % 100).toBe(0);
      clock.advance(1000);
    }
    expect(chat.streamText(await response.text()).split(' ')).toHaveLength(3);
  });

  test('without streaming all of it passes before the headers', async () => {
    const answer = post(simulator(), '/v1/chat/completions', CHAT, {
      'x-simulate': 'outputTokens=50; firstToken=300; rate=100',
    });
    expect(await clock.nextTimer()).toBe(800);
    expect(simulator().requests[0]?.status).toBeUndefined();
    clock.advance(800);
    expect((await answer).status).toBe(200);
  });

  test('comments go on once a second while a stream is silent', async () => {
    const [, chat] = DIALECTS;
    if (!chat) return expect.unreachable();
    const headers = { 'x-simulate': 'slowFirstToken=3000; comments; words=1' };
    const response = await open(simulator(), chat.path(true), chat.body('Hello', true), headers);
    for (let second = 0; second < 3; second += 1) {
      expect(await clock.nextTimer()).toBe(1000);
      clock.advance(1000);
    }
    expect(await response.text()).toMatch(/^: keep-alive\n\n: keep-alive\n\ndata: /);
  });
});

describe('the side endpoints', () => {
  const simulator = useSimulator({ models: ['model-a', 'model-b'] });
  const get = async (path: string, headers: Record<string, string> = {}) =>
    (await fetch(simulator().url + path, { headers })).json();

  test('list models in the shape of each vendor', async () => {
    expect(await get('/v1/models')).toMatchObject({
      object: 'list',
      data: [{ id: 'model-a', object: 'model' }, { id: 'model-b' }],
    });
    expect(await get('/v1/models', ANTHROPIC)).toMatchObject({
      data: [{ type: 'model', id: 'model-a' }, {}],
      has_more: false,
      last_id: 'model-b',
    });
    expect(await get('/v1beta/models')).toMatchObject({ models: [{ name: 'models/model-a' }, {}] });
    expect(await get('/api/tags')).toMatchObject({ models: [{ name: 'model-a', details: { format: 'gguf' } }, {}] });
    expect(await get('/v1/models/model-z')).toMatchObject({ id: 'model-z' });
  });

  test('tell Ollama’s version, a model’s capabilities and what runs', async () => {
    expect(await get('/api/version')).toMatchObject({ version: expect.any(String) });
    expect(await get('/api/ps')).toMatchObject({ models: [{ size_vram: expect.any(Number) }, {}] });
    expect((await post(simulator(), '/api/show', { model: 'm' })).json).toMatchObject({
      capabilities: ['completion', 'tools', 'thinking', 'vision'],
    });
  });

  test('count tokens as the answer’s usage does', async () => {
    const body = { model: 'claude-x', messages: [{ role: 'user', content: 'Count me, please' }] };
    const counted = await post(simulator(), '/v1/messages/count_tokens', body, ANTHROPIC);
    const answered = await post(simulator(), '/v1/messages', { ...body, max_tokens: 99 }, ANTHROPIC);
    expect(at(counted.json, 'input_tokens')).toBe(at(answered.json, 'usage', 'input_tokens'));
  });

  test('embed texts: unit vectors, near each other where words are common, as floats or base64', async () => {
    const input = ['the quick brown fox', 'the quick brown dog', 'financial statements of 1987'];
    const { json } = await post(simulator(), '/v1/embeddings', { model: 'e', input, dimensions: 64 });
    const [fox, dog, money] = (at(json, 'data') as { embedding: number[] }[]).map((item) => item.embedding);
    const dot = (left: number[] = [], right: number[] = []) =>
      left.reduce((sum, value, index) => sum + value * (right[index] ?? 0), 0);
    expect(dot(fox, fox)).toBeCloseTo(1, 5);
    expect(dot(fox, dog)).toBeGreaterThan(dot(fox, money));
    const packed = await post(simulator(), '/v1/embeddings', {
      model: 'e',
      input: input[0],
      dimensions: 64,
      encoding_format: 'base64',
    });
    const bytes = Buffer.from(String(at(packed.json, 'data', 0, 'embedding')), 'base64');
    expect(bytes.readFloatLE(0)).toBeCloseTo(fox?.[0] ?? Number.NaN, 6);
    expect((await post(simulator(), '/api/embed', { model: 'e', input })).json).toMatchObject({
      embeddings: [{}, {}, {}],
    });
  });

  test('can fail on demand too', async () => {
    const answer = await post(
      simulator(),
      '/v1/embeddings',
      { model: 'e', input: 'x' },
      { 'x-simulate': 'status=500' },
    );
    expect(answer.status).toBe(500);
  });

  test('an unknown path is 404 and a wrong method 405, each with a sentence', async () => {
    const unknown = await post(simulator(), '/v1/nothing', {});
    expect([unknown.status, at(unknown.json, 'error', 'code')]).toEqual([404, 'unknown_url']);
    const wrong = await fetch(`${simulator().url}/v1/messages`);
    expect(wrong.status).toBe(405);
    expect(await wrong.text()).toContain('/v1/messages takes POST, not GET.');
  });
});

describe('the server', () => {
  test('close ends connections that wait, and is no abort by the caller', async () => {
    const simulator = await startSimulator();
    const arrived = simulator.nextRequest();
    const answer = post(simulator, '/v1/chat/completions', CHAT, { 'x-simulate': 'silent' });
    const refused = expect(answer).rejects.toThrow();
    const entry = await arrived;
    await simulator.close();
    await refused;
    await entry.done;
    expect(entry.aborted).toBe(false);
  });

  test('says which port it can’t have', async () => {
    const first = await startSimulator();
    const error = await startSimulator({ port: first.port }).catch((reason: unknown) => reason);
    await first.close();
    expect(RouterError.is(error) && error.kind).toBe('configuration');
    expect(RouterError.is(error) && error.message).toContain(`127.0.0.1:${first.port}`);
  });

  test('its handler works in another server', async () => {
    const handler = createSimulatorHandler({ seed: 7 });
    const server = createServer(handler.handle);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const response = await fetch(`http://127.0.0.1:${port}/api/version`);
    expect(response.status).toBe(200);
    expect(handler.requests).toHaveLength(1);
    handler.stop();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
});
