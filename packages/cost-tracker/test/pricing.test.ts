import type { Rates, Usage } from '@signalbox/core';
import { describe, expect, test } from 'vitest';
import { createPricing, ratesPerThousandTokens } from '../src/index.ts';
import { dollars, modelWith } from './models.ts';

const NOW = Date.parse('2026-11-22T12:00:00Z');
const pricing = createPricing();
const usageOf = (inputTokens: number, outputTokens: number, parts: Partial<Usage> = {}): Usage => ({
  inputTokens,
  outputTokens,
  provenance: 'reported',
  ...parts,
});

describe('a review of 500 lines: 2k tokens in, 1k out', () => {
  test.each([
    ['opus', 0.015, 0.075, 105_000_000],
    ['sonnet', 0.003, 0.015, 21_000_000],
    ['haiku', 0.00025, 0.00125, 1_750_000],
  ])('costs with %s at $%s and $%s per thousand tokens exactly %d nano-dollars', (_name, input, output, nanoUsd) => {
    const facts = modelWith([ratesPerThousandTokens({ input, output })]);
    expect(pricing.cost(facts, usageOf(2000, 1000), NOW)).toEqual({ nanoUsd, provenance: 'reported' });
    expect(pricing.predict(facts, 2000, 1000, NOW)).toBe(nanoUsd);
  });
});

describe('each kind of token has its rate', () => {
  const facts = modelWith([
    {
      input: dollars(3),
      output: dollars(15),
      cacheRead: dollars(0.3),
      cacheWrite5m: dollars(3.75),
      cacheWrite1h: dollars(6),
      inputAudio: dollars(32),
      outputAudio: dollars(64),
      reasoning: dollars(20),
      webSearch: dollars(10_000),
    },
  ]);
  const base = usageOf(1000, 1000);

  test.each<[keyof Usage, number]>([
    ['cacheReadTokens', 0.3 - 3],
    ['cacheWrite5mTokens', 3.75 - 3],
    ['cacheWrite1hTokens', 6 - 3],
    ['inputAudioTokens', 32 - 3],
    ['outputAudioTokens', 64 - 15],
    ['reasoningTokens', 20 - 15],
    ['webSearches', 10_000],
  ])('100 %s of a total change the cost by the difference of the rates', (field, difference) => {
    const without = pricing.cost(facts, base, NOW)?.nanoUsd ?? 0;
    const withPart = pricing.cost(facts, { ...base, [field]: 100 }, NOW)?.nanoUsd;
    expect(withPart).toBe(without + Math.round(difference * 100_000));
  });

  test('the parts of one call add up', () => {
    const usage = usageOf(10_000, 2000, { cacheReadTokens: 6000, cacheWrite5mTokens: 1000, reasoningTokens: 500 });
    // 3000 x $3 + 6000 x $0.3 + 1000 x $3.75 + 1500 x $15 + 500 x $20, per million
    expect(pricing.cost(facts, usage, NOW)?.nanoUsd).toBe(9_000_000 + 1_800_000 + 3_750_000 + 22_500_000 + 10_000_000);
  });
});

describe('kinds without a rate', () => {
  const facts = modelWith([{ input: dollars(3), output: dollars(15) }]);

  test('are billed as the total they are part of', () => {
    const plain = pricing.cost(facts, usageOf(1000, 1000), NOW);
    const parts = { cacheReadTokens: 300, cacheWrite1hTokens: 300, inputAudioTokens: 100, reasoningTokens: 900 };
    expect(pricing.cost(facts, usageOf(1000, 1000, parts), NOW)).toEqual(plain);
  });

  test('searches at an unknown rate are left out, and the cost is an estimate', () => {
    expect(pricing.cost(facts, usageOf(1000, 1000, { webSearches: 2 }), NOW)).toEqual({
      nanoUsd: 18_000_000,
      provenance: 'estimated',
    });
  });
});

describe('an unknown price is not a price of zero', () => {
  test.each<[string, readonly Rates[]]>([
    ['no price at all', []],
    ['no rate for output', [{ input: dollars(1) }]],
    ['a rate that is not a whole number', [{ input: 0.5, output: 1 }]],
    ['a negative rate', [{ input: -1, output: 1 }]],
  ])('%s: no cost', (_what, prices) => {
    expect(pricing.cost(modelWith(prices), usageOf(10, 10), NOW)).toBeUndefined();
    expect(pricing.predict(modelWith(prices), 10, 10, NOW)).toBeUndefined();
  });

  test('a usage that is no number has no cost', () => {
    const facts = modelWith([{ input: 1, output: 1 }]);
    expect(pricing.cost(facts, usageOf(Number.NaN, 1), NOW)).toBeUndefined();
    expect(pricing.cost(facts, usageOf(1, Number.POSITIVE_INFINITY), NOW)).toBeUndefined();
  });

  test('a rate that is not needed may be absent: an embedding has no output', () => {
    const facts = modelWith([{ input: dollars(0.02) }]);
    expect(pricing.cost(facts, usageOf(1000, 0), NOW)?.nanoUsd).toBe(20_000);
  });

  test('a model that is free costs zero', () => {
    expect(pricing.cost(modelWith([{ input: 0, output: 0 }]), usageOf(10, 10), NOW)?.nanoUsd).toBe(0);
  });
});

