import { RouterError, usdToNano } from '@signalbox/core';
import { afterEach, describe, expect, it } from 'vitest';
import { fixedClock } from './fixed-clock.ts';
import { keysOf } from './keys-of.ts';
import { type GatewayUnderTest, startGateway } from './running-gateway.ts';

const NOON = Date.UTC(2026, 10, 25, 12);
const MIDNIGHT = String(Date.UTC(2026, 10, 26) / 1_000);
const UNIFIED = 'anthropic-ratelimit-unified-';

let under: GatewayUnderTest;
afterEach(() => under.close());

async function start(limits: object, extra = 'budget: { time_zone: UTC }', options: object = {}): Promise<void> {
  const clock = fixedClock(NOON);
  const keys = keysOf({ sk: { name: 'ci', limits } });
  under = await startGateway(extra, undefined, { keys, now: clock.now, ...options }, { clock });
}

/** $0.01 at claude-haiku-4-5. */
const ANSWER = { text: 'Good.', inputTokens: 5_000, outputTokens: 1_000 };
const question = { model: 'claude-haiku-4-5', max_tokens: 10, messages: [{ role: 'user', content: 'hi' }] };

function ask(fields: object = {}, path = '/v1/messages'): Promise<Response> {
  return fetch(`${under.gateway.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': 'sk' },
    body: JSON.stringify({ ...question, ...fields }),
  });
}

/** What an answer says of its caller's budget, without the prefix. */
function saidOf({ headers }: Response): Record<string, string> {
  return Object.fromEntries(
    [...headers]
      .filter(([name]) => name.startsWith(UNIFIED))
      .map(([name, value]) => [name.slice(UNIFIED.length), value]),
  );
}

async function spend(dollars: number): Promise<void> {
  under.simulator.script([{ behave: { text: 'Good.', inputTokens: dollars * 1_000_000, outputTokens: 0 } }]);
  await (await ask()).arrayBuffer();
  // What is asked next costs next to nothing: a whole answer is booked before its head is written, a stream behind it.
  under.simulator.script([{ behave: { text: 'Good.', inputTokens: 1, outputTokens: 1 } }]);
}

const usage = async (): Promise<unknown> =>
  (await fetch(`${under.gateway.url}/api/oauth/usage`, { headers: { 'x-api-key': 'sk' } })).json();

describe("a caller's standing, as Claude Code shows it", () => {
  it('is no spent budget while calls under way hold it: a moment later the request may go', async () => {
    await start({ budgetDaily: usdToNano(0.003) });
    under.simulator.script([{ behave: { text: 'One two three.', stall: 1 } }]);
    const controller = new AbortController();
    const long = { ...question, max_tokens: 400 };
    const first = await fetch(`${under.gateway.url}/v1/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-api-key': 'sk' },
      body: JSON.stringify({ ...long, stream: true }),
      signal: controller.signal,
    });
    expect(first.status).toBe(200);
    const refused = await ask(long);
    expect([refused.status, refused.headers.get('retry-after'), refused.headers.get('x-should-retry')]).toEqual([
      429,
      '5',
      null,
    ]);
    expect(saidOf(refused)).toEqual({});
    expect(await refused.json()).toMatchObject({
      error: {
        type: 'rate_limit_error',
        message: expect.stringMatching(
          /^The daily budget of key ci of \$0\.0030 has \S+ free and \S+ held for calls under way, less than this request may cost while they last\. Try again in a moment\.$/,
        ),
      },
    });
    under.simulator.script([{ behave: { text: 'Good.', inputTokens: 1, outputTokens: 1 } }]);
    controller.abort();
    await expect.poll(async () => (await ask(long)).status).toBe(200);
  });

  it('is on every good answer, streamed or whole', async () => {
    await start({ budgetDaily: usdToNano(1) });
    await spend(0.5);
    under.simulator.script([{ behave: { text: 'Good.', inputTokens: 1, outputTokens: 1 } }]);
    for (const stream of [false, true]) {
      expect(saidOf(await ask({ stream }))).toEqual({
        status: 'allowed',
        'representative-claim': 'overage',
        'overage-status': 'allowed',
        'overage-utilization': expect.stringMatching(/^0\.5/),
        reset: MIDNIGHT,
        'overage-reset': MIDNIGHT,
      });
    }
  });

  it.each([
    [0.74, 'allowed', undefined],
    [0.8, 'allowed_warning', '0.75'],
    [0.96, 'allowed_warning', '0.95'],
  ])('at %d of the budget it is %s', async (spent, status, threshold) => {
    await start({ budgetDaily: usdToNano(1) });
    await spend(spent);
    under.simulator.script([{ behave: { text: 'Good.', inputTokens: 1, outputTokens: 1 } }]);
    const said = saidOf(await ask());
    expect([said.status, said['overage-status'], said['overage-surpassed-threshold']]).toEqual([
      status,
      status,
      threshold,
    ]);
  });

  it('is that of the fullest of several budgets', async () => {
    await start({ budgetDaily: usdToNano(10), budgetMonthly: usdToNano(1) });
    await spend(0.8);
    expect(saidOf(await ask())).toMatchObject({
      status: 'allowed_warning',
      reset: String(Date.UTC(2026, 11, 1) / 1_000),
    });
  });

  it('is said to be that of a pool where others spend it as well', async () => {
    await start({}, 'budget: { daily: 1, time_zone: UTC }');
    expect(saidOf(await ask())).toMatchObject({ status: 'allowed', 'overage-scope': 'group_pool' });
    await spend(1);
    expect(saidOf(await ask())).toMatchObject({ status: 'rejected', 'overage-scope': 'group_pool' });
  });

  it('is not said of a caller without a budget, nor to clients of other APIs', async () => {
    await start({});
    expect(saidOf(await ask())).toEqual({});
    await under.close();
    await start({ budgetDaily: usdToNano(1) });
    expect(saidOf(await ask({ model: 'gpt-4o-mini' }, '/v1/chat/completions'))).toEqual({});
  });

  it('never has the quota of our own account at the provider in its place', async () => {
    await start({});
    const [upstream] = [under.simulator];
    upstream.script([{ behave: { ...ANSWER, rateLimit: '100/60s' } }]);
    const answer = await ask();
    expect([...answer.headers.keys()].filter((name) => name.startsWith('anthropic-ratelimit'))).toEqual([]);
  });
});

