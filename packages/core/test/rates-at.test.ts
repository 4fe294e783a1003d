import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type PricePeriod, ratesAt } from '../src/index.ts';

const moment = (text: string) => Date.parse(text);
const NOON = moment('2026-11-22T12:00:00Z');

describe('the period', () => {
  const prices: readonly PricePeriod[] = [
    { input: 100, effectiveUntil: '2026-08-17' },
    { effectiveFrom: '2026-08-17', input: 200 },
    { effectiveFrom: '2026-08-17', input: 400, hoursUtc: { from: '01:00', to: '04:00' } },
    { effectiveFrom: '2026-08-17', input: 500, hoursUtc: { from: '23:30', to: '00:30' } },
  ];

  test.each([
    ['2026-08-16T23:59:59.999Z', 100, 'before the change'],
    ['2026-08-17T00:30:00Z', 200, 'the first day counts'],
    ['2026-09-01T00:59:59Z', 200, 'before the peak hours'],
    ['2026-09-01T01:00:00Z', 400, 'their beginning is inside'],
    ['2026-09-01T03:59:59Z', 400, 'inside'],
    ['2026-09-01T04:00:00Z', 200, 'their end is outside'],
    ['2026-09-01T23:30:00Z', 500, 'a window past midnight, before it'],
    ['2026-09-01T00:29:59Z', 500, 'a window past midnight, after it'],
    ['2026-09-01T00:30:00Z', 200, 'past its end'],
  ])('at %s the input rate is %d: %s', (at, input) => {
    expect(ratesAt(prices, moment(at))?.input).toBe(input);
  });

  test('the last one that fits wins', () => {
    expect(ratesAt([{ input: 1 }, { input: 2 }], NOON)).toEqual({ input: 2 });
  });

  test('no price, or none at that moment, is unknown', () => {
    expect(ratesAt([], NOON)).toBeUndefined();
    expect(ratesAt([{ input: 1, effectiveFrom: '2027-01-01' }], NOON)).toBeUndefined();
    expect(ratesAt([{ input: 1, effectiveUntil: '2026-11-22' }], NOON)).toBeUndefined();
  });
});

describe('the tier by size', () => {
  const prices: readonly PricePeriod[] = [
    {
      input: 300,
      output: 1500,
      cacheRead: 30,
      tiers: [
        { aboveInputTokens: 400_000, input: 900 },
        { aboveInputTokens: 200_000, input: 600, output: 2250 },
      ],
    },
  ];

  test('holds above its size, not at it', () => {
    expect(ratesAt(prices, NOON, { inputTokens: 200_000 })?.input).toBe(300);
    expect(ratesAt(prices, NOON, { inputTokens: 200_001 })?.input).toBe(600);
  });

  test('the highest one wins whatever their order, and inherits what it leaves out', () => {
    expect(ratesAt(prices, NOON, { inputTokens: 500_000 })).toEqual({ input: 900, output: 1500, cacheRead: 30 });
  });
});

describe('the service tier', () => {
  const prices: readonly PricePeriod[] = [
    {
      input: 2500,
      output: 15_000,
      cacheRead: 250,
      tiers: [{ aboveInputTokens: 272_000, input: 5000, output: 22_500, cacheRead: 500 }],
      batch: { input: 1250, output: 7500 },
      priority: { input: 5000 },
    },
  ];

  test('replaces the standard rates and inherits what it leaves out', () => {
    expect(ratesAt(prices, NOON, { serviceTier: 'batch' })).toEqual({ input: 1250, output: 7500, cacheRead: 250 });
    expect(ratesAt(prices, NOON, { serviceTier: 'priority' })).toEqual({ input: 5000, output: 15_000, cacheRead: 250 });
  });

  test('one without rates, and a name that is none, are billed as standard', () => {
    expect(ratesAt(prices, NOON, { serviceTier: 'flex' })?.input).toBe(2500);
    expect(ratesAt(prices, NOON, { serviceTier: 'default' })?.input).toBe(2500);
  });

  test('keeps its proportion on a long request', () => {
    expect(ratesAt(prices, NOON, { inputTokens: 300_000, serviceTier: 'batch' })).toEqual({
      input: 2500,
      output: 11_250,
      cacheRead: 500,
    });
  });

  test('rates stay whole numbers, and are within half a nano-dollar of the proportion', () => {
    const rate = fc.integer({ min: 10_000_000, max: 200_000_000_000 });
    fc.assert(
      fc.property(rate, rate, rate, (standard, sized, served) => {
        const prices = [{ input: standard, tiers: [{ aboveInputTokens: 1, input: sized }], batch: { input: served } }];
        const found = ratesAt(prices, NOON, { inputTokens: 2, serviceTier: 'batch' })?.input ?? -1;
        const error = BigInt(found) * BigInt(standard) - BigInt(served) * BigInt(sized);
        expect(2n * (error < 0n ? -error : error) <= BigInt(standard)).toBe(true);
      }),
    );
  });
});
