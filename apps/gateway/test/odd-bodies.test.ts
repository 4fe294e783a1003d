import { afterAll, beforeAll, expect, it } from 'vitest';
import { type GatewayUnderTest, startGateway } from './running-gateway.ts';

let under: GatewayUnderTest;
const records: { readonly attempts: readonly unknown[]; readonly id: string }[] = [];
beforeAll(async () => {
  under = await startGateway('models: { gpt-4o-mini: cost_optimized }', undefined, {
    onRequest: (record) => void records.push(record),
  });
});
afterAll(() => under.close());

async function post(path: string, body: string | Uint8Array<ArrayBuffer>) {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${under.gateway.url}${path}`, { method: 'POST', headers, body });
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
}

const get = async (path: string) => (await fetch(`${under.gateway.url}${path}`)).json();

const DEEP = `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`;
const ask = '"messages":[{"role":"user","content":"hi"}]';
const contents = '"contents":[{"role":"user","parts":[{"text":"hi"}]}]';

it.each([
  [
    'a tool of Chat Completions',
    '/v1/chat/completions',
    `{"model":"claude-haiku-4-5",${ask},"tools":[{"type":"function","function":{"name":"f","parameters":${DEEP}}}]}`,
  ],
  [
    'a schema',
    '/v1/chat/completions',
    `{"model":"gemini-2.5-flash",${ask},"response_format":{"type":"json_schema","json_schema":{"name":"x","schema":${DEEP}}}}`,
  ],
  ['what is routed', '/v1/chat/completions', `{"model":"auto",${ask},"metadata":${DEEP}}`],
  [
    'a tool of Messages',
    '/v1/messages',
    `{"model":"gpt-4-turbo","max_tokens":9,${ask},"tools":[{"name":"f","input_schema":${DEEP}}]}`,
  ],
  [
    'a tool of Responses',
    '/v1/responses',
    `{"model":"mistral:7b","input":"hi","tools":[{"type":"function","name":"f","parameters":${DEEP}}]}`,
  ],
  [
    'a tool of Gemini',
    '/v1beta/models/gpt-4-turbo:generateContent',
    `{${contents},"tools":[{"functionDeclarations":[{"name":"f","parametersJsonSchema":${DEEP}}]}]}`,
  ],
  ['a request of Ollama', '/api/generate', `{"model":"mistral:7b","prompt":"hi","options":${DEEP}}`],
  ['an embedding', '/v1/embeddings', `{"model":"text-embedding-3-small","input":"hi","user":${DEEP}}`],
  ['an explanation', '/v1/explain', `{"prompt":"hi","x":${DEEP}}`],
])(
  '%s that is nested 20,000 levels deep is refused in a sentence, and no provider is blamed',
  async (_what, path, body) => {
    const { status, text } = await post(path, body);
    expect(status).toBe(400);
    expect(text).toContain('nested more than 500 levels deep');
    const { providers } = (await get('/health/providers')) as { providers: { state: string; endpoints: object[] }[] };
    for (const { state, endpoints } of providers) {
      expect(state).toBe('ok');
      for (const endpoint of endpoints) expect(endpoint).toMatchObject({ failures_in_a_row: 0 });
    }
  },
);

it.each(['claude-haiku-4-5', 'gemini-2.5-flash', 'mistral:7b'])(
  'arguments of a tool call that are nested so deep are no fault of %s',
  async (model) => {
    const calls = JSON.stringify([{ id: '1', type: 'function', function: { name: 'f', arguments: DEEP } }]);
    const turns = `{"role":"user","content":"x"},{"role":"assistant","tool_calls":${calls}},{"role":"tool","tool_call_id":"1","content":"y"}`;
    const { status, text } = await post('/v1/chat/completions', `{"model":"${model}","messages":[${turns}]}`);
    expect([status, text]).toEqual([400, expect.stringContaining('nested too deeply')]);
    const { providers } = (await get('/health/providers')) as { providers: { endpoints: object[] }[] };
    for (const endpoint of providers.flatMap(({ endpoints }) => endpoints)) {
      expect(endpoint).toMatchObject({ failures_in_a_row: 0 });
    }
  },
);

it.each(['claude-haiku-4-5', 'gemini-2.5-flash'])(
  'arguments that are nested so deep can’t be counted by %s either, and the caller is told so',
  async (model) => {
    const call = `{"type":"function_call","call_id":"1","name":"f","arguments":${JSON.stringify(DEEP)}}`;
    const { status, text } = await post('/v1/responses/input_tokens', `{"model":"${model}","input":[${call}]}`);
    expect([status, text]).toEqual([400, expect.stringContaining('nested too deeply')]);
  },
);

it('400 levels are fine, in whatever format', async () => {
  const deep = `${'{"a":'.repeat(400)}1${'}'.repeat(400)}`;
  const tools = `"tools":[{"type":"function","function":{"name":"f","parameters":${deep}}}]`;
  for (const model of ['claude-haiku-4-5', 'gemini-2.5-flash', 'mistral:7b', 'auto']) {
    expect((await post('/v1/chat/completions', `{"model":"${model}",${ask},${tools}}`)).status).toBe(200);
  }
});

it('a byte order mark before the JSON is passed over', async () => {
  for (const [path, body] of [
    ['/v1/chat/completions', `{"model":"gpt-4-turbo",${ask}}`],
    ['/v1/messages', `{"model":"gpt-4-turbo","max_tokens":9,${ask}}`],
    ['/v1/embeddings', '{"model":"text-embedding-3-small","input":"hi"}'],
  ] as const) {
    expect((await post(path, new TextEncoder().encode(`\ufeff${body}`))).status).toBe(200);
  }
});

it('the name of a model that is a book is refused without being repeated', async () => {
  const name = 'x'.repeat(20_000);
  for (const [path, body] of [
    ['/v1/chat/completions', `{"model":"${name}",${ask}}`],
    ['/v1/embeddings', `{"model":"${name}","input":"hi"}`],
    ['/api/show', `{"model":"${name}"}`],
    ['/v1/messages/count_tokens', `{"model":"${name}",${ask}}`],
  ] as const) {
    const { status, text } = await post(path, body);
    expect([path, status, text.length < 300]).toEqual([path, 400, true]);
    expect(text).toContain('20000 characters');
  }
});

it.each(['/v1/embeddings', '/api/embed'])("a strategy that %s is asked for is the caller's mistake", async (path) => {
  const of = (model: string) => post(path, JSON.stringify({ model, input: 'hi' }));
  expect((await of('signalbox/constructor')).status).toBe(404);
  expect((await of('signalbox/best_for_task')).text).toContain("can't be routed");
});

it('an embedding says what it is in the books, and what it cost', async () => {
  const { status, headers } = await post('/v1/embeddings', '{"model":"text-embedding-3-small","input":"hello"}');
  const id = headers.get('x-signalbox-decision');
  expect([status, headers.get('x-request-id'), headers.get('x-signalbox-attempts')]).toEqual([200, id, '1']);
  expect(Number(headers.get('x-signalbox-cost'))).toBeGreaterThan(0);
  expect(under.rows.at(-1)?.decision.id).toBe(id);
  expect(records.at(-1)).toMatchObject({ id, attempts: [{ outcome: 'success' }] });
});

it('a verdict that is too long is told of in the right unit', async () => {
  const { status, text } = await post('/v1/feedback', JSON.stringify({ id: 'last', note: 'x'.repeat(100_000) }));
  expect([status, text]).toEqual([413, expect.stringMatching(/larger than the \d+ KiB that this endpoint takes/)]);
});

it('what is routed stands in the lists of Google and Ollama, too, and each of them can be asked', async () => {
  const google = (await get('/v1beta/models')) as { models: { name: string }[] };
  const ollama = (await get('/api/tags')) as { models: { name: string }[] };
  const names = ollama.models.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(google.models.map(({ name }) => name)).toEqual(names.map((name) => `models/${name}`));
  for (const name of ['auto', 'signalbox/best_for_task', 'gpt-4o-mini']) {
    expect(names).toContain(name);
    expect(await get(`/v1beta/models/${name}`)).toMatchObject({ name: `models/${name}` });
    expect((await post('/api/show', JSON.stringify({ model: name }))).status).toBe(200);
    expect((await post(`/v1beta/models/${name}:generateContent`, `{${contents}}`)).status).toBe(200);
    expect((await post('/api/chat', `{"model":"${name}","stream":false,${ask}}`)).status).toBe(200);
  }
});

it('an embedding that names no model is not sent to one that nobody knows', async () => {
  const providers = (simulator: string) => `
  openai: { endpoint: "${simulator}/openai/v1", api_key: k, models: [gpt-4-turbo, nobody-knows-this] }`;
  const other = await startGateway('', providers);
  try {
    const ask = async (model: string) => {
      const answer = await fetch(`${other.gateway.url}/v1/embeddings`, {
        method: 'POST',
        body: JSON.stringify({ model, input: 'hi' }),
      });
      return { status: answer.status, text: await answer.text() };
    };
    for (const model of ['auto', 'signalbox/best_for_task']) {
      expect(await ask(model)).toEqual({ status: 400, text: expect.stringContaining("can't be routed") });
    }
    expect(other.simulator.requests).toHaveLength(0);
    expect((await ask('nobody-knows-this')).status).toBe(200);
  } finally {
    await other.close();
  }
});
