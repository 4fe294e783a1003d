import {
  type Attempt,
  type Candidate,
  type Decision,
  formatUsd,
  type ModelRequest,
  type Pricing,
  type Strategy,
  sessionSentence,
} from '@signalbox/core';
import { describe, expect, it } from 'vitest';
import { createManualClock } from '../../../testing/manual-clock.ts';
import { createRouter, createSessions, type RouterOptions } from '../src/index.ts';
import { answers, fakeProvider, finish, start, text, userSays } from './fake-provider.ts';

const MINUTE = 60_000;
/** 20,000 tokens of a conversation. */
const LONG = 'All of what was said before. '.repeat(3_000);
const conversation = (last: string): ModelRequest => ({
  ...userSays(LONG),
  system: [{ type: 'text', text: 'You are an agent.' }],
  messages: [...userSays(LONG).messages, ...userSays(last).messages],
});

/** A nano-dollar for a token, a tenth of it from the cache, a quarter more into it. */
const pricing: Pricing = {
  cost: (facts, { inputTokens, outputTokens, cacheReadTokens = 0, cacheWrite5mTokens = 0 }) => {
    const price = facts.id.startsWith('large') ? 5 : 2;
    const units = inputTokens - cacheReadTokens * 0.9 + cacheWrite5mTokens * 0.25 + outputTokens;
    return { nanoUsd: Math.round(units * price * 1_000), provenance: 'estimated' };
  },
  predict: (facts, inputTokens, outputTokens, at) =>
    pricing.cost(facts, { inputTokens, outputTokens, provenance: 'estimated' }, at)?.nanoUsd,
};

/** The best by quality less cents. */
const byValue: Strategy = {
  name: 'by_value',
  needs: ['task', 'quality', 'cost'],
  rank: (candidates, { quality, cost }) => ({
    order: candidates
      .map((candidate) => ({
        candidate,
        score: (quality?.get(candidate.id) ?? 0) - (cost?.get(candidate.id) ?? 0) / 1e9,
      }))
      .sort((one, other) => other.score - one.score),
    reason: 'value',
  }),
};

function setUp(options: Partial<RouterOptions> = {}) {
  const clock = createManualClock();
  /** How good each is at the task of the moment. */
  const quality: Record<string, number> = { 'large/large-model': 0.9, 'small/small-model': 0.5 };
  const answer = answers(200, { events: [start('m'), text('ok'), { ...finish(), usage }] });
  const router = createRouter({
    providers: [fakeProvider('large', answer), fakeProvider('small', answer)],
    strategy: byValue,
    pricing,
    clock,
    retry: { maxAttempts: 1 },
    analyser: {
      analyse: () => ({
        type: 'code_generation',
        complexity: 'medium',
        difficulty: 0.5,
        expectedOutputTokens: 100,
        reason: 'asks for code',
      }),
    },
    quality: { expect: ({ id }: Candidate) => quality[id] },
    promptCaches: () => ({ unasked: false, ttlMs: 5 * MINUTE, longTtlMs: 60 * MINUTE, minTokens: 1_024 }),
    ...options,
  });
  const send = async (last: string, session: string | undefined = 's', model?: string) => {
    const request = { ...conversation(last), model };
    const caller = { tenant: 'local', session };
    const { decision, candidate, response } = await router.generate(request, { caller });
    expect(response.parts).toHaveLength(1);
    return { decision, candidate: candidate.id };
  };
  return { router, clock, quality, send };
}

const sentence = ({ session }: Decision) => session && sessionSentence(session);

const usage = { inputTokens: 21_000, outputTokens: 50, cacheWrite5mTokens: 20_000, provenance: 'reported' };

