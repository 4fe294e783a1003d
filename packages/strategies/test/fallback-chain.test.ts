import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fallbackChain, manual } from '../src/index.ts';
import { candidate, snapshot } from './candidates.ts';

const opus = candidate('anthropic/opus', 25, {}, ['anthropic.opus']);
const sonnet = candidate('anthropic/sonnet', 15, {}, ['anthropic.sonnet']);
const haiku = candidate('anthropic/haiku', 5, {}, ['anthropic.haiku']);
const gpt4 = candidate('openai/gpt-4-turbo', 30, {}, ['openai.gpt4']);
const gpt35 = candidate('openai/gpt-3.5-turbo', 1.5);
const gemini = candidate('google/gemini-pro', 10);
const all = [opus, sonnet, haiku, gpt4, gpt35, gemini];

const ids = (order: readonly { candidate: { id: string } }[]) => order.map((ranked) => ranked.candidate.id);

describe('manual', () => {
  it('keeps the order and looks at nothing', () => {
    expect(manual().needs).toEqual([]);
    expect(ids(manual('a person chose').rank([haiku, opus], snapshot()).order)).toEqual([
      'anthropic/haiku',
      'anthropic/opus',
    ]);
  });
});

describe('fallback_chain', () => {
  it('tries models in the order of the chain, under any of their names', () => {
    const { order, reason } = fallbackChain({
      name: 'primary',
      chain: ['openai.gpt4', 'anthropic/haiku', 'sonnet'],
    }).rank(all, snapshot());
    expect(ids(order)).toEqual(['openai/gpt-4-turbo', 'anthropic/haiku', 'anthropic/sonnet']);
    expect(reason).toBe('first in the chain "primary" (openai.gpt4)');
  });

  it('takes a provider for its candidates in their order', () => {
    const { order } = fallbackChain({ chain: ['openai', 'anthropic'] }).rank([haiku, gpt4, gpt35], snapshot());
    expect(ids(order)).toEqual(['openai/gpt-4-turbo', 'openai/gpt-3.5-turbo', 'anthropic/haiku']);
  });

  it('says what is not in the chain, and what in the chain is no candidate', () => {
    const { removed } = fallbackChain({ chain: ['google', 'local.mistral'] }).rank([haiku, gemini], snapshot());
    expect(removed).toEqual([
      {
        candidate: 'local.mistral',
        kind: 'not-configured',
        reason: 'is in the chain, but not among those who could answer',
      },
      { candidate: 'anthropic/haiku', kind: 'not-in-strategy', reason: 'is not in the chain' },
    ]);
  });

  it('places nobody twice and loses nobody', () => {
    const names = fc.constantFrom('anthropic', 'openai', 'opus', 'anthropic.haiku', 'google/gemini-pro', 'nobody');
    fc.assert(
      fc.property(fc.array(names, { minLength: 1 }), (chain) => {
        const { order, removed } = fallbackChain({ chain }).rank(all, snapshot());
        const out = (removed ?? []).filter((one) => one.kind === 'not-in-strategy').map((one) => one.candidate);
        expect([...ids(order), ...out].sort()).toEqual(ids(all.map((one) => ({ candidate: one }))).sort());
      }),
    );
  });
});
