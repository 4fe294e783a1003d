import { RouterError } from '@signalbox/core';
import { expect, it } from 'vitest';
import { createMemoryAnswerStore, createResponseCache } from '../src/index.ts';

it.each<[string, () => unknown, string]>([
  [
    'a time in words',
    () => createResponseCache({ ttlMs: '1h' as never }),
    'createResponseCache: ttlMs is a text, and must be a number of milliseconds, 0 or more.',
  ],
  [
    'a slip',
    () => createResponseCache({ ttl: 5 } as never),
    'createResponseCache: there is no option "ttl"; there are store, ttlMs, upstreamOf, takeoverMs, similarity, onFault, clock.',
  ],
  [
    'similarity without vectors',
    () => createResponseCache({ similarity: {} as never }),
    'createResponseCache similarity: embed is missing, and must be a function that makes a vector of a text.',
  ],
  [
    'a threshold in per cent',
    () => createResponseCache({ similarity: { embed: async () => [1], threshold: 95 } }),
    'createResponseCache similarity: threshold is 95, and must be a number from 0 to 1.',
  ],
  [
    'no room',
    () => createMemoryAnswerStore({ maxBytes: 0 }),
    'createMemoryAnswerStore: maxBytes is 0, and must be a whole number, 1 or more.',
  ],
])('%s', (_, make, sentence) => {
  let failure: unknown;
  try {
    make();
  } catch (error) {
    failure = error;
  }
  if (!RouterError.is(failure)) throw failure ?? new Error('nothing was thrown');
  expect(`${failure.kind}: ${failure.message}`).toBe(`configuration: ${sentence}`);
});
