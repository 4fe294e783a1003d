import type { AnswerStore, CacheQuestion, FinishReason, KeptAnswer, ModelRequest } from '@signalbox/core';
import { describe, expect, it, test } from 'vitest';
import { createManualClock } from '../../../testing/manual-clock.ts';
import { createMemoryAnswerStore, createResponseCache, type ResponseCacheOptions } from '../src/index.ts';
import { answer, asMiss, candidate, question, START, says, textOf } from './questions.ts';

function cacheAt(options: Partial<ResponseCacheOptions> = {}) {
  const clock = createManualClock(START);
  const faults: string[] = [];
  const cache = createResponseCache({ clock, onFault: (sentence) => faults.push(sentence), ...options });
  const keep = async (asked: CacheQuestion, kept: KeptAnswer) =>
    asMiss(await cache.lookup(asked)).keep(candidate(), kept);
  const ask = async (asked: CacheQuestion) => textOf(await cache.lookup(asked));
  return { ...cache, clock, faults, keep, ask };
}

describe('an answer', () => {
  it('is given again as it was, with its age', async () => {
    const { keep, lookup, clock } = cacheAt();
    await keep(question('hi'), answer('hello'));
    clock.advance(1_500);
    expect(await lookup(question('hi'))).toEqual({ kind: 'hit', answer: answer('hello'), ageMs: 1_500 });
  });

  it('goes when its time is over', async () => {
    const { keep, ask, clock } = cacheAt({ ttlMs: 10_000 });
    await keep(question('hi'), answer('hello'));
    clock.advance(9_999);
    expect(await ask(question('hi'))).toBe('hello');
    clock.advance(1);
    expect(await ask(question('hi'))).toBe('miss');
  });

  it('is too old when the time was made shorter since it was kept', async () => {
    const clock = createManualClock(START);
    const store = createMemoryAnswerStore({ clock });
    await cacheAt({ store, clock }).keep(question('hi'), answer('hello'));
    clock.advance(5_000);
    expect(await cacheAt({ store, clock, ttlMs: 6_000 }).ask(question('hi'))).toBe('hello');
    expect(await cacheAt({ store, clock, ttlMs: 5_000 }).ask(question('hi'))).toBe('miss');
  });

  it("is its tenant's alone", async () => {
    const { keep, ask } = cacheAt();
    await keep(question('hi', { caller: { tenant: 'a' } }), answer('for a'));
    expect(await ask(question('hi', { caller: { tenant: 'b' } }))).toBe('miss');
    expect(await ask(question('hi'))).toBe('miss');
    expect(await ask(question('hi', { caller: { tenant: 'a' } }))).toBe('for a');
  });

  it('is kept under the candidate that gave it: a fallback does not answer in the first choice’s name later', async () => {
    const { lookup, ask } = cacheAt();
    const fallback = candidate('anthropic/claude');
    asMiss(await lookup(question('hi'))).keep(fallback, answer('from claude', { candidate: 'anthropic/claude' }));
    expect(await ask(question('hi', { candidate: fallback }))).toBe('from claude');
    expect(await ask(question('hi'))).toBe('miss');
  });

  it('is another one when something else stands behind the candidate', async () => {
    const store = createMemoryAnswerStore({ clock: createManualClock(START) });
    const at = (endpoint: string) => cacheAt({ store, upstreamOf: () => endpoint });
    await at('http://one').keep(question('hi'), answer('of one'));
    expect(await at('http://two').ask(question('hi'))).toBe('miss');
    expect(await at('http://one').ask(question('hi'))).toBe('of one');
  });

  test.each<FinishReason>(['refusal', 'content-filter', 'context-window', 'pause', 'error', 'other'])(
    'that ended by %s is not kept',
    async (reason) => {
      const { keep, ask } = cacheAt();
      await keep(question('hi'), answer('hm', { response: { finish: { reason } } }));
      expect(await ask(question('hi'))).toBe('miss');
    },
  );

  test.each<FinishReason>(['stop', 'stop-sequence', 'tool-calls', 'length'])(
    'that ended by %s is kept',
    async (reason) => {
      const { keep, ask } = cacheAt();
      await keep(question('hi'), answer('hm', { response: { finish: { reason } } }));
      expect(await ask(question('hi'))).toBe('hm');
    },
  );

  it('without any content is not kept', async () => {
    const { keep, ask } = cacheAt();
    await keep(question('hi'), answer(''));
    expect(await ask(question('hi'))).toBe('miss');
  });
});

