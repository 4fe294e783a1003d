import type { ModelRequest } from '@signalbox/core';
import { describe, expect, it, test } from 'vitest';
import { createManualClock } from '../../../testing/manual-clock.ts';
import { createResponseCache, type SimilarityOptions } from '../src/index.ts';
import { answer, asMiss, candidate, question, START, says, textOf } from './questions.ts';

/** Texts as counts of a few words: near where they share most. */
const WORDS = ['capital', 'france', 'spain', 'what', 'is', 'the', 'of', 'tell', 'me'];
const vectorOf = (text: string) => WORDS.map((word) => (text.toLowerCase().includes(word) ? 1 : 0.01));

function similar(options: Partial<SimilarityOptions> = {}) {
  const clock = createManualClock(START);
  const embedded: string[] = [];
  const faults: string[] = [];
  const cache = createResponseCache({
    clock,
    ttlMs: 10_000,
    onFault: (sentence) => faults.push(sentence),
    similarity: {
      async embed(text) {
        embedded.push(text);
        return vectorOf(text);
      },
      threshold: 0.9,
      ...options,
    },
  });
  const keep = async (asked: ReturnType<typeof question>, text: string) =>
    asMiss(await cache.lookup(asked)).keep(candidate(), answer(text));
  const ask = async (asked: ReturnType<typeof question>) => textOf(await cache.lookup(asked));
  return { clock, cache, embedded, faults, keep, ask };
}

const PARIS = question('What is the capital of France?');

describe('a question that means the same', () => {
  it('gets the answer, and how near it is', async () => {
    const { cache, keep } = similar();
    await keep(PARIS, 'Paris');
    const found = await cache.lookup(question('Tell me what is the capital of France'));
    expect(textOf(found)).toBe('miss');
    const near = await cache.lookup(question('what is the  capital of france'));
    expect(near).toMatchObject({ kind: 'hit', similarity: expect.closeTo(1, 5) });
    expect(textOf(near)).toBe('Paris');
  });

  it('is not asked about where the very same was answered', async () => {
    const { keep, ask, embedded } = similar();
    await keep(PARIS, 'Paris');
    expect(await ask(PARIS)).toBe('Paris');
    expect(embedded).toHaveLength(1);
  });

  it('gets none that is not near enough', async () => {
    const { keep, ask } = similar();
    await keep(PARIS, 'Paris');
    expect(await ask(question('What is the capital of Spain?'))).toBe('miss');
  });

  const other: readonly [string, ReturnType<typeof question>][] = [
    ['of another tenant', question('what is the capital of france', { caller: { tenant: 'acme' } })],
    ['for another candidate', question('what is the capital of france', { candidate: candidate('a/b') })],
    [
      'with other instructions',
      question({ ...says('what is the capital of france'), system: [{ type: 'text', text: 'x' }] }),
    ],
    ['with another temperature', question({ ...says('what is the capital of france'), sampling: { temperature: 1 } })],
    [
      'with another conversation before it',
      question({
        system: [],
        messages: [
          { role: 'user', parts: [{ type: 'text', text: 'a' }] },
          { role: 'assistant', parts: [{ type: 'text', text: 'b' }] },
          ...says('what is the capital of france').messages,
        ],
      }),
    ],
  ];
  test.each(other)('%s gets none', async (_, asked) => {
    const { keep, ask } = similar();
    await keep(PARIS, 'Paris');
    expect(await ask(asked)).toBe('miss');
  });

  test.each([
    ['What is the capital of France in 1940?', 'What is the capital of France in 1941?'],
    ['What is the capital of "France"?', 'What is the capital of "france"?'],
    ['What is the capital of `france`?', 'What is the capital of `France`?'],
    ['What is the capital of src/france.ts?', 'What is the capital of src/France.ts?'],
  ])('gets none where figures, quotations or names differ: %s', async (one, two) => {
    const { keep, ask } = similar();
    await keep(question(one), 'Paris');
    expect(await ask(question(two))).toBe('miss');
    expect(await ask(question(one.replace('What', 'what')))).toBe('Paris');
  });

  const incomparable: readonly [string, ModelRequest][] = [
    ['with tools', { ...says('hi'), tools: [{ type: 'function', name: 'delete_file' }] }],
    [
      'with a picture',
      {
        system: [],
        messages: [
          {
            role: 'user',
            parts: [
              { type: 'image', source: { kind: 'url', url: 'https://a.example/b.png' } },
              { type: 'text', text: 'hi' },
            ],
          },
        ],
      },
    ],
    [
      'that ends in a tool’s answer',
      { system: [], messages: [{ role: 'user', parts: [{ type: 'tool-result', callId: 'a', content: [] }] }] },
    ],
    ['that is very long', says('long '.repeat(1_000))],
    ['without words', says('  ')],
  ];
  test.each(incomparable)('%s is compared with nothing, and costs nothing', async (_, request) => {
    const { ask, embedded } = similar();
    expect(await ask(question(request))).toBe('miss');
    expect(embedded).toEqual([]);
  });

  it('gets none that is over', async () => {
    const { clock, keep, ask } = similar();
    await keep(PARIS, 'Paris');
    clock.advance(10_000);
    expect(await ask(question('what is the capital of france'))).toBe('miss');
  });

  it('does not get what somebody else than the first choice has answered', async () => {
    const { cache, ask } = similar();
    asMiss(await cache.lookup(PARIS)).keep(candidate('a/fallback'), answer('Paris', { candidate: 'a/fallback' }));
    expect(await ask(question('what is the capital of france'))).toBe('miss');
  });
});

