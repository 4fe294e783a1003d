import type { Complexity, TaskType } from '@signalbox/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bestForTask, withFallbackOrder } from '../src/index.ts';
import { candidate, snapshot } from './candidates.ts';
import { all, gemini, gpt4, gpt35, haiku, ids, opus, sonnet, taskSnapshot } from './models.ts';

describe('best_for_task', () => {
  const first = (type: TaskType, complexity: Complexity, strategy = bestForTask()) =>
    ids(strategy.rank(all, taskSnapshot(type, complexity)).order)[0];

  it('gives large work to the largest model and small work to the smallest of the preferred provider', () => {
    expect(first('complex_reasoning', 'high')).toBe('anthropic/opus');
    expect(first('code_generation', 'medium')).toBe('anthropic/sonnet');
    expect(first('simple_query', 'low')).toBe('anthropic/haiku');
  });

  it('follows the editorial table: structured output to GPT, images to Gemini', () => {
    expect(first('json_output', 'medium')).toBe('openai/gpt-4-turbo');
    expect(first('image_analysis', 'medium')).toBe('google/gemini-pro');
  });

  it('lets the table and the weights be replaced', () => {
    expect(first('simple_query', 'low', bestForTask({ preferences: { any: { openai: 1 } } }))).toBe(
      'openai/gpt-3.5-turbo',
    );
    expect(first('simple_query', 'low', bestForTask({ weights: { preference: 0, cost: 10 } }))).toBe(
      'openai/gpt-3.5-turbo',
    );
    expect(first('code_generation', 'medium', bestForTask({ weights: { cost: 0, latency: 0 } }))).toBe(
      'anthropic/opus',
    );
  });

  it('weighs waiting, as measured or as a person orders it', () => {
    const patient = taskSnapshot('simple_query', 'medium', [opus, sonnet]);
    const slowSonnet = { ...patient, latencyMs: new Map([[sonnet.id, 60_000], [opus.id, 1_000]]) }; // biome-ignore format: short
    const hasty = bestForTask({ weights: { latency: 0.5 } });
    expect(ids(hasty.rank([opus, sonnet], patient).order)[0]).toBe(sonnet.id);
    expect(ids(hasty.rank([opus, sonnet], slowSonnet).order)[0]).toBe(opus.id);
    const listed = bestForTask({ weights: { latency: 0.5 }, speedPriority: ['anthropic.sonnet', 'anthropic.opus'] });
    expect(ids(listed.rank([opus, sonnet], slowSonnet).order)[0]).toBe(sonnet.id);
  });

  it('asks who would answer too late only where nobody is quicker', () => {
    const late = { ...taskSnapshot('simple_query', 'low', [haiku, gpt35]), latencyMs: new Map([[haiku.id, 9_000], [gpt35.id, 2_000]]) }; // biome-ignore format: short
    const bounded = bestForTask({ maxLatencyMs: 8_500 });
    expect(ids(bounded.rank([haiku, gpt35], late).order)).toEqual([gpt35.id, haiku.id]);
  });

  it('says so where nobody is quick enough', () => {
    const rank = (maxLatencyMs: number) => bestForTask({ maxLatencyMs }).rank(all, taskSnapshot('simple_query', 'low'));
    expect(rank(1).reason).toMatch(/; nobody would answer within 0\.001 s$/);
    expect(rank(3_600_000).reason).not.toContain('nobody');
  });

  it('takes the cheaper of two that are good enough, and none that is not', () => {
    const cheaper = bestForTask({ enoughQuality: 0.8, minQuality: 0.8, weights: { cost: 0.2 } });
    expect(first('complex_reasoning', 'medium', cheaper)).toBe('anthropic/sonnet');
    expect(first('complex_reasoning', 'low', cheaper)).toBe('anthropic/haiku');
  });

  it('prefers a model that is served to an equal one that is retired', () => {
    const retired = candidate('anthropic/haiku-old', 5, { status: 'retired' });
    const same = { ...taskSnapshot('simple_query', 'low', [retired, haiku]), quality: undefined };
    expect(ids(bestForTask().rank([retired, haiku], same).order)).toEqual([haiku.id, retired.id]);
  });

  it('keeps the order of the configuration where the task was not analysed, and says so', () => {
    const { order, reason } = bestForTask().rank(all, snapshot());
    expect(ids(order)).toEqual(ids(all.map((one) => ({ candidate: one }))));
    expect(reason).toBe('the task was not analysed');
  });

  it('shows the parts of each score, and they add up', () => {
    const { order } = bestForTask({ providerOrder: ['google'], minQuality: 0.9, maxLatencyMs: 1 }).rank(
      all,
      taskSnapshot('code_review', 'high'),
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
        const rank = () => ids(bestForTask().rank(candidates, taskSnapshot('code_review', complexity)).order);
        expect(rank()).toEqual(rank());
        expect(rank().sort()).toEqual(candidates.map((one) => one.id).sort());
      }),
    );
  });

  it('never ranks a model lower for being better or cheaper, everything else the same', () => {
    const amount = fc.integer({ min: 0, max: 1_000_000_000 });
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(amount, amount, share, share, (cost, rise, quality, drop) => {
        const place = (money: number, good: number) => {
          const { order } = bestForTask({ minQuality: 0.5 }).rank([haiku, gpt4], {
            ...taskSnapshot('simple_query', 'low'),
            cost: new Map([[haiku.id, money], [gpt4.id, 5_000_000]]),
            quality: new Map([[haiku.id, good], [gpt4.id, 0.7]]),
          }); // biome-ignore format: short
          return ids(order).indexOf(haiku.id);
        };
        expect(place(cost, quality)).toBeLessThanOrEqual(place(cost + rise, quality));
        expect(place(cost, quality)).toBeLessThanOrEqual(place(cost, quality * drop));
      }),
    );
  });
});

describe('fallback_order', () => {
  it('puts the best of each other provider behind the first choice, in the order given', () => {
    const strategy = withFallbackOrder(bestForTask(), ['anthropic', 'openai', 'google']);
    const order = ids(strategy.rank(all, taskSnapshot('code_generation', 'high')).order);
    expect(order[0]).toBe(opus.id);
    expect(order.slice(1, 3)).toEqual([gpt4.id, gemini.id]);
    expect(order).toHaveLength(all.length);
  });
});