describe('a spent budget', () => {
  it('is a billing_error that says what ran out, until when, and what to do; no retry is worth it', async () => {
    await start({ budgetDaily: usdToNano(0.5) });
    await spend(0.5);
    const refused = await ask();
    expect([refused.status, await refused.json()]).toEqual([
      429,
      {
        type: 'error',
        error: {
          type: 'billing_error',
          message:
            'The daily budget of key ci of $0.50 is used up; it begins anew in 12 h. Wait until then, or have the budget raised.',
        },
      },
    ]);
    expect(refused.headers.get('x-should-retry')).toBe('false');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    // Without `representative-claim` and `overage-status`: with them the client would show a sentence of its own.
    expect(saidOf(refused)).toEqual({
      status: 'rejected',
      reset: MIDNIGHT,
      'overage-reset': MIDNIGHT,
      'overage-utilization': '1',
      'overage-surpassed-threshold': '1',
      'overage-period': 'daily',
      'overage-disabled-reason': 'org_spend_cap_reached',
    });
  });

  it('says when the last of several is over', async () => {
    await start({ budgetDaily: usdToNano(0.5), budgetMonthly: usdToNano(0.5) });
    await spend(0.5);
    expect(saidOf(await ask())).toMatchObject({
      'overage-period': 'monthly',
      'overage-reset': String(Date.UTC(2026, 11, 1) / 1_000),
    });
  });

  it("of a model is none of the caller's", async () => {
    await start(
      { budgetDaily: usdToNano(5) },
      'budget: { time_zone: UTC, per_model: { claude-haiku-4-5: { max_daily_uses: 1 } } }',
    );
    await spend(0.01);
    const refused = await ask();
    expect([refused.status, saidOf(refused)]).toEqual([429, {}]);
    expect(await refused.text()).toContain('its 1 daily uses of claude-haiku-4-5 are made');
  });

  it('that nobody can look up is refused in words that are not those of a spent one', async () => {
    await start({ budgetDaily: usdToNano(5) }, undefined, {
      standings() {
        throw new RouterError({ kind: 'internal', message: 'The ledger is damaged.' });
      },
    });
    await spend(0.01);
    expect(saidOf(await ask())).toEqual({});
    await spend(6);
    expect(saidOf(await ask())).toEqual({ status: 'rejected', 'overage-disabled-reason': 'fetch_error' });
  });
});

