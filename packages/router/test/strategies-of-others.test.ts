import { type Candidate, RouterError, type Strategy } from '@signalbox/core';
import { describe, expect, it } from 'vitest';
import { createRouter } from '../src/index.ts';
import { fakeProvider, finish, start, streams, text, userSays } from './fake-provider.ts';

/** A router with somebody's strategy, which types did not stop. */
function routerBy(rank: (candidates: readonly Candidate[]) => unknown) {
  const provider = fakeProvider('one', streams(start('real-model'), text('hello'), finish()));
  const strategy: Strategy = { name: 'mine', needs: [], rank: rank as Strategy['rank'] };
  return { provider, router: createRouter({ providers: [provider], strategy }) };
}

const stranger = { id: 'x/y', provider: { id: 'x' }, model: 'y', names: [], facts: {} };

describe("somebody else's strategy", () => {
  it.each<[string, (candidates: readonly Candidate[]) => unknown, string]>([
    [
      'that throws',
      () => {
        throw new Error('boom');
      },
      'The strategy "mine" failed: boom.',
    ],
    ['that says nothing', () => undefined, 'The strategy "mine" gave no order of candidates: rank must return {'],
    ['that says so later', async () => ({ order: [], reason: '' }), 'gave no order of candidates: rank must return {'],
    [
      'that gives ids',
      () => ({ order: ['one/real-model'], reason: '' }),
      'an order of something else than { candidate }',
    ],
    [
      'that gives bare candidates',
      (order) => ({ order, reason: '' }),
      'an order of something else than { candidate } of',
    ],
    [
      'that asks somebody of its own',
      () => ({ order: [{ candidate: stranger }], reason: '' }),
      'put x/y into its order, which is none of the candidates that it got.',
    ],
  ])('%s is named in a sentence, and nobody is asked', async (_, rank, sentence) => {
    const { router, provider } = routerBy(rank);
    const error = await router.generate(userSays('hi')).catch((failure: unknown) => failure);
    if (!RouterError.is(error)) throw error;
    expect(`${error.kind}: ${error.message}`).toContain('configuration: The strategy "mine" ');
    expect(error.message).toContain(sentence);
    expect(provider.calls).toEqual([]);
  });

  it('may leave out the reason', () => {
    const { router } = routerBy((candidates) => ({ order: candidates.map((candidate) => ({ candidate })) }));
    const inbound = { head: { model: undefined, stream: false }, request: () => userSays('hi') };
    expect(router.decide({ inbound }).reason).toBe('gave no reason');
  });
});
