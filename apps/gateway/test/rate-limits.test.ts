import { afterEach, describe, expect, it } from 'vitest';
import { type GatewayUnderTest, startGateway } from './running-gateway.ts';

let under: GatewayUnderTest | undefined;
afterEach(async () => {
  await under?.close();
  under = undefined;
});

/** A gateway with one provider of Chat Completions and one of Messages. */
async function start(openai: string, extra = ''): Promise<GatewayUnderTest> {
  under = await startGateway(
    extra,
    (url) => `
  openai: { endpoint: "${url}/openai/v1", models: [gpt-4o-mini, gpt-4-turbo], ${openai} }
  anthropic: { endpoint: "${url}/anthropic", api_key: k, models: [claude-haiku-4-5] }`,
  );
  return under;
}

const CHAIN = 'models: { quick: { chain: [openai.gpt-4o-mini, anthropic.claude-haiku-4-5] } }\n';
const NO_WAITING = 'throughput: { queue_timeout: 0 }\n';
const user = [{ role: 'user', content: 'Say hello' }];

async function post(path: string, body: object, signal?: AbortSignal) {
  const answer = await fetch(`${under?.gateway.url}${path}`, {
    method: 'POST',
    body: JSON.stringify(body),
    ...(signal === undefined ? {} : { signal }),
  });
  return { status: answer.status, headers: answer.headers, body: (await answer.json()) as unknown };
}
const chat = (model: string, signal?: AbortSignal) => post('/v1/chat/completions', { model, messages: user }, signal);
const upstream = () => under?.simulator.requests.map(({ model, status }) => `${model} ${status}`);

/** The most calls that were under way at the simulator at once. */
function mostAtOnce({ simulator }: GatewayUnderTest, directive: string): () => number {
  let most = 0;
  const over = new WeakSet<object>();
  simulator.script([
    {
      behave: () => {
        for (const one of simulator.requests) void one.done.then(() => over.add(one));
        most = Math.max(most, simulator.requests.filter((one) => !over.has(one)).length);
        return directive;
      },
    },
  ]);
  return () => most;
}

describe('a limit that is reached', () => {
  const FORMATS: readonly (readonly [string, string, object, object])[] = [
    [
      'Messages',
      '/v1/messages',
      { model: 'gpt-4o-mini', max_tokens: 50, messages: user },
      { type: 'error', error: { type: 'rate_limit_error' } },
    ],
    [
      'Chat Completions',
      '/v1/chat/completions',
      { model: 'gpt-4o-mini', messages: user },
      { error: { type: 'rate_limit_error', code: 'rate_limit_exceeded' } },
    ],
    [
      'Responses',
      '/v1/responses',
      { model: 'gpt-4o-mini', input: 'Say hello' },
      { error: { type: 'rate_limit_error', code: 'rate_limit_exceeded' } },
    ],
    [
      'Gemini',
      '/v1beta/models/gpt-4o-mini:generateContent',
      { contents: [{ role: 'user', parts: [{ text: 'Say hello' }] }] },
      { error: { code: 429, status: 'RESOURCE_EXHAUSTED' } },
    ],
    ['Ollama', '/api/chat', { model: 'gpt-4o-mini', messages: user }, {}],
  ];

  it('is answered with 429 and when to come back, in each caller’s format, streaming or not', async () => {
    await start('api_key: k, rate_limit: 1/minute', NO_WAITING);
    expect((await chat('gpt-4o-mini')).status).toBe(200);
    for (const [name, path, body, shape] of FORMATS) {
      for (const stream of [false, true]) {
        const { status, headers, body: error } = await post(path, { ...body, stream });
        expect(status, name).toBe(429);
        expect(Number(headers.get('retry-after')), name).toBeGreaterThan(0);
        expect(Number(headers.get('retry-after')), name).toBeLessThanOrEqual(60);
        expect(error, name).toMatchObject(shape);
        expect(JSON.stringify(error), name).toMatch(
          /No model can take this request now\. openai\/gpt-4o-mini: is at its limit of 1 request a minute, free again in \d+ s\./,
        );
      }
    }
    expect(upstream()).toEqual(['gpt-4o-mini 200']);
  });

  it('sends the request to somebody else at once where there is one', async () => {
    const { rows } = await start('api_key: k, rate_limit: 1/minute', CHAIN);
    for (let request = 0; request < 3; request += 1) expect((await chat('quick')).status).toBe(200);
    expect(upstream()).toEqual(['gpt-4o-mini 200', 'claude-haiku-4-5 200', 'claude-haiku-4-5 200']);
    expect(rows[1]?.decision.removed[0]).toMatchObject({ candidate: 'openai/gpt-4o-mini', kind: 'rate-limit' });
  });

  it('may be two: `rate_limit` and `throughput.max_rpm` both hold', async () => {
    await start('api_key: k, rate_limit: 100/second', 'throughput: { max_rpm: { openai: 2 }, queue_timeout: 0 }\n');
    const statuses = [];
    for (let request = 0; request < 3; request += 1) statuses.push((await chat('gpt-4o-mini')).status);
    expect(statuses).toEqual([200, 200, 429]);
  });

  it('may be one of tokens; what would never fit is not to be tried again', async () => {
    await start('api_key: k, tokens_per_minute: 600', NO_WAITING);
    under?.simulator.script([{ behave: 'inputTokens=500; outputTokens=90' }]);
    expect((await chat('gpt-4o-mini')).status).toBe(200);
    expect(await chat('gpt-4o-mini')).toMatchObject({ status: 429 });
    const long = [{ role: 'user', content: 'word '.repeat(2_000) }];
    const refused = await post('/v1/chat/completions', { model: 'gpt-4o-mini', messages: long });
    expect(refused.status).toBe(503);
    expect(refused.headers.get('x-should-retry')).toBe('false');
    expect(JSON.stringify(refused.body)).toMatch(/tokens of input are more than its limit of 600 tokens a minute/);
  });

  it('is each key’s own', async () => {
    const { rows } = await start('api_keys: [a, b], rate_limit: 1/minute', NO_WAITING);
    const statuses = [];
    for (let request = 0; request < 3; request += 1) statuses.push((await chat('gpt-4o-mini')).status);
    expect(statuses).toEqual([200, 200, 429]);
    expect(rows.map(({ attempt }) => attempt.providerKey)).toEqual(['key-1', 'key-2']);
  });
});

