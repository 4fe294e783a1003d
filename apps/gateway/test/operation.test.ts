import type { GatewayKeys } from '@signalbox/core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createGateway, createGatewayMetrics, type RequestRecord } from '../src/index.ts';
import { type GatewayUnderTest, startGateway } from './running-gateway.ts';

const metrics = createGatewayMetrics();
const records: RequestRecord[] = [];
let under: GatewayUnderTest;
beforeAll(async () => {
  under = await startGateway('', undefined, { metrics, onRequest: (record) => records.push(record) });
});
afterAll(() => under.close());
beforeEach(() => {
  under.simulator.reset();
  records.length = 0;
});

const chat = (fields: object = {}) => ({
  model: 'gpt-4o-mini',
  messages: [{ role: 'user', content: 'Say hello' }],
  ...fields,
});

async function post(path: string, body: object, signal?: AbortSignal): Promise<Response> {
  return fetch(`${under.gateway.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    ...(signal === undefined ? {} : { signal }),
  });
}

/** The value of a series. */
async function figure(series: string): Promise<number> {
  const text = await (await fetch(`${under.gateway.url}/metrics`)).text();
  const line = text.split('\n').find((one) => one.startsWith(`${series} `));
  return Number(line?.slice(series.length + 1) ?? 0);
}

describe('what became of a request', () => {
  it('is told once it is answered, streamed or whole, with the id that the caller has', async () => {
    for (const stream of [false, true]) {
      const answer = await post('/v1/chat/completions', chat({ stream, user: 'ada' }));
      await answer.text();
      await expect.poll(() => records.length).toBe(1);
      expect(records[0]).toMatchObject({
        id: answer.headers.get('x-request-id'),
        api: 'openai-chat',
        status: 200,
        outcome: 'complete',
        requestedModel: 'gpt-4o-mini',
        provider: 'openai',
        model: 'gpt-4o-mini',
        strategy: 'manual',
        lane: 'bytes',
        caller: { user: 'ada' },
        attempts: [{ outcome: 'success' }],
      });
      expect(records[0]?.durationMs).toBeGreaterThanOrEqual(0);
      records.length = 0;
    }
  });

  it('is told of one that failed, with the same id', async () => {
    under.simulator.script([{ behave: { status: 500 } }]);
    const answer = await post('/v1/messages', { ...chat({ model: 'claude-haiku-4-5' }), max_tokens: 10 });
    expect(answer.status).toBe(500);
    expect(records).toMatchObject([
      {
        id: answer.headers.get('request-id'),
        api: 'anthropic-messages',
        status: 500,
        outcome: 'refused',
        strategy: 'manual',
        // What the last call failed of: that all failed stands in the outcome.
        error: 'server',
      },
    ]);
    expect(answer.headers.get('x-signalbox-decision')).toBe(answer.headers.get('request-id'));
    expect(answer.headers.get('x-signalbox-strategy')).toBe('manual');
    expect(answer.headers.get('x-signalbox-attempts')).toBe(String(records[0]?.attempts.length));
    expect(answer.headers.get('x-signalbox-cost')).toBe('0');
    const bad = await post('/v1/chat/completions', {});
    expect(records[1]).toMatchObject({ id: bad.headers.get('x-request-id'), outcome: 'refused' });
  });

  it('is told of one that broke off, and of one that its caller gave up', async () => {
    await (
      await post(
        '/v1/chat/completions',
        chat({ stream: true, messages: [{ role: 'user', content: '[[simulate: words=40; cut=10]] go' }] }),
      )
    ).text();
    await expect.poll(() => records.map((one) => one.outcome)).toEqual(['broken']);
    expect(records[0]?.error).toBe('connection-lost');
    const controller = new AbortController();
    const slow = chat({
      stream: true,
      messages: [{ role: 'user', content: '[[simulate: words=400; interval=20]] go' }],
    });
    const answer = await post('/v1/chat/completions', slow, controller.signal);
    expect(answer.status).toBe(200);
    controller.abort();
    await expect.poll(() => records.map((one) => one.outcome)).toEqual(['broken', 'aborted']);
    expect(records[1]?.error).toBe('aborted');
  });

  it('is told of one whose caller did not wait for its first word, with the call that was made for it', async () => {
    const controller = new AbortController();
    const called = under.simulator.nextRequest();
    const silent = chat({ stream: true, messages: [{ role: 'user', content: '[[simulate: latency=60000]] go' }] });
    const asked = post('/v1/chat/completions', silent, controller.signal);
    await called;
    controller.abort();
    await asked.catch(() => undefined);
    await expect.poll(() => records.length).toBe(1);
    expect(records).toMatchObject([
      { status: 499, outcome: 'aborted', error: 'aborted', strategy: 'manual', attempts: [{ outcome: 'aborted' }] },
    ]);
    expect(under.rows.at(-1)?.decision.id).toBe(records[0]?.id);
  });

  it('is told of counts, vectors and strangers too', async () => {
    await post('/v1/messages/count_tokens', { ...chat({ model: 'claude-haiku-4-5' }) });
    await post('/v1/embeddings', { model: 'text-embedding-3-small', input: 'x' });
    const keys: GatewayKeys = { find: () => undefined, exist: () => true };
    const app = createGateway({ router: under.ready.router, keys, onRequest: (record) => records.push(record) });
    await app.request('/v1/messages', { method: 'POST', body: '{}' });
    expect(records.map(({ api, status, error }) => [api, status, error])).toEqual([
      ['anthropic-messages-tokens', 200, undefined],
      ['openai-chat-embeddings', 200, undefined],
      ['anthropic-messages', 401, 'authentication'],
    ]);
  });
});

describe('GET /metrics', () => {
  it('counts requests, attempts, tokens and money', async () => {
    const requests = 'signalbox_requests_total{api="openai-chat",status="200",outcome="complete"}';
    const attempts = 'signalbox_attempts_total{provider="openai",model="gpt-4o-mini",outcome="success",cause="first"}';
    const input = 'signalbox_tokens_total{provider="openai",model="gpt-4o-mini",kind="input"}';
    const cost = 'signalbox_cost_usd_total{provider="openai",model="gpt-4o-mini"}';
    const before = await Promise.all([requests, attempts, input, cost].map(figure));
    under.simulator.script([{ behave: { inputTokens: 1_000_000, outputTokens: 0 } }]);
    await (await post('/v1/chat/completions', chat())).text();
    await expect.poll(() => figure(requests)).toBe((before[0] ?? 0) + 1);
    expect(await figure(attempts)).toBe((before[1] ?? 0) + 1);
    expect(await figure(input)).toBe((before[2] ?? 0) + 1_000_000);
    expect((await figure(cost)) - (before[3] ?? 0)).toBeCloseTo(0.15, 6);
    expect(
      await figure('signalbox_first_content_seconds_count{provider="openai",model="gpt-4o-mini"}'),
    ).toBeGreaterThan(0);
  });

  it('says which endpoints are left alone', async () => {
    under.simulator.script([{ behave: { status: 503 } }]);
    const available = 'signalbox_endpoint_available{provider="google",model="gemini-2.5-flash",key=""}';
    for (let call = 0; call < 6; call += 1) await post('/v1/chat/completions', chat({ model: 'gemini-2.5-flash' }));
    const text = await (await fetch(`${under.gateway.url}/metrics`)).text();
    expect(text).toContain(`${available} 0`);
  });

  it('keeps no series for every name that callers make up', async () => {
    const own = createGatewayMetrics();
    const ledger = own.ledger(undefined);
    const attempt = {
      candidate: '',
      provider: 'local',
      cause: 'first',
      startedAt: 0,
      durationMs: 1,
      outcome: 'success',
      lane: 'bytes',
      simulated: false,
      notes: [],
    } as const;
    const decision = { id: 'd', decidedAt: 0, strategy: 'manual', reason: '', order: [], removed: [] };
    for (let number = 0; number < 2_000; number += 1) {
      ledger.append({ decision, attempt: { ...attempt, model: `made-up-${number}` }, caller: { tenant: 'local' } });
    }
    const lines = (await own.text()).split('\n').filter((line) => line.startsWith('signalbox_attempts_total{'));
    expect(lines.length).toBeLessThanOrEqual(502);
    expect(lines.find((line) => line.includes('model="other"'))?.endsWith(' 1500')).toBe(true);
  });

  it('is not there where no metrics were given', async () => {
    expect((await createGateway({ router: under.ready.router }).request('/metrics')).status).toBe(404);
  });
});

describe('GET /readyz', () => {
  it('is 200 while a request could be answered', async () => {
    const answer = await fetch(`${under.gateway.url}/readyz`);
    expect([answer.status, await answer.json()]).toEqual([200, { status: 'ready' }]);
  });

  it('is 503 with the reason where none could', async () => {
    const nobody = { ...under.ready.router, candidates: [] };
    const answer = await createGateway({ router: nobody }).request('/readyz');
    expect([answer.status, await answer.json()]).toEqual([
      503,
      { status: 'not ready', reason: 'no model is configured' },
    ]);
  });
});

describe('every answer', () => {
  it.each([
    ['GET', '/v1/models', 200],
    ['GET', '/healthz', 200],
    ['GET', '/nowhere', 404],
    ['POST', '/nowhere', 404],
    ['POST', '/v1/chat/completions', 200],
    ['POST', '/v1/messages/count_tokens', 200],
    ['POST', '/v1/messages', 400],
  ])('says that it is what it says, and that nobody may keep or frame it: %s %s', async (method, path, status) => {
    const body = path === '/v1/messages' ? '[]' : JSON.stringify(chat());
    const answer = await fetch(`${under.gateway.url}${path}`, { method, ...(method === 'GET' ? {} : { body }) });
    await answer.arrayBuffer();
    expect(answer.status).toBe(status);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'cache-control': 'no-cache',
    });
  });
});

describe('the cost of an answer', () => {
  it('is in its head where it is whole, all attempts together, and expected where it is a stream', async () => {
    under.simulator.script([{ behave: { text: 'Good.', inputTokens: 1000, outputTokens: 100 } }]);
    const whole = await post('/v1/chat/completions', chat());
    expect(whole.headers.get('x-signalbox-cost')).toBe('0.00021');
    await whole.text();
    const translated = await post('/v1/messages', { ...chat(), max_tokens: 100 });
    expect(translated.headers.get('x-signalbox-cost')).toBe('0.00021');
    await translated.text();
    const stream = await post('/v1/chat/completions', chat({ stream: true, model: 'auto' }));
    expect(stream.headers.get('x-signalbox-cost')).toBeNull();
    expect(Number(stream.headers.get('x-signalbox-predicted-cost'))).toBeGreaterThan(0);
    await stream.text();
  });

  it('is not there where a price is unknown', async () => {
    const answer = await post('/api/chat', { model: 'mistral:7b', messages: chat().messages, stream: false });
    const cost = answer.headers.get('x-signalbox-cost');
    expect([null, '0']).toContain(cost);
  });
});

describe('the id of a request', () => {
  it('is in each answer, whatever was asked', async () => {
    const { url } = under.gateway;
    const answers = [
      await fetch(`${url}/v1/models`),
      await fetch(`${url}/healthz`),
      await fetch(`${url}/metrics`),
      await fetch(`${url}/openapi.json`),
      await fetch(`${url}/nowhere`),
      await fetch(`${url}/nowhere`, { method: 'DELETE' }),
      await fetch(`${url}/v1/responses`),
      await post('/v1/messages', {}),
      await post('/v1/chat/completions', chat()),
    ];
    const ids = answers.map((answer) => answer.headers.get('x-request-id'));
    expect(new Set(ids).size).toBe(answers.length);
    expect(ids).not.toContain(null);
  });
});
