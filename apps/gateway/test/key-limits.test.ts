import { type GatewayKey, usdToNano } from '@signalbox/core';
import { afterEach, describe, expect, it } from 'vitest';
import { type FixedClock, fixedClock } from './fixed-clock.ts';
import { keysOf } from './keys-of.ts';
import { type GatewayUnderTest, startGateway } from './running-gateway.ts';

const NOON = Date.UTC(2026, 10, 25, 12);
const GEMINI = '/v1beta/models/gemini-2.5-flash:generateContent';
/** $0.013 at gpt-4-turbo, $0.045 at claude-sonnet-4-5: more than any budget below. */
const ANSWER = { text: 'Good.', inputTokens: 1_000, outputTokens: 100 };

let under: GatewayUnderTest;
let clock: FixedClock;
afterEach(() => under.close());

async function start(
  key: Partial<GatewayKey>,
  extra = 'budget: { time_zone: UTC }',
  providers?: (simulator: string) => string,
): Promise<void> {
  clock = fixedClock(NOON);
  under = await startGateway(
    extra,
    providers,
    { keys: keysOf({ sk: { name: 'ci', ...key } }), now: clock.now },
    { clock },
  );
  under.simulator.script([{ behave: ANSWER }]);
}

async function ask(path: string, body: object, headers: object = {}): Promise<Response> {
  const answer = await fetch(`${under.gateway.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer sk', ...headers },
    body: JSON.stringify(body),
  });
  // What an attempt cost is known when its answer has been read.
  return new Response(await answer.text(), answer);
}

const turns = [{ role: 'user', content: 'hi' }];
const chat = (fields: object = {}) => ({ model: 'gpt-4-turbo', max_tokens: 200, messages: turns, ...fields });
const contents = { contents: [{ role: 'user', parts: [{ text: 'hi' }] }] };

/** One request in each format that callers speak, and how a limit of theirs looks in it. */
const FORMATS = [
  ['Chat Completions', '/v1/chat/completions', chat(), { error: { type: 'insufficient_quota' } }],
  ['Messages', '/v1/messages', chat({ model: 'claude-sonnet-4-5' }), { error: { type: 'billing_error' } }],
  ['Responses', '/v1/responses', { model: 'gpt-5-mini', input: 'hi' }, { error: { type: 'insufficient_quota' } }],
  ['Gemini', GEMINI, contents, { error: { status: 'RESOURCE_EXHAUSTED' } }],
  [
    'embeddings',
    '/v1/embeddings',
    { model: 'text-embedding-3-small', input: 'hi' },
    { error: { type: 'insufficient_quota' } },
  ],
] as const;

describe("a key's own budget", () => {
  it.each(FORMATS)('holds in the words of %s, before any call, until the day is over', async (_, path, body, shape) => {
    await start({ limits: { budgetDaily: 1 } });
    const refused = await ask(path, body);
    expect([refused.status, await refused.json()]).toEqual([
      429,
      expect.objectContaining({ error: expect.objectContaining(shape.error) }),
    ]);
    expect(under.simulator.requests).toHaveLength(0);
  });

  it('is spent by what its calls cost, and by nobody else', async () => {
    await start({ limits: { budgetDaily: usdToNano(0.03) } });
    expect((await ask('/v1/chat/completions', chat())).status).toBe(200);
    expect((await ask('/v1/chat/completions', chat())).status).toBe(200);
    const refused = await ask('/v1/chat/completions', chat());
    expect([refused.status, await refused.json()]).toEqual([
      429,
      {
        error: expect.objectContaining({
          message:
            'The daily budget of key ci of $0.030 has $0.0040 left, less than this request may cost; it begins anew in 12 h. Wait until then, or have the budget raised.',
        }),
      },
    ]);
    clock.set(NOON + 12 * 3_600_000);
    expect((await ask('/v1/chat/completions', chat())).status).toBe(200);
  });

  it('does not keep its holder from counting tokens', async () => {
    await start({ limits: { budgetDaily: 1 } });
    const counted = await ask('/v1/messages/count_tokens', chat({ model: 'claude-sonnet-4-5' }));
    expect([counted.status, await counted.json()]).toEqual([200, { input_tokens: expect.any(Number) }]);
  });

  it('of a month outlasts the day', async () => {
    await start({ limits: { budgetMonthly: usdToNano(0.03) } });
    await ask('/v1/chat/completions', chat());
    await ask('/v1/chat/completions', chat());
    clock.set(NOON + 24 * 3_600_000);
    const refused = await ask('/v1/chat/completions', chat());
    expect([refused.status, await refused.text()]).toEqual([
      429,
      expect.stringContaining('The monthly budget of key ci'),
    ]);
    clock.set(Date.UTC(2026, 11, 1));
    expect((await ask('/v1/chat/completions', chat())).status).toBe(200);
  });

  it('caps what a stream may have, so that it ends within it', async () => {
    await start({ limits: { budgetDaily: usdToNano(0.04) } });
    under.simulator.script([{ behave: { words: 3_000, inputTokens: 10 } }]);
    const answer = await ask('/v1/chat/completions', chat({ stream: true, max_tokens: undefined }));
    expect(answer.status).toBe(200);
    const text = await answer.text();
    expect(text).not.toContain('"finish_reason":"stop"');
    // Told to the provider as a limit of its output, so that the answer fits.
    expect(under.simulator.requests[0]?.body).toMatchObject({ max_completion_tokens: expect.any(Number) });
  });

  it('is alerted of like any other', async () => {
    await start(
      { limits: { budgetDaily: usdToNano(0.03) } },
      'budget: { time_zone: UTC, alerts: [{ threshold: 40%, action: switch_to_cheaper }] }',
    );
    await ask('/v1/chat/completions', chat());
    await ask('/v1/chat/completions', chat({ model: 'auto', max_tokens: 50 }));
    expect(under.rows.at(-1)?.decision.notices).toEqual([
      '40 % of the daily budget of key ci is spent (switch_to_cheaper)',
    ]);
    expect(under.rows.at(-1)?.decision.reason).toMatch(/^the cheapest first, since 40 % of the daily budget of key ci/);
  });
});

describe('requests a minute of a key', () => {
  it.each([
    ['Chat Completions', '/v1/chat/completions', chat(), { error: { code: 'rate_limit_exceeded' } }],
    ['Messages', '/v1/messages', chat({ model: 'claude-haiku-4-5' }), { error: { type: 'rate_limit_error' } }],
    ['Responses', '/v1/responses', { model: 'gpt-5-mini', input: 'hi' }, { error: { code: 'rate_limit_exceeded' } }],
    ['Gemini', GEMINI, contents, { error: { status: 'RESOURCE_EXHAUSTED' } }],
    [
      'Ollama',
      '/api/chat',
      { model: 'mistral:7b', messages: turns, stream: false },
      { error: expect.stringContaining('at its limit') },
    ],
    [
      'embeddings',
      '/v1/embeddings',
      { model: 'text-embedding-3-small', input: 'hi' },
      { error: { code: 'rate_limit_exceeded' } },
    ],
  ] as const)(
    'are refused at once beyond the limit, in the words of %s, with when to come back',
    async (_, path, body, shape) => {
      await start({ limits: { requestsPerMinute: 1 } });
      expect((await ask(path, body)).status).toBe(200);
      clock.set(NOON + 20_000);
      const refused = await ask(path, body);
      expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '40']);
      const said = await refused.json();
      expect(said).toMatchObject(shape);
      expect(JSON.stringify(said)).toContain(
        'The key \\"ci\\" is at its limit of 1 request a minute, free again in 40 s.',
      );
      expect(under.simulator.requests).toHaveLength(1);
      clock.set(NOON + 60_000);
      expect((await ask(path, body)).status).toBe(200);
    },
  );

  it('count a request once, however many models it takes', async () => {
    await start({ limits: { requestsPerMinute: 2 } });
    under.simulator.script([{ when: { nth: [1, 2] }, behave: { status: 503 } }, { behave: ANSWER }]);
    expect((await ask('/v1/chat/completions', chat({ model: 'auto' }))).status).toBe(200);
    expect(under.simulator.requests.length).toBe(3);
    expect((await ask('/v1/chat/completions', chat())).status).toBe(200);
    expect((await ask('/v1/chat/completions', chat())).status).toBe(429);
  });

  it('do not count what was refused for another reason', async () => {
    await start({ limits: { requestsPerMinute: 1, budgetDaily: usdToNano(0.02) } });
    expect((await ask('/v1/messages', chat({ model: 'claude-sonnet-4-5', max_tokens: 4_000 }))).status).toBe(200);
    clock.set(NOON + 60_000);
    for (let turn = 0; turn < 3; turn += 1) {
      expect(
        await (
          await ask(
            '/v1/messages',
            chat({
              model: 'claude-sonnet-4-5',
              max_tokens: 9_000,
              messages: [{ role: 'user', content: 'word '.repeat(20_000) }],
            }),
          )
        ).text(),
      ).toContain('daily budget');
    }
    expect((await ask('/v1/messages', chat({ model: 'claude-haiku-4-5', max_tokens: 10 }))).status).toBe(200);
  });
});

describe('tokens a minute of a key', () => {
  it('are counted as the provider reports them, and come back with the minute', async () => {
    await start({ limits: { tokensPerMinute: 2_000 } });
    expect((await ask('/v1/chat/completions', chat())).status).toBe(200);
    expect((await ask('/v1/chat/completions', chat({ max_tokens: 10 }))).status).toBe(200);
    const refused = await ask('/v1/chat/completions', chat());
    expect([refused.status, await refused.text()]).toEqual([
      429,
      expect.stringContaining('is at its limit of 2000 tokens a minute'),
    ]);
    clock.set(NOON + 60_000);
    expect((await ask('/v1/chat/completions', chat())).status).toBe(200);
  });

  it('that a request would exceed alone are a matter of the key and not of patience', async () => {
    await start({ limits: { tokensPerMinute: 100 } });
    const refused = await ask(
      '/v1/chat/completions',
      chat({ messages: [{ role: 'user', content: 'word '.repeat(500) }] }),
    );
    expect([refused.status, await refused.text()]).toEqual([
      403,
      expect.stringMatching(/about \d+ tokens of input are more than its limit of 100 tokens a minute/),
    ]);
  });
});

describe('a limit of a key where models are chosen', () => {
  // None of these could ever answer a chat: a model of another kind, and one that the key may not use.
  const providers = (simulator: string) => `
  openai: { endpoint: "${simulator}/openai/v1", api_key: k, models: [gpt-4-turbo, gpt-4o-mini, text-embedding-3-small] }`;
  const long = { model: 'auto', messages: [{ role: 'user', content: 'word '.repeat(500) }] };

  it.each([
    [
      'budget',
      { budgetDaily: 1 },
      429,
      /^The daily budget of key ci of .*; it begins anew in 12 h\. Wait until then[^.]*\.$/,
    ],
    [
      'requests a minute',
      { requestsPerMinute: 1 },
      429,
      /^The key "ci" is at its limit of 1 request a minute, free again in 60 s\.$/,
    ],
    [
      'tokens a minute',
      { tokensPerMinute: 100 },
      403,
      /^The key "ci": about \d+ tokens of input are more than its limit of 100 tokens a minute\.$/,
    ],
  ])('%s: is said alone', async (_, limits, status, sentence) => {
    await start({ limits, models: ['gpt-4o-mini', 'text-*'] }, undefined, providers);
    if ('requestsPerMinute' in limits) expect((await ask('/v1/chat/completions', long)).status).toBe(200);
    const refused = await ask('/v1/chat/completions', long);
    expect([refused.status, await refused.json()]).toEqual([
      status,
      { error: expect.objectContaining({ message: expect.stringMatching(sentence) }) },
    ]);
  });
});

describe('requests at once of a key', () => {
  it('are refused beyond the limit, and let in again when one is over', async () => {
    await start({ limits: { concurrent: 1 } });
    under.simulator.script([{ when: { nth: 1 }, behave: { ...ANSWER, stall: 1 } }, { behave: ANSWER }]);
    const hangUp = new AbortController();
    const first = await fetch(`${under.gateway.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer sk' },
      body: JSON.stringify(chat({ stream: true })),
      signal: hangUp.signal,
    });
    expect(first.status).toBe(200);
    const refused = await ask('/v1/chat/completions', chat());
    expect([refused.status, await refused.text()]).toEqual([
      429,
      expect.stringContaining('has 1 call under way, as many as it may have'),
    ]);
    hangUp.abort();
    await expect.poll(async () => (await ask('/v1/chat/completions', chat())).status).toBe(200);
  });
});

describe('names in the list of models', () => {
  it('are only those that mean a model which the key may use', async () => {
    await start(
      { models: ['claude-haiku-*'] },
      'models: { dear: { chain: [claude-sonnet-4-5] }, cheap: { chain: [claude-haiku-4-5] } }',
    );
    const list = await fetch(`${under.gateway.url}/v1/models`, { headers: { authorization: 'Bearer sk' } });
    const { data } = (await list.json()) as { data: { id: string }[] };
    const names = data.map(({ id }) => id).filter((id) => !id.startsWith('signalbox/'));
    expect(names).toEqual(['auto', 'cheap', 'claude-haiku-4-5']);
  });
});
