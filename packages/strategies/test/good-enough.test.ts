import { describe, expect, it } from 'vitest';
import { costOptimized, performanceOptimized, withCostLimit } from '../src/index.ts';
import { candidate } from './candidates.ts';
import { all, gpt35, haiku, ids, opus, sonnet, taskSnapshot } from './models.ts';

describe('cost_optimized', () => {
  const ranked = (complexity: 'low' | 'medium' | 'high', options = {}) =>
    costOptimized(options).rank(all, taskSnapshot('code_generation', complexity));

  it('takes the cheapest model that can do the task: small work to the small ones, large work to the large', () => {
    expect(ids(ranked('low').order)[0]).toBe(gpt35.id);
    expect(ids(ranked('medium').order)[0]).toBe('google/gemini-pro');
    expect(ids(ranked('high').order)[0]).toBe(opus.id);
    expect(ranked('high').reason).toBe('the cheapest of 1 that is good enough for code_generation of high complexity');
  });

  it('asks the good ones by cost, then the rest with the best first', () => {
    expect(ids(ranked('medium').order)).toEqual([
      'google/gemini-pro', 'anthropic/sonnet', 'openai/gpt-4-turbo', 'anthropic/opus',
      'anthropic/haiku', 'openai/gpt-3.5-turbo',
    ]); // biome-ignore format: two groups
  });

  it('has a threshold of quality that a person may set, and asks the best where nobody reaches it', () => {
    expect(ids(ranked('low', { minQuality: 0.95 }).order)[0]).toBe(haiku.id);
    const { order, reason } = ranked('high', { minQuality: 0.99 });
    expect(ids(order)[0]).toBe(opus.id);
    expect(reason).toBe('nobody is good enough for code_generation of high complexity: the best there is');
  });

  it('takes the best within the threshold where cheaper is not preferred', () => {
    expect(ids(ranked('medium', { preferCheaper: false }).order)[0]).toBe(opus.id);
  });

  it('counts the wait for a model that is retired: small work does not go to one that was cheap, large savings still do', () => {
    const gone = candidate('google/old', 1, { status: 'retired' });
    const choice = (cost: ReadonlyMap<string, number>) =>
      ids(
        costOptimized().rank([gone, haiku], { ...taskSnapshot('simple_query', 'low'), cost, quality: GOOD }).order,
      )[0];
    const GOOD = new Map([gone, haiku].map((one) => [one.id, 1]));
    expect(choice(new Map([[gone.id, 100_000], [haiku.id, 1_300_000]]))).toBe(haiku.id); // biome-ignore format: short
    expect(choice(new Map([[gone.id, 10_000_000], [haiku.id, 130_000_000]]))).toBe(gone.id); // biome-ignore format: short
  });

  it('says what a price counts as where it is not the predicted one', () => {
    const gone = candidate('google/old', 1, { status: 'retired' });
    const given = {
      ...taskSnapshot('simple_query', 'low'),
      cost: new Map([[gone.id, 100_000], [haiku.id, 1_000_000]]),
      quality: new Map([[gone.id, 1], [haiku.id, 1]]),
    }; // biome-ignore format: short
    const { order } = costOptimized({ preferences: { any: { anthropic: 1 } } }).rank([gone, haiku], given);
    expect(order.map(({ reason }) => reason)).toEqual([
      '$0.0010 (counts as $0.00040: preferred for such tasks), expected quality 1.00',
      '$0.00010 (counts as $0.0021: no longer served), expected quality 1.00',
    ]);
  });

  it('puts an unknown price behind every known one', () => {
    const unknown = candidate('lab/model', 1);
    const given = taskSnapshot('simple_query', 'low', [unknown, haiku]);
    const { order } = costOptimized().rank([unknown, haiku], {
      ...given,
      cost: new Map([[haiku.id, 9]]),
      quality: new Map([[unknown.id, 1], [haiku.id, 1]]),
    }); // biome-ignore format: short
    expect(ids(order)).toEqual([haiku.id, unknown.id]);
    expect(order[1]?.reason).toBe('price unknown, expected quality 1.00');
  });

  it('puts who would answer too late behind the others', () => {
    const slow = { ...taskSnapshot('simple_query', 'low'), latencyMs: new Map([[gpt35.id, 20_000]]) };
    const { order } = costOptimized({ maxLatencyMs: 15_000 }).rank(all, slow);
    expect(ids(order)[0]).toBe(haiku.id);
  });
});

describe('performance_optimized', () => {
  it('takes the fastest of those that are good enough for the task', () => {
    const first = (complexity: 'low' | 'medium' | 'high') =>
      ids(performanceOptimized().rank(all, taskSnapshot('complex_reasoning', complexity)).order)[0];
    expect(first('low')).toBe(haiku.id);
    expect(first('high')).toBe(opus.id);
  });

  it('believes what was measured', () => {
    const measured = { ...taskSnapshot('simple_query', 'low'), latencyMs: new Map([[opus.id, 300]]) };
    expect(ids(performanceOptimized().rank(all, measured).order)[0]).toBe(opus.id);
  });

  it("takes a person's word on speed before any figure", () => {
    const strategy = performanceOptimized({ speedPriority: ['openai.gpt35', 'anthropic.sonnet'] });
    expect(ids(strategy.rank(all, taskSnapshot('simple_query', 'low')).order).slice(0, 2)).toEqual([
      gpt35.id,
      sonnet.id,
    ]);
    expect(ids(strategy.rank(all, taskSnapshot('complex_reasoning', 'high')).order)[0]).toBe(opus.id);
  });

  it('has a bound that is soft: where nobody keeps it the fastest is asked, and the reason says so', () => {
    const { order, reason } = performanceOptimized({ maxLatencyMs: 1 }).rank(all, taskSnapshot('simple_query', 'low'));
    expect(ids(order)[0]).toBe(haiku.id);
    expect(reason).toBe(
      'the fastest of 6 that are good enough for simple_query of low complexity; nobody would answer within 0 s',
    );
  });

  it('puts who would be late behind who would not, whatever the list says', () => {
    const strategy = performanceOptimized({ speedPriority: ['anthropic.haiku'], maxLatencyMs: 10_000 });
    const given = { ...taskSnapshot('simple_query', 'low'), latencyMs: new Map(all.map((one) => [one.id, 11_000])) };
    given.latencyMs.set(gpt35.id, 2_000);
    // The list is believed: its first takes the best of the listed figures, which is its own.
    expect(ids(strategy.rank(all, given).order)[0]).toBe(gpt35.id);
  });
});

describe('the limit of what one request may cost', () => {
  it('takes out who is predicted to cost more, with the figures', () => {
    const { order, removed } = withCostLimit(costOptimized(), 20_000_000).rank(
      [opus, sonnet, haiku],
      taskSnapshot('complex_reasoning', 'high'),
    );
    expect(ids(order)).toEqual([sonnet.id, haiku.id]);
    expect(removed).toEqual([
      {
        candidate: opus.id,
        kind: 'budget',
        byStrategy: true,
        reason: 'would cost about $0.075, more than the $0.020 that one request may',
      },
    ]);
  });

  it('asks for what it needs, whatever the strategy needs', () => {
    expect(withCostLimit(performanceOptimized(), 1).needs).toEqual(['task', 'quality', 'latency', 'cost']);
  });
});
