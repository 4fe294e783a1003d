import { type ModelRequest, RouterError } from '@signalbox/core';
import { describe, expect, it } from 'vitest';
import { createRouter, type RouterOptions } from '../src/index.ts';
import { fakeProvider, finish, start, streams, text, userSays } from './fake-provider.ts';

const one = () => fakeProvider('one', streams(start('real-model'), text('hello'), finish()));

function sentenceOf(error: unknown): string {
  if (!RouterError.is(error)) throw error;
  return `${error.kind}: ${error.message}`;
}

describe('a program without types gets a sentence', () => {
  it.each([
    ['no options', undefined, 'createRouter: providers is missing, and must be a list, such as [createAnthropic('],
    [
      'no providers',
      {},
      'createRouter: providers is missing, and must be a list, such as [createAnthropic({ apiKey })].',
    ],
    ['a provider that is no list', { providers: one() }, 'createRouter: providers is an object, and must be a list'],
    [
      'a function that makes one',
      { providers: [one(), one] },
      'providers[1] is a function, and must be a provider: what',
    ],
    ['nothing in the list', { providers: [undefined] }, 'providers[0] is undefined, and must be a provider: what'],
    [
      "a strategy's name",
      { providers: [one()], strategy: 'best_for_task' },
      'strategy is a text, and must be a strategy',
    ],
    [
      'a function that makes a ledger',
      { providers: [one()], ledger: () => ({}) },
      'ledger is a function, and must be a',
    ],
    [
      'namesakes',
      { providers: [one(), one()] },
      'two providers are called "one"; give one of them another name: { id: ',
    ],
    ['half a clock', { providers: [one()], clock: { now: Date.now } }, 'clock is an object, and must be a clock'],
    [
      'a wait in words',
      { providers: [one()], queueMs: '5s' },
      'queueMs is a text, and must be a number of milliseconds',
    ],
    [
      'an option that there is not',
      { providers: [one()], retrys: {} },
      'there is no option "retrys"; did you mean retry?',
    ],
    [
      'no attempt',
      { providers: [one()], retry: { maxAttempts: 0 } },
      'createRouter retry: maxAttempts is 0, and must be',
    ],
    [
      'an odd backoff',
      { providers: [one()], retry: { backoff: 'fibonacci' } },
      'backoff is a text, and must be one of',
    ],
    [
      'a hedge without a time',
      { providers: [one()], hedge: {} },
      'createRouter hedge: afterMs is missing, and must be',
    ],
    [
      'more than all',
      { providers: [one()], hedge: { afterMs: 1, share: 5 } },
      'share is 5, and must be a number, from 0 to 1',
    ],
  ])('for %s', (_, options, sentence) => {
    let failure: unknown;
    try {
      createRouter(options as unknown as RouterOptions);
    } catch (error) {
      failure = error;
    }
    expect(sentenceOf(failure)).toContain(sentence);
    expect(sentenceOf(failure)).toMatch(/^configuration: createRouter/);
  });

  const user = { role: 'user', parts: [{ type: 'text', text: 'hi' }] };
  it.each([
    ['nothing', undefined, "The request's system must be"],
    ['no system', { messages: [user] }, "The request's system must be a list of text parts; [] says nothing."],
    ['a text for messages', { system: [], messages: 'hi' }, "The request's messages must be a list, such as [{ role:"],
    [
      "another API's message",
      { system: [], messages: [user, { role: 'user', content: 'hi' }] },
      "The request's messages[1].parts must be a list of parts: a message is { role: 'user', parts:",
    ],
  ])('for %s as a request', async (_, request, sentence) => {
    const router = createRouter({ providers: [one()] });
    for (const call of [router.generate, router.stream])
      expect(sentenceOf(await call(request as unknown as ModelRequest).catch((error: unknown) => error))).toContain(
        `invalid-request: ${sentence}`,
      );
  });
});

it('a router that was closed says so, and asks nobody', async () => {
  const provider = one();
  const router = createRouter({ providers: [provider] });
  await router.close();
  for (const call of [router.generate, router.stream])
    expect(sentenceOf(await call(userSays('hi')).catch((error: unknown) => error))).toBe(
      'usage: The router is closed: it answers no more requests.',
    );
  expect(provider.calls).toEqual([]);
});
