import Anthropic from '@anthropic-ai/sdk';
import type { GatewayKeys } from '@signalbox/core';
import { afterEach, describe, expect, it } from 'vitest';
import { recordedRequests } from './recorded-requests.ts';
import { type GatewayUnderTest, startGateway } from './running-gateway.ts';

let under: GatewayUnderTest | undefined;
afterEach(async () => {
  await under?.close();
  under = undefined;
});

async function start(...options: Parameters<typeof startGateway>): Promise<GatewayUnderTest> {
  under = await startGateway(...options);
  return under;
}

async function get(path: string, headers: Record<string, string> = {}): Promise<unknown> {
  return (await fetch(`${under?.gateway.url}${path}`, { headers })).json();
}

async function post(path: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
  return fetch(`${under?.gateway.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
}

const messages = (model: string, fields: object = {}) => ({
  model,
  max_tokens: 100,
  messages: [{ role: 'user', content: 'What is the capital of Portugal?' }],
  ...fields,
});
const CLAUDE_CODE = { 'user-agent': 'claude-code/2.1.330', 'anthropic-version': '2023-06-01' };

describe('GET /v1/models', () => {
  it('lists what is routed and the models, in the shape of whoever asks', async () => {
    await start('models: { quick: { chain: [gpt-4o-mini] } }');
    expect(await get('/v1/models')).toMatchObject({
      object: 'list',
      data: [
        { id: 'auto', object: 'model', owned_by: 'signalbox' },
        { id: 'signalbox/best_for_task' },
        { id: 'signalbox/cost_optimized' },
        { id: 'signalbox/performance_optimized' },
        { id: 'signalbox/round_robin' },
        { id: 'signalbox/custom_rules' },
        { id: 'quick' },
        { id: 'claude-sonnet-4-5', owned_by: 'anthropic' },
        { id: 'claude-haiku-4-5' },
        { id: 'gpt-4-turbo' },
        { id: 'gpt-4o-mini' },
        { id: 'gemini-2.5-flash' },
        { id: 'gpt-5-mini' },
        { id: 'mistral:7b' },
      ],
    });
    expect(await get('/v1/models?limit=1000', { 'anthropic-version': '2023-06-01' })).toMatchObject({
      first_id: 'auto',
      last_id: 'mistral:7b',
      has_more: false,
    });
  });

  it("gives Anthropic's clients page by page what they ask for page by page", async () => {
    const { gateway } = await start('models: { claude-haiku-4-5: best_for_task }');
    const client = new Anthropic({ baseURL: gateway.url, apiKey: 'none', maxRetries: 0 });
    const whole = (await client.models.list()).data.map(({ id }) => id);
    expect(whole.length).toBeGreaterThan(5);
    expect(new Set(whole).size).toBe(whole.length);
    for (const limit of [1, 3, whole.length, 1_000]) {
      const paged: string[] = [];
      for await (const { id } of client.models.list({ limit })) paged.push(id);
      expect(paged).toEqual(whole);
    }
    const ANTHROPIC = { 'anthropic-version': '2023-06-01' };
    expect(await get(`/v1/models?limit=2&before_id=${whole[3]}`, ANTHROPIC)).toMatchObject({
      data: [{ id: whole[1] }, { id: whole[2] }],
      has_more: true,
      first_id: whole[1],
      last_id: whole[2],
    });
    expect(await get(`/v1/models?before_id=${whole[1]}`, ANTHROPIC)).toMatchObject({ has_more: false });
    expect(await get(`/v1/models?after_id=${whole.at(-1)}`, ANTHROPIC)).toEqual({
      data: [],
      has_more: false,
      first_id: null,
      last_id: null,
    });
    for (const query of [
      'limit=0',
      'limit=1001',
      'limit=x',
      'limit=',
      'after_id=none',
      'after_id=auto&before_id=auto',
    ]) {
      expect(await get(`/v1/models?${query}`, ANTHROPIC)).toMatchObject({
        type: 'error',
        error: { type: 'invalid_request_error', message: expect.stringMatching(/limit|after_id/) },
      });
    }
    // OpenAI's API has no pages.
    expect(await get('/v1/models?limit=1')).toMatchObject({ object: 'list', data: { length: whole.length } });
  });

  it("gives Google's clients page by page what they ask for page by page", async () => {
    await start();
    interface Page {
      readonly models: readonly { readonly name: string }[];
      readonly nextPageToken?: string;
    }
    const page = async (query: string) => (await get(`/v1beta/models${query}`)) as Page;
    const whole = await page('');
    expect(whole).not.toHaveProperty('nextPageToken');
    const paged: string[] = [];
    let token: string | undefined = '';
    while (token !== undefined) {
      const { models, nextPageToken }: Page = await page(`?pageSize=2&pageToken=${token}`);
      expect(models.length).toBeLessThanOrEqual(2);
      paged.push(...models.map(({ name }) => name));
      token = nextPageToken;
    }
    expect(paged).toEqual(whole.models.map(({ name }) => name));
    expect((await page('?pageSize=5000')).models).toHaveLength(paged.length);
    for (const query of ['?pageSize=-1', '?pageSize=x', '?pageToken=%00', '?pageToken=bm9uZQ']) {
      expect(await get(`/v1beta/models${query}`)).toMatchObject({
        error: { code: 400, status: 'INVALID_ARGUMENT', message: expect.stringMatching(/^page(Size|Token)/) },
      });
    }
  });

  it.each([
    ['their library', '', { 'x-goog-api-client': 'google-genai-sdk/3.1.0 gl-node/24' }],
    ['their header for keys', '', { 'x-goog-api-key': 'any' }],
    ['their place for keys', 'key=any', {}],
  ])("answers Google's clients below /v1 as below /v1beta, known by %s", async (_, query, headers) => {
    await start();
    expect(await get(`/v1/models?pageSize=2&${query}`, headers)).toEqual(await get('/v1beta/models?pageSize=2'));
    expect(await get(`/v1/models/gpt-4o-mini?${query}`, headers)).toEqual(await get('/v1beta/models/gpt-4o-mini'));
    expect(await get(`/v1/models/none?${query}`, headers)).toMatchObject({ error: { status: 'NOT_FOUND' } });
  });

  it('gives Claude Code, which shows names of Claude models only, names that it shows; each can be asked for', async () => {
    const { gateway } = await start();
    const { data } = (await get('/v1/models?limit=1000', CLAUDE_CODE)) as { data: { id: string }[] };
    const ids = data.map((one) => one.id);
    expect(ids.filter((id) => !id.startsWith('claude'))).toEqual([]);
    expect(ids).toEqual(
      expect.arrayContaining(['claude-signalbox-auto', 'claude-sonnet-4-5', 'claude-signalbox-gpt-4o-mini']),
    );
    const client = new Anthropic({ baseURL: gateway.url, apiKey: 'any', maxRetries: 0 });
    for (const id of ids) {
      const answer = await client.messages.create({
        model: id,
        max_tokens: 50,
        messages: [{ role: 'user', content: 'hi' }],
      });
      expect(answer.content.length, id).toBeGreaterThan(0);
    }
    expect(under?.rows.map((row) => row.decision.strategy)).toContain('best_for_task');
  });

  it('shows one of them', async () => {
    await start();
    expect(await get('/v1/models/gpt-4o-mini')).toMatchObject({ id: 'gpt-4o-mini', owned_by: 'openai' });
    expect(await get('/v1/models/signalbox%2Fbest_for_task')).toMatchObject({ id: 'signalbox/best_for_task' });
    expect(await get('/v1/models/claude-haiku-4-5', CLAUDE_CODE)).toMatchObject({
      type: 'model',
      id: 'claude-haiku-4-5',
    });
    // Whoever asks: the name can be asked for, so it can be looked at.
    for (const headers of [CLAUDE_CODE, {}]) {
      const shown = await get('/v1/models/claude-signalbox-best_for_task', headers);
      expect(shown).toMatchObject({ id: 'claude-signalbox-best_for_task' });
    }
    for (const name of [
      'openai/gpt-4o-mini',
      'gpt-4o-mini-2024-07-18',
      'claude-signalbox-openai/gpt-4o-mini',
      'haiku',
    ]) {
      const owned_by = name === 'haiku' ? 'anthropic' : 'openai';
      expect(await get(`/v1/models/${name}`), name).toMatchObject({ id: name, owned_by });
    }
    expect(await get('/v1beta/models/openai/gpt-4o-mini')).toMatchObject({ name: 'models/openai/gpt-4o-mini' });
    expect(await (await post('/api/show', { model: 'openai/gpt-4o-mini' })).json()).toMatchObject({
      capabilities: expect.arrayContaining(['completion']),
    });
    expect(await get('/v1/models/%zz')).toMatchObject({ error: { code: 'model_not_found' } });
    expect(await get('/v1beta/models/%zz')).toMatchObject({ error: { status: 'NOT_FOUND' } });
    expect(await get('/v1beta/models/gpt-4o-mini')).toMatchObject({ name: 'models/gpt-4o-mini' });
    expect(await get('/v1/models/none')).toMatchObject({ error: { code: 'model_not_found' } });
    expect(await get('/v1/models/none', CLAUDE_CODE)).toMatchObject({ error: { type: 'not_found_error' } });
  });

  it('shows a key the models that it may use', async () => {
    const key = { name: 'ci', tags: [], models: ['gpt-*'], limits: {}, createdAt: 0 };
    const keys: GatewayKeys = { find: () => key, exist: () => true };
    await start('', undefined, { keys });
    const headers = { authorization: 'Bearer any' };
    const { data } = (await get('/v1/models', headers)) as { data: { id: string; owned_by: string }[] };
    expect(data.filter((one) => one.owned_by !== 'signalbox').map((one) => one.id)).toEqual([
      'gpt-4-turbo',
      'gpt-4o-mini',
      'gpt-5-mini',
    ]);
    const google = (await get('/v1beta/models', headers)) as { models: { name: string }[] };
    expect(google.models.map((one) => one.name).filter((name) => !/auto|signalbox/.test(name))).toEqual([
      'models/gpt-4-turbo',
      'models/gpt-4o-mini',
      'models/gpt-5-mini',
    ]);
    const pulled = (await get('/api/tags', headers)) as { models: { name: string }[] };
    expect(pulled.models.map(({ name }) => `models/${name}`)).toEqual(google.models.map(({ name }) => name));
    expect((await post('/api/show', { model: 'mistral:7b' }, headers)).status).toBe(404);
  });
});

describe('a name that a pattern fits', () => {
  it('is routed, and the model that was named is a candidate', async () => {
    await start('models: { "claude-*": best_for_task }');
    const answer = await post('/v1/messages', messages('claude-opus-4-1'));
    expect(answer.headers.get('x-signalbox-strategy')).toBe('best_for_task');
    expect(under?.rows.at(-1)?.decision.order.map((one) => one.model)).toContain('claude-opus-4-1');
    const exact = await post('/v1/messages', messages('anthropic/claude-haiku-4-5'));
    expect(exact.headers.get('x-signalbox-strategy')).toBe('manual');
  });
});

describe('a strategy that is not to be had', () => {
  it('is a model that nobody knows, to whoever asks for it: no fault of the gateway', async () => {
    const faults: unknown[] = [];
    await start('', undefined, { onFault: (fault) => faults.push(fault) });
    for (const name of ['signalbox/cheapest', 'claude-signalbox-cheapest', 'signalbox/fallback_chain']) {
      const answer = await post('/v1/messages', messages(name));
      expect([name, answer.status]).toEqual([name, 404]);
      expect(await answer.json()).toMatchObject({ error: { type: 'not_found_error' } });
    }
    const openai = await post('/v1/chat/completions', messages('signalbox/cheapest'));
    expect(await openai.json()).toMatchObject({
      error: { code: 'model_not_found', message: expect.stringContaining('there are manual, best_for_task') },
    });
    expect(faults).toEqual([]);
  });
});

describe('routing.apply_to: all', () => {
  it('routes names that nobody knows, lowers a limit that the chosen model has not, and counts tokens', async () => {
    await start('routing: { apply_to: all }');
    const answer = await post('/v1/messages', messages('claude-of-tomorrow', { max_tokens: 500_000 }));
    expect([answer.status, answer.headers.get('x-signalbox-strategy')]).toEqual([200, 'best_for_task']);
    const sent = under?.simulator.requests[0]?.body as { max_tokens?: number; max_completion_tokens?: number };
    expect(sent.max_tokens ?? sent.max_completion_tokens).toBeLessThan(500_000);
    const counted = await post('/v1/messages/count_tokens', {
      ...messages('claude-of-tomorrow'),
      max_tokens: undefined,
    });
    expect(await counted.json()).toMatchObject({ input_tokens: expect.any(Number) });
  });

  /** The second one can answer in a schema. */
  const CHEAP = ['mistral:7b', 'gpt-4o-mini'];
  it
    .skipIf(recordedRequests().length === 0)
    .each(['claude-interactive-title', 'opencode-title-call', 'gemini-router-call', 'claude-haiku'])(
    'sends what was recorded of clients where it belongs (skipped where no records lie beside the checkout): %s',
    async (name) => {
      const recorded = recordedRequests().find((one) => one.name === name);
      if (recorded === undefined) throw new Error(`no request ${name} is recorded`);
      await start('routing: { apply_to: all }');
      const body = recorded.body as { stream?: boolean; tools?: unknown[] };
      const answer = await post(recorded.url, body, { 'user-agent': recorded.headers['user-agent'] ?? '' });
      expect(answer.status).toBe(200);
      await answer.arrayBuffer();
      const small = (body.tools?.length ?? 0) === 0;
      expect(answer.headers.get('x-signalbox-strategy')).toBe(small ? 'cheapest' : 'best_for_task');
      if (small) expect(CHEAP).toContain(answer.headers.get('x-signalbox-model'));
    },
  );

  it.each([
    [
      "Claude Code's title",
      messages('claude-opus-4-1', {
        output_config: {
          format: { type: 'json_schema', schema: { type: 'object', properties: { title: { type: 'string' } } } },
        },
      }),
      {},
      'cheapest',
    ],
    [
      "opencode's title",
      messages('claude-opus-4-1', { system: 'You are a title generator. You output ONLY a thread title.' }),
      {},
      'cheapest',
    ],
    [
      'haiku, asked by Claude Code',
      messages('claude-haiku-4-5'),
      { 'user-agent': 'claude-cli/2.1.330 (external, cli)' },
      'cheapest',
    ],
    ['haiku, asked by anybody', messages('claude-haiku-4-5'), {}, 'best_for_task'],
    [
      'haiku with tools, asked by Claude Code',
      messages('claude-haiku-4-5', { tools: [{ name: 'look', input_schema: { type: 'object' } }] }),
      { 'user-agent': 'claude-cli/2.1.330 (external, cli)' },
      'best_for_task',
    ],
  ] as const)('%s', async (_, body, headers, strategy) => {
    await start('routing: { apply_to: all }');
    const answer = await post('/v1/messages', body, headers);
    expect([answer.status, answer.headers.get('x-signalbox-strategy')]).toEqual([200, strategy]);
  });
});
