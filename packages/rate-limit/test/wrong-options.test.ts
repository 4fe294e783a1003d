import { RouterError } from '@signalbox/core';
import { expect, it } from 'vitest';
import { createCallerLimiter, createRateLimiter } from '../src/index.ts';

const clock = { now: () => 0, after: () => () => undefined };

it.each<[string, () => unknown, string]>([
  [
    'no options',
    () => createRateLimiter(undefined as never),
    'createRateLimiter: clock is missing, and must be a clock, such as systemClock of @signalbox/router.',
  ],
  [
    'a limit of nothing at all',
    () => createRateLimiter({ clock, limits: { openai: { tokensPerMinute: 0 } } }),
    'createRateLimiter limits.openai: tokensPerMinute is 0, and must be a number, 1 or more.',
  ],
  [
    'a slip in a limit',
    () => createRateLimiter({ clock, limits: { openai: { tokensPerMinut: 1 } as never } }),
    'createRateLimiter limits.openai: there is no option "tokensPerMinut"; did you mean tokensPerMinute?',
  ],
  [
    'requests without a span',
    () => createRateLimiter({ clock, limits: { openai: { requests: [{ requests: 5 } as never] } } }),
    'createRateLimiter limits.openai: requests[0] is an object, and must be a limit of requests, such as { requests: 50, perMs: 60_000 }.',
  ],
  [
    'half a connection',
    () => createRateLimiter({ clock, limits: { openai: { connections: 0.5 } } }),
    'createRateLimiter limits.openai: connections is 0.5, and must be a whole number, 1 or more.',
  ],
  [
    'a model that has calls below zero',
    () => createRateLimiter({ clock, limits: { openai: { models: { o1: { maxConcurrent: -1 } } } } }),
    'createRateLimiter limits.openai.models.o1: maxConcurrent is -1, and must be a whole number, 1 or more.',
  ],
  [
    'a queue below zero',
    () => createRateLimiter({ clock, maxWaiting: -1 }),
    'createRateLimiter: maxWaiting is -1, and must be a whole number, 0 or more.',
  ],
  [
    'callers without a clock',
    () => createCallerLimiter({} as never),
    'createCallerLimiter: clock is missing, and must be a clock, such as systemClock of @signalbox/router.',
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
