import type { Complexity, TaskProfile, TaskType } from '@signalbox/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bestForTask, fallbackChain, manual, withFallbackOrder } from '../src/index.ts';
import { candidate, snapshot } from './candidates.ts';

const opus = candidate('anthropic/opus', 25, {}, ['anthropic.opus']);
const sonnet = candidate('anthropic/sonnet', 15, {}, ['anthropic.sonnet']);
const haiku = candidate('anthropic/haiku', 5, {}, ['anthropic.haiku']);
const gpt4 = candidate('openai/gpt-4-turbo', 30, {}, ['openai.gpt4']);
const gpt35 = candidate('openai/gpt-3.5-turbo', 1.5);
const gemini = candidate('google/gemini-pro', 10);
const all = [opus, sonnet, haiku, gpt4, gpt35, gemini];

const task = (type: TaskType, complexity: Complexity): TaskProfile => ({
  type,
  complexity,
  difficulty: 0.5,
  expectedOutputTokens: 100,
  reason: 'a test',
});
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
      { candidate: 'local.mistral', kind: 'not-configured', reason: 'is in the chain but no candidate' },
      { candidate: 'anthropic/haiku', kind: 'not-in-strategy', reason: 'is not in the chain' },
    ]);
  });

  it('places nobody twice and loses nobody', () => {
    const names = fc.constantFrom('anthropic', 'openai', 'opus', 'anthropic.haiku', 'google/gemini-pro', 'nobody');
    fc.assert(
      fc.property(fc.array(names), (chain) => {
        const { order, removed } = fallbackChain({ chain }).rank(all, snapshot());
        const out = (removed ?? []).filter((one) => one.kind === 'not-in-strategy').map((one) => one.candidate);
        expect([...ids(order), ...out].sort()).toEqual(ids(all.map((one) => ({ candidate: one }))).sort());
      }),
    );
  });
});

describe('best_for_task', () => {
  const first = (type: TaskType, complexity: Complexity) =>
    ids(bestForTask().rank(all, snapshot({ task: task(type, complexity) })).order)[0];

  it('gives large work to the largest model and small work to the smallest of the preferred provider', () => {
    expect(first('complex_reasoning', 'high')).toBe('anthropic/opus');
    expect(first('code_generation', 'medium')).toBe('anthropic/sonnet');
    expect(first('simple_query', 'low')).toBe('anthropic/haiku');
  });

  it('follows the editorial table: structured output to GPT, images to Gemini', () => {
    expect(first('json_output', 'medium')).toBe('openai/gpt-4-turbo');
    expect(first('image_analysis', 'medium')).toBe('google/gemini-pro');
  });

  it('lets the table be replaced', () => {
    const strategy = bestForTask({ preferences: { any: { openai: 1 } } });
    expect(ids(strategy.rank(all, snapshot({ task: task('simple_query', 'low') })).order)[0]).toBe(
      'openai/gpt-3.5-turbo',
    );
  });

  it('takes a retired model only where nothing else is left', () => {
    const retired = candidate('anthropic/old-opus', 75, { status: 'retired' });
    const { order } = bestForTask().rank([retired, gpt35], snapshot({ task: task('complex_reasoning', 'high') }));
    expect(ids(order)).toEqual(['openai/gpt-3.5-turbo', 'anthropic/old-opus']);
  });

  it('shows the parts of each score, and they add up', () => {
    const cost = new Map(all.map((one, index) => [one.id, (index + 1) * 100]));
    const { order } = bestForTask({ providerOrder: ['google'] }).rank(
      all,
      snapshot({ task: task('simple_query', 'low'), cost }),
    );
    for (const { score, scoreParts } of order) {
      const sum = Object.values(scoreParts ?? {}).reduce((total, part) => total + part, 0);
      expect(score).toBeCloseTo(sum, 10);
    }
  });

  it('is pure: the same snapshot gives the same order, and every candidate keeps a place', () => {
    const shuffled = fc.shuffledSubarray(all, { minLength: 1 });
    fc.assert(
      fc.property(shuffled, fc.constantFrom<Complexity>('low', 'medium', 'high'), (candidates, complexity) => {
        const rank = () =>
          ids(bestForTask().rank(candidates, snapshot({ task: task('code_review', complexity) })).order);
        expect(rank()).toEqual(rank());
        expect(rank().sort()).toEqual(candidates.map((one) => one.id).sort());
      }),
    );
  });
});

describe('fallback_order', () => {
  it('puts the best of each other provider behind the first choice, in the order given', () => {
    const strategy = withFallbackOrder(bestForTask(), ['anthropic', 'openai', 'google']);
    const order = ids(strategy.rank(all, snapshot({ task: task('code_generation', 'high') })).order);
    expect(order[0]).toBe('anthropic/opus');
    expect(order.slice(1, 3)).toEqual(['openai/gpt-4-turbo', 'google/gemini-pro']);
    expect(order).toHaveLength(all.length);
  });
});