describe('a request', () => {
  const bypassed: readonly [string, Partial<ModelRequest>, RegExp][] = [
    [
      'that goes on from what the provider keeps',
      { serverState: { format: 'openai-responses', parameter: 'previous_response_id' } },
      /previous_response_id refers to what the provider keeps/,
    ],
    [
      'with a tool that the provider runs',
      { tools: [{ type: 'opaque', format: 'anthropic-messages', value: { type: 'web_search_20250305' } }] },
      /tools that the provider may run/,
    ],
    ['for several answers', { candidateCount: 2 }, /several answers/],
    [
      'that lets the provider search',
      { extensions: { 'openai-chat': { web_search_options: {} } } },
      /web_search_options/,
    ],
    ['with a server of tools', { extensions: { 'anthropic-messages': { mcp_servers: [{}] } } }, /mcp_servers/],
    ['in the options of one provider', { providerOptions: { xai: { search_parameters: {} } } }, /search_parameters/],
    ['that is to be stored', { extensions: { 'openai-responses': { store: true } } }, /store the answer/],
  ];
  test.each(bypassed)('%s is never kept', async (_, change, reason) => {
    const { lookup } = cacheAt();
    const found = await lookup(question({ ...says('hi'), ...change }));
    expect(found).toEqual({ kind: 'bypass', reason: expect.stringMatching(reason) });
  });

  it('that says `background: false` is like any other', async () => {
    const { ask } = cacheAt();
    const request = { ...says('hi'), extensions: { 'openai-responses': { background: false } } };
    expect(await ask(question(request))).toBe('miss');
  });

  it('that is nested deeper than a stack is passed over', async () => {
    const depth = 200_000;
    const deep = JSON.parse(`${'['.repeat(depth)}${']'.repeat(depth)}`);
    const { lookup } = cacheAt();
    const request = { ...says('hi'), extensions: { 'openai-chat': { deep } } };
    for (const mode of ['use', 'refresh'] as const) {
      const found = await lookup(question(request, { use: { mode } }));
      if (mode === 'use') expect(found).toEqual({ kind: 'bypass', reason: 'it is nested too deeply to be compared' });
      else asMiss(found).keep(candidate(), answer('hello'));
    }
  });

  it('that wants no cache is given nothing, and nothing is kept', async () => {
    const { keep, ask } = cacheAt();
    await keep(question('hi'), answer('hello'));
    expect(await ask(question('hi', { use: { mode: 'off' } }))).toBe('bypass');
  });

  it('that wants it new gets it new, and others get the new one from then on', async () => {
    const { keep, ask } = cacheAt();
    await keep(question('hi'), answer('old'));
    await keep(question('hi', { use: { mode: 'refresh' } }), answer('new'));
    expect(await ask(question('hi'))).toBe('new');
  });

  it('that wants it fresher than it is kept waits for nobody and gets no old one', async () => {
    const { keep, ask, lookup, clock } = cacheAt();
    await keep(question('hi'), answer('old'));
    clock.advance(5_000);
    expect(await ask(question('hi', { use: { maxAgeMs: 5_001 } }))).toBe('old');
    expect((await lookup(question('hi', { use: { maxAgeMs: 5_000 } }))).kind).toBe('miss');
    expect((await lookup(question('hi', { use: { maxAgeMs: 5_000 } }))).kind).toBe('miss');
    expect(await ask(question('hi'))).toBe('old');
  });
});

describe('a store', () => {
  it('that fails makes misses and one sentence, never an error', async () => {
    const broken: AnswerStore = {
      get: () => Promise.reject(new Error('the socket is closed')),
      set: () => Promise.reject(new Error('the socket is closed')),
      clear: () => undefined,
    };
    const { keep, ask, faults } = cacheAt({ store: broken });
    await keep(question('hi'), answer('hello'));
    // The one who waited for it has it all the same.
    await keep(question('ho'), answer('hello'));
    expect(await ask(question('he'))).toBe('miss');
    expect(faults).toEqual(["Kept answers can't be looked up: the socket is closed"]);
  });

  it('in memory is bounded in bytes: who was not asked for longest goes first', async () => {
    const store = createMemoryAnswerStore({ maxBytes: 8_500, clock: createManualClock(START) });
    const long = 'x'.repeat(1_500);
    for (const key of ['a', 'b', 'c', 'd']) store.set(key, answer(long), 60_000);
    store.get('a');
    for (const key of ['e', 'f']) store.set(key, answer(long), 60_000);
    const kept = ['a', 'b', 'c', 'd', 'e', 'f'].filter((key) => store.get(key) !== undefined);
    expect(kept).toEqual(['a', 'd', 'e', 'f']);
    expect(store.size()).toEqual({ answers: 4, bytes: expect.any(Number) });
    expect(store.size().bytes).toBeLessThanOrEqual(8_500);
    store.set('huge', answer('x'.repeat(20_000)), 60_000);
    expect(store.get('huge')).toBeUndefined();
    expect(store.get('a')).toBeDefined();
    store.clear();
    expect(store.size()).toEqual({ answers: 0, bytes: 0 });
  });

  it('in memory gives out values that nobody can spoil for others', () => {
    const store = createMemoryAnswerStore({ clock: createManualClock(START) });
    store.set('a', answer('whole'), 60_000);
    Object.assign(store.get('a')?.response ?? {}, { parts: [] });
    expect(store.get('a')).toEqual(answer('whole', { answeredAt: START }));
  });
});