describe('GET /api/oauth/usage', () => {
  it("says in cents what the caller's budgets are and how far they are spent", async () => {
    await start({ budgetDaily: usdToNano(1), budgetMonthly: usdToNano(10) });
    await spend(0.8);
    expect(await usage()).toEqual({
      extra_usage: { is_enabled: true, monthly_limit: 1_000, used_credits: 80, utilization: 8, currency: 'USD' },
      limits: [
        {
          kind: 'spend',
          group: 'daily',
          percent: 80,
          resets_at: '2026-11-26T00:00:00Z',
          severity: 'warning',
          is_active: true,
        },
        {
          kind: 'spend',
          group: 'monthly',
          percent: 8,
          resets_at: '2026-12-01T00:00:00Z',
          severity: 'normal',
          is_active: false,
        },
      ],
    });
  });

  it('says of a caller without any that there is none', async () => {
    await start({});
    expect(await usage()).toEqual({
      extra_usage: { is_enabled: false, monthly_limit: null, used_credits: null, utilization: null, currency: 'USD' },
      limits: [],
    });
  });
});

describe('a stream in silence', () => {
  it('shows that it lives, in events that are no content', async () => {
    await start({}, '', { silenceMs: 30 });
    under.simulator.script([{ behave: { text: 'One two three.', interval: 250 } }]);
    const text = await (await ask({ stream: true })).text();
    const pings = text.match(/^event: ping\ndata: \{"type": "ping"\}\n\n/gm) ?? [];
    expect(pings.length).toBeGreaterThan(1);
    // Between whole events only.
    for (const event of text.trim().split('\n\n')) expect(event).toMatch(/^event: \w+\ndata: \{.*\}$/s);
  });

  it('gets none of it in a format without a word for it', async () => {
    await start({}, '', { silenceMs: 30 });
    under.simulator.script([{ behave: { text: 'One two three.', interval: 100 } }]);
    const answer = await ask({ stream: true, model: 'gpt-4o-mini' }, '/v1/chat/completions');
    expect(await answer.text()).not.toContain('ping');
  });
});

describe('sizes that a provider refuses', () => {
  it.each([
    [400, 'invalid_request_error', 'prompt is too long: 212345 tokens > 200000 maximum'],
    [400, 'invalid_request_error', 'Input is too long.'],
    [413, 'request_too_large', 'Request exceeds the maximum size'],
  ])('%d %s is relayed word for word: the client acts on the text', async (status, type, message) => {
    await start({ budgetDaily: usdToNano(5) });
    under.simulator.script([{ behave: { status, message } }]);
    const refused = await ask();
    expect([refused.status, await refused.json()]).toMatchObject([status, { type: 'error', error: { type, message } }]);
  });
});

describe('tags of a request', () => {
  it('are what a budget of a tag counts', async () => {
    await start({}, 'budget: { time_zone: UTC, per_tag: { "project:apollo": { daily: 0.01 } } }');
    const tagged = { tags: { project: 'apollo' } };
    under.simulator.script([{ behave: ANSWER }]);
    await (await ask(tagged)).arrayBuffer();
    expect(await (await ask(tagged)).text()).toContain('The daily budget of tag project:apollo of $0.010 is used up');
    expect((await ask()).status).toBe(200);
  });
});
