import { afterEach, describe, expect, it } from 'vitest';
import { type FixedClock, fixedClock } from './fixed-clock.ts';
import { keysOf } from './keys-of.ts';
import { type GatewayUnderTest, startGateway } from './running-gateway.ts';

const NOON = Date.UTC(2026, 10, 25, 12);
const DAY = 86_400_000;

let under: GatewayUnderTest;
let clock: FixedClock;
afterEach(() => under.close());

async function start(extra: string, user?: string): Promise<void> {
  clock = fixedClock(NOON);
  under = await startGateway(extra, undefined, {}, { clock, user });
}

async function ask(fields: object = {}, headers: Record<string, string> = {}): Promise<Response> {
  const answer = await fetch(`${under.gateway.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({
      model: 'gpt-4-turbo',
      max_tokens: 200,
      messages: [{ role: 'user', content: 'hi' }],
      ...fields,
    }),
  });
  return new Response(await answer.text(), answer);
}

const costs = () => under.rows.map(({ attempt }) => (attempt.cost?.nanoUsd ?? 0) / 1_000_000_000);
const total = () => costs().reduce((sum, cost) => sum + cost, 0);

describe('what one request may cost', () => {
  // gpt-4-turbo: $10 and $30 for a million tokens.
  const CHAIN = 'models: { both: { chain: [gpt-4-turbo, claude-sonnet-4-5] } }\n';

  it('holds over all its attempts: what a broken one has cost is not there for the next', async () => {
    await start(`${CHAIN}budget: { per_request: 0.02, time_zone: UTC }`);
    // A stream that breaks off after some 500 tokens, $0.015: what is left pays for no answer of the other.
    under.simulator.script([
      { when: { model: 'gpt-4-turbo' }, behave: { words: 2_000, inputTokens: 10, cut: 500 } },
      { behave: { words: 2_000, inputTokens: 10 } },
    ]);
    const answer = await ask({ model: 'both', stream: true, max_tokens: 2_000 });
    expect(answer.status).toBe(200);
    await answer.text();
    expect(costs().length).toBeGreaterThan(0);
    expect(costs()[0]).toBeGreaterThan(0.005);
    // And one look at a stream more: 256 tokens at $15 a million.
    expect(total()).toBeLessThanOrEqual(0.02 + 256 * 0.000015);
  });

  it('leaves a cheap second attempt what the first has not used', async () => {
    await start(`${CHAIN}budget: { per_request: 0.02, time_zone: UTC }`);
    under.simulator.script([
      { when: { model: 'gpt-4-turbo' }, behave: { status: 503 } },
      { behave: { text: 'Good.', inputTokens: 100, outputTokens: 10 } },
    ]);
    const answer = await ask({ model: 'both' });
    expect([answer.status, answer.headers.get('x-signalbox-model')]).toEqual([200, 'claude-sonnet-4-5']);
  });

  it('says of a second attempt that the first has spent it', async () => {
    await start(`${CHAIN}budget: { per_request: 0.016, time_zone: UTC }`);
    under.simulator.script([
      // An answer that comes whole, is paid for, and can't be read.
      { when: { model: 'gpt-4-turbo' }, behave: { words: 400, inputTokens: 10, cut: 399 } },
      { behave: { words: 10 } },
    ]);
    const answer = await ask({ model: 'both', stream: true, max_tokens: 450 });
    expect(await answer.text()).not.toContain('[DONE]');
    expect(costs()).toHaveLength(1);
  });
});

describe('uses of a model a day', () => {
  it('are requests: another try of the last one is allowed, and one more request is not', async () => {
    await start(
      'retry: { max_attempts: 2, backoff: constant }\nbudget: { per_model: { gpt-4-turbo: { max_daily_uses: 1 } }, time_zone: UTC }',
    );
    under.simulator.script([
      { when: { nth: 1 }, behave: { status: 503, retryAfter: '1ms' } },
      { behave: { text: 'Good.' } },
    ]);
    expect((await ask()).status).toBe(200);
    expect(under.rows.map(({ attempt }) => attempt.cause)).toEqual(['first', 'retry']);
    const refused = await ask();
    expect([refused.status, await refused.text()]).toEqual([
      429,
      expect.stringContaining('its 1 daily uses of gpt-4-turbo are made'),
    ]);
    clock.set(NOON + DAY);
    expect((await ask()).status).toBe(200);
  });
});

describe('uses of a rule a day', () => {
  const RULES = `routing:
  strategy: custom_rules
  rules:
    - { pattern: 'deep', model: gpt-4-turbo, max_daily_uses: 3 }
    - { pattern: 'deep', model: claude-sonnet-4-5, max_daily_uses: 1 }
    - { default: gpt-4o-mini }
budget: { time_zone: UTC }`;
  const deep = { model: 'auto', messages: [{ role: 'user', content: 'a deep question' }] };
  const modelOf = ({ headers }: Response) => headers.get('x-signalbox-model');

  it('are counted exactly, whatever is asked at once; a rule that is spent is passed over, and the decision says so', async () => {
    await start(RULES);
    const answers = await Promise.all(Array.from({ length: 12 }, () => ask(deep)));
    const models = answers.map(modelOf);
    expect(models.filter((one) => one === 'gpt-4-turbo')).toHaveLength(3);
    expect(models.filter((one) => one === 'claude-sonnet-4-5')).toHaveLength(1);
    expect(models.filter((one) => one === 'gpt-4o-mini')).toHaveLength(8);
    const last = under.rows.find(({ attempt }) => attempt.model === 'gpt-4o-mini')?.decision;
    expect(last?.reason).toBe(
      'the rule "default"; the rule "pattern deep, gpt-4-turbo" has had its 3 uses today, the rule "pattern deep, claude-sonnet-4-5" has had its 1 uses today',
    );
    clock.set(NOON + DAY);
    expect(modelOf(await ask(deep))).toBe('gpt-4-turbo');
  });

  it('are not those of requests that follow another rule, nor of explanations', async () => {
    await start(RULES);
    for (let turn = 0; turn < 5; turn += 1) {
      expect(modelOf(await ask({ model: 'auto' }))).toBe('gpt-4o-mini');
      await ask(deep, { 'x-signalbox-explain': 'true' });
    }
    expect(modelOf(await ask(deep))).toBe('gpt-4-turbo');
  });

  it('are given back where no call was made', async () => {
    await start(`${RULES.replace('budget: {', 'caching: { enabled: true, ttl: 1h }\nbudget: {')}`);
    // The same question again is answered from what was kept.
    for (let turn = 0; turn < 6; turn += 1) expect(modelOf(await ask({ ...deep, temperature: 0 }))).toBe('gpt-4-turbo');
    expect(under.simulator.requests).toHaveLength(1);
    for (const content of ['deep one', 'deep two']) {
      expect(modelOf(await ask({ ...deep, messages: [{ role: 'user', content }] }))).toBe('gpt-4-turbo');
    }
    expect(modelOf(await ask({ ...deep, messages: [{ role: 'user', content: 'deep three' }] }))).toBe(
      'claude-sonnet-4-5',
    );
  });
});

describe('an answer that was kept', () => {
  const CACHE = 'caching: { enabled: true, ttl: 24h }\n';
  const spend = { text: 'Good.', inputTokens: 10_000, outputTokens: 100 };

  it('is given although the money is spent: it costs nothing; and the decision says why', async () => {
    await start(`${CACHE}budget: { daily: 0.1, time_zone: UTC }`);
    under.simulator.script([{ behave: spend }]);
    expect((await ask({ temperature: 0 })).status).toBe(200);
    const other = { messages: [{ role: 'user', content: 'something else' }] };
    expect((await ask(other)).status).toBe(429);
    const again = await ask({ temperature: 0 });
    expect([again.status, again.headers.get('x-signalbox-cache')]).toEqual([200, 'hit']);
    expect(under.rows.at(-1)?.decision.notices).toEqual([
      'answered from what was kept: no call could be made (the daily budget of $0.10 is used up; it begins anew in 12 h)',
    ]);
    // And nobody waits for what will not come.
    expect((await ask(other)).status).toBe(429);
  });

  it('is given beyond the requests that a key may make a minute, and is none of them', async () => {
    clock = fixedClock(NOON);
    const keys = keysOf({ sk: { name: 'ci', limits: { requestsPerMinute: 1 } } });
    under = await startGateway(CACHE, undefined, { keys, now: clock.now }, { clock });
    const key = { authorization: 'Bearer sk' };
    const statusOf = async (content: string) =>
      (await ask({ temperature: 0, messages: [{ role: 'user', content }] }, key)).status;
    expect(await statusOf('one')).toBe(200);
    expect([await statusOf('one'), await statusOf('one'), await statusOf('two')]).toEqual([200, 200, 429]);
    clock.set(NOON + 60_000);
    expect([await statusOf('one'), await statusOf('two')]).toEqual([200, 200]);
  });

  it('is not given where an alert says deny: that is an instruction', async () => {
    await start(`${CACHE}budget: { daily: 0.1, time_zone: UTC, alerts: [{ threshold: 50%, action: deny }] }`);
    under.simulator.script([{ behave: spend }]);
    await ask({ temperature: 0 });
    const refused = await ask({ temperature: 0 });
    expect([refused.status, await refused.text()]).toEqual([
      429,
      expect.stringContaining('50 % of the daily budget is spent'),
    ]);
  });
});

describe('users whom requests claim at a gateway without keys', () => {
  const claim = (user: string) => ask({ user });
  const ANSWER = { text: 'Good.', inputTokens: 1_000, outputTokens: 100 };

  it('share what the user of the machine may spend: a new name opens no new budget', async () => {
    await start('budget: { per_user: { default: 0.03 }, time_zone: UTC }', 'ann');
    under.simulator.script([{ behave: ANSWER }]);
    expect((await claim('one')).status).toBe(200);
    expect((await claim('two')).status).toBe(200);
    const refused = await claim('three');
    expect([refused.status, await refused.text()]).toEqual([
      429,
      expect.stringContaining('The daily budget of all who show no key of $0.030 has $0.0040 left'),
    ]);
    // Whoever says no name is among them.
    expect((await ask()).status).toBe(429);
  });

  it('have less where their own names are limited to less', async () => {
    await start('budget: { per_user: { default: 1, users: { guest: 0.01 } }, time_zone: UTC }', 'ann');
    under.simulator.script([{ behave: ANSWER }]);
    await claim('guest');
    expect(await (await claim('guest')).text()).toContain('The daily budget of user guest');
    expect((await claim('other')).status).toBe(200);
  });
});