describe('calls at once', () => {
  it.each([
    ['max_concurrent', 'api_key: k, max_concurrent: 2', ''],
    ['connection_pool', 'api_key: k', 'throughput: { connection_pool: 2 }\n'],
  ])('are bounded by %s: the others wait their turn, and all are answered', async (_key, openai, extra) => {
    const most = mostAtOnce(await start(openai, extra), 'latency=20');
    const answers = await Promise.all(Array.from({ length: 7 }, () => chat('gpt-4o-mini')));
    expect(answers.map(({ status }) => status)).toEqual(Array(7).fill(200));
    expect(most()).toBeLessThanOrEqual(2);
  });

  it('are free again when a caller hangs up, and who hangs up in the line is never sent', async () => {
    const { simulator } = await start('api_key: k, max_concurrent: 1');
    simulator.script([{ when: { nth: 1 }, behave: 'silent' }]);
    const [first, second] = [new AbortController(), new AbortController()];
    const arrived = simulator.nextRequest();
    const calls = [chat('gpt-4o-mini', first.signal)];
    await arrived;
    calls.push(chat('gpt-4o-mini', second.signal));
    const third = chat('gpt-4o-mini');
    second.abort();
    first.abort();
    expect((await Promise.allSettled(calls)).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect((await third).status).toBe(200);
    expect(simulator.requests.length).toBeLessThanOrEqual(2 + 1);
    expect(simulator.requests.filter(({ status }) => status === 200)).toHaveLength(1);
  });
});

describe('what a provider says of its limits', () => {
  it.each(['openai', 'anthropic'] as const)(
    '%s: the request too many is not sent to it: no 429 is met',
    async (vendor) => {
      const chain =
        vendor === 'openai'
          ? '[openai.gpt-4o-mini, anthropic.claude-haiku-4-5]'
          : '[anthropic.claude-haiku-4-5, openai.gpt-4o-mini]';
      const { simulator } = await start('api_key: k', `models: { quick: { chain: ${chain} } }\n`);
      simulator.script([{ when: { path: new RegExp(vendor) }, behave: 'rateLimit=2/60s' }]);
      for (let request = 0; request < 5; request += 1) expect((await chat('quick')).status).toBe(200);
      expect(simulator.requests.map(({ path, status }) => [path.includes(vendor), status])).toEqual([
        [true, 200],
        [true, 200],
        [false, 200],
        [false, 200],
        [false, 200],
      ]);
    },
  );

  it('holds for that model alone', async () => {
    const { simulator } = await start('api_key: k', NO_WAITING);
    simulator.script([{ behave: 'rateLimit=1/60s' }]);
    const statuses = [];
    for (const model of ['gpt-4o-mini', 'gpt-4o-mini', 'gpt-4-turbo']) statuses.push((await chat(model)).status);
    expect(statuses).toEqual([200, 429, 200]);
    expect(upstream()).toEqual(['gpt-4o-mini 200', 'gpt-4-turbo 200']);
  });

  it('is waited for where nobody else can answer', async () => {
    const { simulator } = await start('api_key: k');
    simulator.script([{ behave: 'rateLimit=1/300ms' }]);
    for (let request = 0; request < 3; request += 1) expect((await chat('gpt-4o-mini')).status).toBe(200);
    expect(upstream()).toEqual(Array(3).fill('gpt-4o-mini 200'));
  });

  it('with a refusal holds the next requests back for as long as it asks', async () => {
    const { simulator } = await start('api_key: k');
    simulator.script([{ behave: 'status=429; retryAfter=55' }]);
    expect((await chat('gpt-4o-mini')).status).toBe(429);
    const { status, headers, body } = await chat('gpt-4o-mini');
    expect(status).toBe(429);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(30);
    expect(JSON.stringify(body)).toContain('asked to be left alone, free again in');
    expect(simulator.requests).toHaveLength(1);
  });
});