describe('a session', () => {
  it('keeps its model while the prompt cache is warm and a switch gains less than it costs, and says so', async () => {
    const { quality, send } = setUp();
    expect(await send('Build it')).toMatchObject({
      candidate: 'large/large-model',
      decision: { strategy: 'by_value' },
    });
    // The small one is a little better for the money now: 20,000 tokens at a third of the price.
    quality['small/small-model'] = 0.87;
    const kept = await send('Rename it');
    expect(kept.candidate).toBe('large/large-model');
    expect(sentence(kept.decision)).toMatch(
      /^kept: warm prompt cache of about 20000 tokens, saves \$0\.08\d*; switching to small\/small-model would gain 0\.0\d+ in score$/,
    );
    expect((await send('Rename it', 'another')).candidate).toBe('small/small-model');
    expect((await send('Rename it', '')).candidate).toBe('small/small-model');
  });

  it('leaves it where the gain is larger, and says what that costs', async () => {
    const { quality, send } = setUp();
    await send('Build it');
    quality['small/small-model'] = 1.9;
    const left = await send('A task for the other');
    expect(left.candidate).toBe('small/small-model');
    expect(sentence(left.decision)).toMatch(/^left: the warm prompt cache .* at large\/large-model would save \$0\.08/);
    // From here on the cache is there.
    quality['small/small-model'] = 0.8;
    expect((await send('Another')).candidate).toBe('small/small-model');
  });

  it('is free again when the cache is cold', async () => {
    const { clock, quality, send } = setUp();
    await send('Build it');
    quality['small/small-model'] = 0.87;
    clock.advance(4 * MINUTE);
    expect((await send('Rename it')).candidate).toBe('large/large-model');
    clock.advance(6 * MINUTE);
    const cold = await send('Rename it');
    expect(cold.candidate).toBe('small/small-model');
    expect(cold.decision.session).toBeUndefined();
  });

  it('is told apart from another conversation of the same session', async () => {
    const { quality, router, send } = setUp();
    await send('Build it');
    quality['small/small-model'] = 0.87;
    const agent: ModelRequest = { ...conversation('Look around'), system: [{ type: 'text', text: 'You explore.' }] };
    const { candidate } = await router.generate(agent, { caller: { tenant: 'local', session: 's' } });
    expect(candidate.id).toBe('small/small-model');
  });

  it('never overrules a model that is named', async () => {
    const { send } = setUp();
    await send('Build it');
    const named = await send('Rename it', 's', 'small-model');
    expect(named).toMatchObject({ candidate: 'small/small-model', decision: { strategy: 'manual' } });
    expect(named.decision.session).toBeUndefined();
  });

  it('predicts what a request costs with the cache', async () => {
    const { send } = setUp();
    const first = await send('Build it');
    const second = await send('Build it');
    const costs = [first, second].map(({ decision }) => decision.order[0]?.predictedCost ?? 0);
    expect(formatUsd(costs[1] ?? 0)).not.toBe(formatUsd(costs[0] ?? 0));
    expect(costs[1]).toBeLessThan((costs[0] ?? 0) * 0.3);
  });
});

describe('the memory of sessions', () => {
  const facts = { provider: 'p', id: 'm', capabilities: {}, prices: [] } as unknown as Candidate['facts'];
  const terms = { unasked: true, ttlMs: 5 * MINUTE, minTokens: 1_024 };
  const attempt = (rest: object = {}) =>
    ({
      candidate: 'p/m',
      outcome: 'success',
      lane: 'bytes',
      startedAt: 0,
      durationMs: 0,
      usage: { inputTokens: 9_000, outputTokens: 1, provenance: 'reported' },
      ...rest,
    }) as Attempt;

  it('is bounded: the longest unused are forgotten first', () => {
    const sessions = createSessions();
    for (let n = 0; n < 10_001; n += 1) sessions.answered(`s${n}`, attempt(), facts, terms);
    expect(sessions.warm('s0', 1)).toBeUndefined();
    expect(sessions.warm('s1', 1)).toEqual({ candidate: 'p/m', tokens: 9_000 });
  });

  it('goes by what the provider reports where nothing is cached unasked', () => {
    const sessions = createSessions();
    sessions.answered('s', attempt(), facts, { ...terms, unasked: false });
    expect(sessions.warm('s', 1)).toBeUndefined();
    const wrote = { usage: { inputTokens: 9_000, outputTokens: 1, cacheWrite1hTokens: 4_000, cacheReadTokens: 3_000 } };
    sessions.answered('s', attempt(wrote), facts, { ...terms, unasked: false, longTtlMs: 60 * MINUTE });
    expect(sessions.warm('s', 59 * MINUTE)).toEqual({ candidate: 'p/m', tokens: 7_000 });
    expect(sessions.warm('s', 60 * MINUTE)).toBeUndefined();
  });

  it('has nothing of a prompt that is too short, of a failure, and of a vendor that keeps nothing', () => {
    const sessions = createSessions();
    const short = attempt({ usage: { inputTokens: 1_000, outputTokens: 1, provenance: 'reported' } });
    sessions.answered('s', short, facts, terms);
    sessions.answered('s', attempt({ outcome: 'failure' }), facts, terms);
    sessions.answered('s', attempt(), facts, undefined);
    expect(sessions.warm('s', 1)).toBeUndefined();
  });
});
