import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import OpenAI from 'openai';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keysOf } from './keys-of.ts';
import { type GatewayUnderTest, startGateway } from './running-gateway.ts';

interface Arrived {
  readonly call: string;
  readonly key: string;
  readonly body: string;
}

interface Kept {
  status: string;
  usage: object | null;
}

const USAGE = { input_tokens: 1_000, output_tokens: 500, total_tokens: 1_500 };
const RESPONSE = {
  object: 'response',
  created_at: 1,
  model: 'gpt-5-mini-2025-08-07',
  error: null,
  incomplete_details: null,
};
const OUTPUT = [
  {
    type: 'message',
    id: 'msg_1',
    role: 'assistant',
    status: 'completed',
    content: [{ type: 'output_text', text: 'Far.', annotations: [] }],
  },
];

/** A provider that keeps responses, as OpenAI's reference describes it. */
async function startKeeper() {
  const arrived: Arrived[] = [];
  const kept = new Map<string, Kept>();
  let made = 0;
  let holdsBehind = Number.POSITIVE_INFINITY;
  const shown = (id: string, { status, usage }: Kept, background: boolean) => ({
    ...RESPONSE,
    id,
    background,
    status,
    usage,
    output: status === 'completed' ? OUTPUT : [],
  });

  function create(body: string, response: ServerResponse): void {
    const { background = false, stream = false } = JSON.parse(body) as { background?: boolean; stream?: boolean };
    made += 1;
    const id = `resp_${made}`;
    const state = background ? { status: 'queued', usage: null } : { status: 'completed', usage: USAGE };
    kept.set(id, state);
    if (stream) events(response, id, background, 0);
    else json(response, 200, shown(id, state, background));
  }

  function events(response: ServerResponse, id: string, background: boolean, after: number): undefined {
    const done = { status: 'completed', usage: USAGE };
    const all = [
      ['response.created', { response: shown(id, { status: 'in_progress', usage: null }, background) }],
      ['response.output_item.added', { output_index: 0, item: { ...OUTPUT[0], content: [], status: 'in_progress' } }],
      [
        'response.content_part.added',
        {
          output_index: 0,
          content_index: 0,
          item_id: 'msg_1',
          part: { type: 'output_text', text: '', annotations: [] },
        },
      ],
      ['response.output_text.delta', { output_index: 0, content_index: 0, item_id: 'msg_1', delta: 'Far.' }],
      ['response.output_text.done', { output_index: 0, content_index: 0, item_id: 'msg_1', text: 'Far.' }],
      ['response.output_item.done', { output_index: 0, item: OUTPUT[0] }],
      ['response.completed', { response: shown(id, done, background) }],
    ] as const;
    kept.set(id, done);
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const [index, [type, event]] of all.entries()) {
      if (index <= after && after > 0) continue;
      if (index > holdsBehind) return;
      response.write(`event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: index, ...event })}\n\n`);
    }
    response.end();
  }

  function answer({ method, url = '', headers }: IncomingMessage, body: string, response: ServerResponse): undefined {
    arrived.push({ call: `${method} ${url}`, key: headers.authorization?.slice('Bearer '.length) ?? '', body });
    const { pathname, searchParams } = new URL(url, 'http://keeper');
    if (method === 'POST' && pathname.endsWith('/responses')) {
      create(body, response);
      return;
    }
    const [, id = '', rest = ''] = /\/responses\/([^/]+)(\/.*)?$/.exec(pathname) ?? [];
    const found = kept.get(id);
    if (found === undefined) {
      const message = `Response with id '${id}' not found.`;
      return json(response, 404, { error: { message, type: 'invalid_request_error', param: null, code: null } });
    }
    if (rest === '/input_items') {
      const item = { type: 'message', id: 'msg_0', role: 'user', content: [{ type: 'input_text', text: 'How far?' }] };
      return json(response, 200, {
        object: 'list',
        data: [item],
        first_id: 'msg_0',
        last_id: 'msg_0',
        has_more: false,
      });
    }
    if (rest === '/cancel') found.status = 'cancelled';
    if (method === 'DELETE') {
      kept.delete(id);
      return json(response, 200, { id, object: 'response', deleted: true });
    }
    if (searchParams.get('stream') === 'true') {
      return events(response, id, true, Number(searchParams.get('starting_after') ?? 0));
    }
    json(response, 200, shown(id, found, true));
  }

  const server = createServer((request, response) => {
    const chunks: Uint8Array[] = [];
    request.on('data', (chunk: Uint8Array) => chunks.push(chunk));
    request.on('end', () => answer(request, Buffer.concat(chunks).toString('utf8'), response));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    arrived,
    kept,
    /** Streams stop behind an event, their first words as a rule, and stay open. */
    hold: (behind = 3) => {
      holdsBehind = behind;
    },
    release: () => {
      holdsBehind = Number.POSITIVE_INFINITY;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}

/** Answers; ends whatever it is the last word of. */
function json(response: ServerResponse, status: number, body: object): undefined {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

let keeper: Awaited<ReturnType<typeof startKeeper>>;
let under: GatewayUnderTest;
beforeEach(async () => {
  keeper = await startKeeper();
});
afterEach(async () => {
  await under.close();
  await keeper.close();
});

const TWO_KEEPERS = (simulator: string) => `
  one: { type: openai-responses, endpoint: "${keeper.url}/one/v1", api_keys: [a, b, c], models: [gpt-5-mini] }
  two: { type: openai-responses, endpoint: "${keeper.url}/two/v1", api_key: k, models: [gpt-5] }
  anthropic: { endpoint: "${simulator}/anthropic", api_key: k, models: [claude-haiku-4-5] }`;
const ONE_KEEPER = (simulator: string) => `
  one: { type: openai-responses, endpoint: "${keeper.url}/one/v1", api_key: k, models: [gpt-5-mini] }
  anthropic: { endpoint: "${simulator}/anthropic", api_key: k, models: [claude-haiku-4-5] }`;

async function start(providers = TWO_KEEPERS, keys?: Parameters<typeof keysOf>[0]): Promise<void> {
  under = await startGateway('', providers, keys === undefined ? {} : { keys: keysOf(keys) });
}

async function call(method: string, path: string, body?: object, key = 'none') {
  const answer = await fetch(`${under.gateway.url}${path}`, {
    method,
    headers: { 'content-type': 'application/json', ...(key === 'none' ? {} : { authorization: `Bearer ${key}` }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, text, body: text.startsWith('{') ? JSON.parse(text) : {} };
}

const asks = { model: 'gpt-5-mini', input: 'How far is the moon?' };
const lastCall = () => keeper.arrived.at(-1)?.call;
const notFound = {
  status: 404,
  body: { error: { type: 'invalid_request_error', message: expect.stringMatching(/not found/) } },
};

describe('an answer that a provider keeps', () => {
  it('is read, its input listed and itself deleted where it was made, with the key that made it', async () => {
    await start();
    const ids: [id: string, provider: string, key: string | undefined][] = [];
    for (const model of ['gpt-5-mini', 'gpt-5', 'gpt-5-mini', 'gpt-5-mini']) {
      const { body, headers } = await call('POST', '/v1/responses', { ...asks, model });
      ids.push([body.id, headers.get('x-signalbox-provider') ?? '', keeper.arrived.at(-1)?.key]);
    }
    for (const [id, provider, key] of ids) {
      const read = await call('GET', `/v1/responses/${id}?include[]=reasoning.encrypted_content`);
      expect(read).toMatchObject({ status: 200, body: { id, status: 'completed', output: OUTPUT } });
      expect(read.headers.get('x-signalbox-provider')).toBe(provider);
      expect(keeper.arrived.at(-1)).toMatchObject({
        call: `GET /${provider}/v1/responses/${id}?include[]=reasoning.encrypted_content`,
        key,
        body: '',
      });
      const items = await call('GET', `/v1/responses/${id}/input_items?limit=5`);
      expect(items.body).toMatchObject({ object: 'list', data: [{ id: 'msg_0' }] });
      expect(lastCall()).toBe(`GET /${provider}/v1/responses/${id}/input_items?limit=5`);
      expect((await call('DELETE', `/v1/responses/${id}`)).body).toEqual({ id, object: 'response', deleted: true });
      expect(keeper.arrived.at(-1)?.key).toBe(key);
      expect(await call('GET', `/v1/responses/${id}`)).toMatchObject(notFound);
    }
    // Asking costs nothing.
    expect(under.rows).toHaveLength(4);
  });

  it('is not found where nobody is known to keep it, and no provider is asked', async () => {
    await start();
    const { length } = keeper.arrived;
    for (const [method, path] of [
      ['GET', '/v1/responses/resp_999'],
      ['DELETE', '/v1/responses/resp_999'],
      ['POST', '/v1/responses/resp_999/cancel'],
      ['GET', '/v1/responses/resp_999/input_items'],
    ] as const) {
      expect(await call(method, path)).toMatchObject(notFound);
    }
    expect(keeper.arrived).toHaveLength(length);
  });

  it('is not found where a provider wrote it that keeps none', async () => {
    await start();
    const { body } = await call('POST', '/v1/responses', { ...asks, model: 'claude-haiku-4-5' });
    expect(await call('GET', `/v1/responses/${body.id}`)).toMatchObject(notFound);
  });

  it('can be had from nobody where no provider keeps any', async () => {
    await start(
      (simulator) => `
  anthropic: { endpoint: "${simulator}/anthropic", api_key: k, models: [claude-haiku-4-5] }`,
    );
    expect(await call('GET', '/v1/responses/resp_1')).toMatchObject({
      status: 400,
      body: {
        error: { type: 'invalid_request_error', message: expect.stringMatching(/No provider.*keeps responses/) },
      },
    });
  });

  it('is asked from the only one that can have it, where it is from before the gateway', async () => {
    await start(ONE_KEEPER);
    keeper.kept.set('resp_old', { status: 'completed', usage: USAGE });
    expect(await call('GET', '/v1/responses/resp_old')).toMatchObject({ status: 200, body: { id: 'resp_old' } });
    expect(await call('GET', '/v1/responses/resp_older')).toMatchObject({
      status: 404,
      body: { error: { message: "Response with id 'resp_older' not found." } },
    });
  });

  it.each([
    ['POST', '/v1/responses/resp_1'],
    ['GET', '/v1/responses/resp_1/cancel'],
    ['GET', '/v1/responses/resp_1/nonsense'],
  ])('%s %s is no call', async (method, path) => {
    await start(ONE_KEEPER);
    expect((await call(method, path, method === 'POST' ? {} : undefined)).status).toBeGreaterThanOrEqual(404);
    expect(keeper.arrived).toEqual([]);
  });
});

describe('with keys', () => {
  const keys = { 'sk-1': { name: 'first' }, 'sk-2': { name: 'second' } };

  it('an answer is there for the key that it was made with, and for no other', async () => {
    await start(TWO_KEEPERS, keys);
    const { body } = await call('POST', '/v1/responses', asks, 'sk-1');
    const path = `/v1/responses/${body.id}`;
    for (const [method, rest] of [
      ['GET', ''],
      ['GET', '/input_items'],
      ['POST', '/cancel'],
      ['DELETE', ''],
    ] as const) {
      expect(await call(method, path + rest, undefined, 'sk-2')).toMatchObject(notFound);
    }
    const next = { ...asks, previous_response_id: body.id };
    expect(await call('POST', '/v1/responses', next, 'sk-2')).toMatchObject({
      status: 400,
      body: { error: { param: 'previous_response_id', message: expect.stringMatching(/this key/) } },
    });
    expect(keeper.arrived).toHaveLength(1);
    expect((await call('GET', path)).status).toBe(401);
    expect((await call('GET', path, undefined, 'sk-1')).status).toBe(200);
    expect((await call('POST', '/v1/responses', next, 'sk-1')).status).toBe(200);
  });

  it("nobody is asked for what nobody made here: it may be anybody's", async () => {
    await start(ONE_KEEPER, keys);
    keeper.kept.set('resp_old', { status: 'completed', usage: USAGE });
    expect(await call('GET', '/v1/responses/resp_old', undefined, 'sk-1')).toMatchObject(notFound);
    expect(keeper.arrived).toEqual([]);
  });
});

describe('an answer that is made in the background', () => {
  it('is booked in full when it is first seen to be over, and once', async () => {
    await start(ONE_KEEPER);
    const { body } = await call('POST', '/v1/responses', { ...asks, background: true });
    expect(body).toMatchObject({ status: 'queued', usage: null });
    const path = `/v1/responses/${body.id}`;
    const state = keeper.kept.get(body.id);
    expect((await call('GET', path)).body.status).toBe('queued');
    expect(under.rows).toHaveLength(1);
    Object.assign(state ?? {}, { status: 'completed', usage: USAGE });
    for (const _ of [1, 2, 3]) expect((await call('GET', path)).body.status).toBe('completed');
    expect(under.rows).toHaveLength(2);
    const sum = (of: (row: (typeof under.rows)[number]) => number | undefined) =>
      under.rows.reduce((total, row) => total + (of(row) ?? 0), 0);
    expect(sum(({ attempt }) => attempt.usage?.inputTokens)).toBe(USAGE.input_tokens);
    expect(sum(({ attempt }) => attempt.usage?.outputTokens)).toBe(USAGE.output_tokens);
    const [first, rest] = under.rows;
    expect(rest?.attempt.cause).toBe('continuation');
    expect(rest?.decision.id).toBe(first?.decision.id);
    const direct = await call('POST', '/v1/responses', asks);
    expect(direct.status).toBe(200);
    const price = under.rows.at(-1)?.attempt.cost?.nanoUsd;
    expect(price).toBeGreaterThan(0);
    expect((first?.attempt.cost?.nanoUsd ?? 0) + (rest?.attempt.cost?.nanoUsd ?? 0)).toBe(price);
  });

  it('is cancelled, and read as a stream from where its reader was', async () => {
    await start(ONE_KEEPER);
    const client = new OpenAI({ apiKey: 'k', baseURL: `${under.gateway.url}/v1`, maxRetries: 0 });
    const first = await client.responses.create({ ...asks, background: true });
    expect((await client.responses.cancel(first.id)).status).toBe('cancelled');
    expect(keeper.arrived.at(-1)).toMatchObject({ call: `POST /one/v1/responses/${first.id}/cancel`, body: '' });

    const second = await client.responses.create({ ...asks, background: true });
    const stream = await client.responses.retrieve(second.id, { stream: true, starting_after: 2 });
    const types: string[] = [];
    for await (const event of stream) types.push(event.type);
    expect(types).toEqual([
      'response.output_text.delta',
      'response.output_text.done',
      'response.output_item.done',
      'response.completed',
    ]);
    expect(lastCall()).toBe(`GET /one/v1/responses/${second.id}?stream=true&starting_after=2`);
    // Two calls, and the rest of the one that came to an end.
    expect(under.rows).toHaveLength(3);
    expect((await client.responses.inputItems.list(second.id)).data).toHaveLength(1);
    await client.responses.delete(second.id);
    await expect(client.responses.retrieve(second.id)).rejects.toThrow(/not found/);
  });

  it('whose reader left is booked in full when it is read to its end', async () => {
    await start(ONE_KEEPER);
    keeper.hold();
    const leave = new AbortController();
    const answer = await fetch(`${under.gateway.url}/v1/responses`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...asks, background: true, stream: true }),
      signal: leave.signal,
    });
    const reader = answer.body?.getReader();
    let text = '';
    while (!text.includes('output_text.delta')) {
      text += new TextDecoder().decode((await reader?.read())?.value);
    }
    // While it is still being made, and from anywhere.
    expect((await call('GET', '/v1/responses/resp_1')).body.status).toBe('completed');
    leave.abort();
    await expect.poll(() => under.rows.length).toBe(1);
    expect(under.rows[0]?.attempt.outcome).toBe('aborted');
    keeper.release();
    const rest = await call('GET', '/v1/responses/resp_1?stream=true&starting_after=3');
    expect(rest.text).toContain('response.completed');
    expect(under.rows).toHaveLength(2);
    const tokens = under.rows.map(
      ({ attempt }) => (attempt.usage?.inputTokens ?? 0) + (attempt.usage?.outputTokens ?? 0),
    );
    expect(tokens.reduce((sum, more) => sum + more, 0)).toBe(USAGE.total_tokens);
  });

  it('has a head as soon as it has an id, long before its first words', async () => {
    await start(ONE_KEEPER);
    keeper.hold(0);
    const leave = new AbortController();
    const answer = await fetch(`${under.gateway.url}/v1/responses`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...asks, background: true, stream: true }),
      signal: leave.signal,
    });
    expect(answer.status).toBe(200);
    const first = await answer.body?.getReader().read();
    expect(new TextDecoder().decode(first?.value)).toContain('response.created');
    expect((await call('GET', '/v1/responses/resp_1')).status).toBe(200);
    leave.abort();
    await expect.poll(() => under.rows.length).toBe(1);
  });

  it('says nothing of how fast its model is while it is being made', async () => {
    await start(ONE_KEEPER);
    await call('POST', '/v1/responses', { ...asks, background: true });
    expect(under.rows).toHaveLength(1);
    expect(under.ready.router.measured('one/gpt-5-mini')).toBeUndefined();
    await call('POST', '/v1/responses', asks);
    expect(under.ready.router.measured('one/gpt-5-mini')?.calls).toBe(1);
  });

  it('is refused where no provider makes it so', async () => {
    await start();
    const refused = await call('POST', '/v1/responses', { ...asks, model: 'claude-haiku-4-5', background: true });
    expect(refused).toMatchObject({
      status: 400,
      body: { error: { code: 'unsupported_parameter', message: expect.stringMatching(/background: only a provider/) } },
    });
    expect(under.simulator.requests).toEqual([]);
  });
});

it('conversations are made at the provider, and the gateway says so', async () => {
  await start();
  for (const [method, path] of [
    ['POST', '/v1/conversations'],
    ['GET', '/v1/conversations/conv_1'],
    ['GET', '/v1/conversations/conv_1/items'],
  ] as const) {
    const { status, body } = await call(method, path, method === 'POST' ? {} : undefined);
    expect([status, body.error.message]).toEqual([404, expect.stringMatching(/conversations.*provider/)]);
  }
});
