import type { PricePeriod, Rates, Usage } from '@signalbox/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createPricing } from '../src/index.ts';
import { modelWith } from './models.ts';

const NOW = Date.parse('2026-11-22T12:00:00Z');
const pricing = createPricing();

const rate = fc.integer({ min: 0, max: 600_000_000_000 });
const maybe = <Value>(arbitrary: fc.Arbitrary<Value>) => fc.option(arbitrary, { nil: undefined });
const period: fc.Arbitrary<PricePeriod> = fc.record({
  input: rate,
  output: rate,
  cacheRead: maybe(rate),
  cacheWrite5m: maybe(rate),
  cacheWrite1h: maybe(rate),
  reasoning: maybe(rate),
  inputAudio: maybe(rate),
  outputAudio: maybe(rate),
  webSearch: rate,
});
const count = fc.nat(2_000_000);
const PARTS = [
  ['cacheReadTokens', 'cacheRead', 'input'],
  ['cacheWrite5mTokens', 'cacheWrite5m', 'input'],
  ['cacheWrite1hTokens', 'cacheWrite1h', 'input'],
  ['inputAudioTokens', 'inputAudio', 'input'],
  ['reasoningTokens', 'reasoning', 'output'],
  ['outputAudioTokens', 'outputAudio', 'output'],
] as const;
const parts = fc.record({
  cacheReadTokens: count,
  cacheWrite5mTokens: count,
  cacheWrite1hTokens: count,
  inputAudioTokens: count,
  reasoningTokens: count,
  outputAudioTokens: count,
  webSearches: fc.nat(100),
});

/** A usage whose parts fit their totals: `plainInput` and `plainOutput` tokens are in no part. */
function consistentUsage(some: Partial<Record<keyof Usage, number>>, plainInput: number, plainOutput: number): Usage {
  let inputTokens = plainInput;
  let outputTokens = plainOutput;
  for (const [field, , total] of PARTS) {
    if (total === 'input') inputTokens += some[field] ?? 0;
    else outputTokens += some[field] ?? 0;
  }
  return { ...some, inputTokens, outputTokens, provenance: 'reported' } as Usage;
}

const cost = (one: PricePeriod, usage: Usage) => pricing.cost(modelWith([one]), usage, NOW)?.nanoUsd ?? Number.NaN;

test('a cost is a whole number and never negative, whatever is reported', () => {
  const wild = fc.oneof(count, fc.integer(), fc.double(), fc.constant(undefined));
  const usage = fc.record({
    inputTokens: fc.double({ noNaN: true, min: -1e9, max: 1e9 }),
    outputTokens: fc.double({ noNaN: true, min: -1e9, max: 1e9 }),
    cacheReadTokens: wild,
    cacheWrite5mTokens: wild,
    cacheWrite1hTokens: wild,
    reasoningTokens: wild,
    inputAudioTokens: wild,
    outputAudioTokens: wild,
    webSearches: fc.oneof(fc.nat(100), fc.constant(undefined)),
    provenance: fc.constant('reported' as const),
  });
  fc.assert(
    fc.property(period, usage, (one, reported) => {
      const nanoUsd = cost(one, reported);
      expect(Number.isInteger(nanoUsd)).toBe(true);
      expect(nanoUsd).toBeGreaterThanOrEqual(0);
    }),
  );
});

test('more tokens of any kind never cost less', () => {
  const kinds = [...PARTS.map(([field]) => field), 'webSearches', 'plainInput', 'plainOutput'] as const;
  fc.assert(
    fc.property(
      period,
      parts,
      count,
      count,
      fc.constantFrom(...kinds),
      fc.nat(10_000),
      (one, some, input, output, kind, more) => {
        const before = cost(one, consistentUsage(some, input, output));
        const after =
          kind === 'plainInput'
            ? consistentUsage(some, input + more, output)
            : kind === 'plainOutput'
              ? consistentUsage(some, input, output + more)
              : consistentUsage({ ...some, [kind]: some[kind] + more }, input, output);
        expect(cost(one, after)).toBeGreaterThanOrEqual(before);
      },
    ),
  );
});

test('a cost is the exact sum of its parts, rounded once', () => {
  fc.assert(
    fc.property(period, parts, count, count, (one, some, input, output) => {
      const rates: Rates = one;
      let exact = BigInt(input) * BigInt(rates.input ?? 0) + BigInt(output) * BigInt(rates.output ?? 0);
      for (const [field, kind, total] of PARTS) exact += BigInt(some[field]) * BigInt(rates[kind] ?? rates[total] ?? 0);
      exact += BigInt(some.webSearches) * BigInt(rates.webSearch ?? 0);
      const error = BigInt(cost(one, consistentUsage(some, input, output))) * 1_000_000n - exact;
      expect(error > -500_000n && error <= 500_000n).toBe(true);
    }),
  );
});

test('a prediction is the cost of the same tokens without parts', () => {
  fc.assert(
    fc.property(period, count, count, (one, inputTokens, outputTokens) => {
      const facts = modelWith([one]);
      const usage: Usage = { inputTokens, outputTokens, provenance: 'counted' };
      expect(pricing.predict(facts, inputTokens, outputTokens, NOW)).toBe(pricing.cost(facts, usage, NOW)?.nanoUsd);
    }),
  );
});

test("the user's own input and output prices are met exactly, at any catalogue price", () => {
  fc.assert(
    fc.property(period, rate, rate, count, count, (one, input, output, inputTokens, outputTokens) => {
      const own = createPricing({ overrides: { 'acme/model-1': { input, output } } });
      const flat = pricing.predict(modelWith([{ input, output }]), inputTokens, outputTokens, NOW);
      expect(own.predict(modelWith([one]), inputTokens, outputTokens, NOW)).toBe(flat);
    }),
  );
});

test('what was asked before changes nothing: hours, sizes and service tiers are found anew where they differ', () => {
  const hour = fc.constantFrom('00:00', '11:59', '12:00', '12:01', '23:30');
  const priced = fc.record({
    input: rate,
    output: rate,
    hoursUtc: maybe(fc.record({ from: hour, to: hour })),
    effectiveFrom: maybe(fc.constantFrom('2026-11-22', '2026-11-23')),
    tiers: maybe(fc.array(fc.record({ aboveInputTokens: fc.constantFrom(0, 100, 200), input: rate }))),
    batch: maybe(fc.record({ input: rate })),
  });
  const question = fc.record({
    at: fc.integer({ min: -130_000, max: 43_200_000 + 130_000 }).map((later) => NOW + later),
    inputTokens: fc.constantFrom(0, 1, 99, 100, 101, 200, 201, 1_000),
    serviceTier: fc.constantFrom(undefined, 'batch', 'standard'),
  });
  fc.assert(
    fc.property(fc.array(priced, { maxLength: 3 }), fc.array(question, { maxLength: 8 }), (prices, questions) => {
      const facts = modelWith(prices);
      for (const { at, ...rest } of questions) {
        const usage: Usage = { ...rest, outputTokens: 10, provenance: 'reported' };
        expect(pricing.cost(facts, usage, at)).toEqual(createPricing().cost(facts, usage, at));
      }
    }),
  );
});