test('parts beyond their total are cut to it, and what is cached comes before what is audio', () => {
  const facts = modelWith([{ input: dollars(1), output: dollars(2), cacheRead: dollars(0.1), inputAudio: dollars(5) }]);
  const usage = usageOf(1000, 0, { cacheReadTokens: 600, inputAudioTokens: 900 });
  expect(pricing.cost(facts, usage, NOW)?.nanoUsd).toBe(600 * 100 + 400 * 5000);
  const cached = usageOf(1000, 0, { cacheReadTokens: 5000 });
  expect(pricing.cost(facts, cached, NOW)?.nanoUsd).toBe(100_000);
});

test('a row is rounded once, half up', () => {
  const facts = modelWith([{ input: 250_000, output: 250_000 }]);
  expect(pricing.cost(facts, usageOf(1, 1), NOW)?.nanoUsd).toBe(1);
  expect(pricing.cost(facts, usageOf(1, 0), NOW)?.nanoUsd).toBe(0);
});

test.each([
  ['one part is beyond what a number holds exactly', 999_999_999_977, 3, 123_456_811, 1, 123_456_810_997_160],
  ['only their sum is', 1_000_009_712, 1_000_000_003, 8_302_152, 8_999_925, 17_302_157_657],
  ['both are', 999_999_999_997, 999_999_999_989, 123_456_791, 987_654_321, 1_111_111_111_988_765],
])(
  'a cost is exact where %s, of which plain numbers would make a nano-dollar more',
  (_where, input, output, inputTokens, outputTokens, nanoUsd) => {
    expect(pricing.cost(modelWith([{ input, output }]), usageOf(inputTokens, outputTokens), NOW)?.nanoUsd).toBe(
      nanoUsd,
    );
  },
);

test('figures say where they come from', () => {
  const facts = modelWith([{ input: 1, output: 1 }]);
  for (const provenance of ['reported', 'counted', 'estimated'] as const) {
    expect(pricing.cost(facts, { inputTokens: 1, outputTokens: 1, provenance }, NOW)?.provenance).toBe(provenance);
  }
});

describe('the moment, the size and the service tier decide', () => {
  const facts = modelWith([
    { input: dollars(4), output: dollars(4), effectiveUntil: '2026-11-22' },
    {
      effectiveFrom: '2026-11-22',
      input: dollars(2),
      output: dollars(2),
      tiers: [{ aboveInputTokens: 200_000, input: dollars(4) }],
      batch: { input: dollars(1), output: dollars(1) },
    },
  ]);

  test('a price that changed', () => {
    expect(pricing.predict(facts, 1000, 0, NOW)).toBe(2_000_000);
    expect(pricing.predict(facts, 1000, 0, NOW - 86_400_000)).toBe(4_000_000);
  });

  test('cached input counts towards the size', () => {
    const usage = usageOf(200_001, 0, { cacheReadTokens: 200_000 });
    expect(pricing.cost(facts, usage, NOW)?.nanoUsd).toBe(200_001 * 4000);
  });

  test('the tier that the provider says it billed', () => {
    expect(pricing.cost(facts, usageOf(1000, 0, { serviceTier: 'batch' }), NOW)?.nanoUsd).toBe(1_000_000);
  });
});

describe("the user's own prices", () => {
  const listed = {
    input: dollars(15),
    output: dollars(75),
    cacheRead: dollars(1.5),
    tiers: [{ aboveInputTokens: 200_000, input: dollars(30) }],
    batch: { input: dollars(7.5), output: dollars(37.5) },
  };
  const facts = modelWith([listed]);
  const withPrices = (override: Rates) => createPricing({ overrides: { 'acme/model-1': override } });

  test('the same prices as the catalogue change nothing', () => {
    const same = withPrices(ratesPerThousandTokens({ input: 0.015, output: 0.075 }));
    for (const usage of [
      usageOf(1000, 1000),
      usageOf(300_000, 10),
      usageOf(1000, 10, { cacheReadTokens: 900, serviceTier: 'batch' }),
    ]) {
      expect(same.cost(facts, usage, NOW)).toEqual(pricing.cost(facts, usage, NOW));
    }
  });

  test('cached input, sizes and service tiers keep their proportion', () => {
    const third = withPrices({ input: dollars(5), output: dollars(25) });
    expect(third.cost(facts, usageOf(1000, 0), NOW)?.nanoUsd).toBe(5_000_000);
    expect(third.cost(facts, usageOf(1000, 0, { cacheReadTokens: 1000 }), NOW)?.nanoUsd).toBe(500_000);
    expect(third.cost(facts, usageOf(300_000, 0), NOW)?.nanoUsd).toBe(3_000_000_000);
    expect(third.cost(facts, usageOf(0, 1000, { serviceTier: 'batch' }), NOW)?.nanoUsd).toBe(12_500_000);
  });

  test('a kind that the user names is taken as it stands', () => {
    const own = withPrices({ input: dollars(5), output: undefined, cacheRead: dollars(2) });
    expect(own.cost(facts, usageOf(1000, 1000, { cacheReadTokens: 1000 }), NOW)?.nanoUsd).toBe(2_000_000 + 75_000_000);
  });

  test('a model without a price gets one', () => {
    const own = withPrices({ input: dollars(5), output: dollars(25) });
    expect(own.predict(modelWith([]), 1000, 0, NOW)).toBe(5_000_000);
  });

  test('a price in place of free is paid', () => {
    const own = withPrices({ input: dollars(5), output: dollars(25) });
    expect(own.predict(modelWith([{ input: 0, output: 0 }]), 1000, 1000, NOW)).toBe(30_000_000);
  });

  test('other models keep theirs', () => {
    const other = modelWith([listed], 'model-2');
    expect(withPrices({ input: 1, output: 1 }).predict(other, 1000, 0, NOW)).toBe(15_000_000);
  });
});
