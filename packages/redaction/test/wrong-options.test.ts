import { RouterError } from '@signalbox/core';
import { expect, it } from 'vitest';
import { createRedaction } from '../src/index.ts';

it.each<[string, () => unknown, string]>([
  [
    'a kind that there is not',
    () => createRedaction({ kinds: ['secret' as never] }),
    'createRedaction: kinds[0] is a text, and must be one of secrets, email, card, iban, phone, ssn.',
  ],
  [
    'a kind that is no list',
    () => createRedaction({ kinds: 'secrets' as never }),
    'createRedaction: kinds is a text, and must be a list of secrets, email, card, iban, phone, ssn.',
  ],
  [
    'a place that there is not',
    () => createRedaction({ in: ['answers' as never] }),
    'createRedaction: in[0] is a text, and must be one of request, answer.',
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