describe('vectors', () => {
  it('that can’t be had are no reason for an error: it is told once', async () => {
    const { ask, faults } = similar({ embed: () => Promise.reject(new Error('openai: no quota')) });
    expect(await ask(PARIS)).toBe('miss');
    expect(await ask(question('another'))).toBe('miss');
    expect(faults).toEqual(["Similar questions can't be looked up: openai: no quota"]);
  });

  test.each([[[]], [[0, 0]], [[Number.NaN, 1]]])('that make no sense (%j) are left', async (vector) => {
    const { ask, keep } = similar({ embed: async () => vector });
    await keep(PARIS, 'Paris');
    expect(await ask(question('something else'))).toBe('miss');
  });

  it('that take too long are given up', async () => {
    const { clock, cache } = similar({
      timeoutMs: 2_000,
      embed: (_, { signal }) =>
        new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('too late')))),
    });
    const asked = cache.lookup(PARIS);
    await new Promise((resolve) => setImmediate(resolve));
    clock.advance(2_000);
    expect(textOf(await asked)).toBe('miss');
  });

  it('are given up when the caller goes, and whoever waits takes over', async () => {
    const caller = new AbortController();
    let calls = 0;
    const { cache } = similar({
      embed: (text, { signal }) => {
        calls += 1;
        if (calls > 1) return Promise.resolve(vectorOf(text));
        return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('gone'))));
      },
    });
    const first = cache.lookup({ ...PARIS, signal: caller.signal });
    const second = cache.lookup(PARIS);
    await new Promise((resolve) => setImmediate(resolve));
    caller.abort();
    await expect(first).rejects.toMatchObject({ kind: 'aborted' });
    expect(textOf(await second)).toBe('miss');
  });

  it('are bounded in bytes: those that were of no use for longest go first', async () => {
    // Nine numbers of four bytes and what an entry takes beside: room for three.
    const { keep, ask } = similar({ maxBytes: 3 * (9 * 4 + 256) });
    await keep(PARIS, 'Paris');
    for (const text of ['spain', 'tell me', 'of']) await keep(question(text), text);
    expect(await ask(question('SPAIN'))).toBe('spain');
    expect(await ask(question('what is the capital of france'))).toBe('miss');
  });
});
