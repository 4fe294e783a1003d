import { describe, expect, it } from 'vitest';
import { addUsage, type Provenance, type Usage, weakerProvenance } from '../src/index.ts';

const usage = (fields: Partial<Usage> = {}): Usage => ({
  inputTokens: 0,
  outputTokens: 0,
  provenance: 'reported',
  ...fields,
});

describe('a sum of usages', () => {
  const KINDS = [
    'cacheReadTokens',
    'cacheWrite5mTokens',
    'cacheWrite1hTokens',
    'reasoningTokens',
    'inputAudioTokens',
    'outputAudioTokens',
    'webSearches',
  ] as const;

  it('has the totals of both', () => {
    expect(addUsage(usage({ inputTokens: 3, outputTokens: 5 }), usage({ inputTokens: 20, outputTokens: 40 }))).toEqual(
      usage({ inputTokens: 23, outputTokens: 45 }),
    );
  });

  it.each(KINDS)('has %s of either, and none where nobody said any', (kind) => {
    expect(addUsage(usage({ [kind]: 2 }), usage({ [kind]: 5 }))[kind]).toBe(7);
    expect(addUsage(usage({ [kind]: 2 }), usage())[kind]).toBe(2);
    expect(addUsage(usage(), usage({ [kind]: 5 }))[kind]).toBe(5);
    expect(addUsage(usage({ [kind]: 0 }), usage())[kind]).toBe(0);
    expect(addUsage(usage(), usage())[kind]).toBeUndefined();
  });

  it('is billed at a tier only where both were', () => {
    const tier = (one?: string, other?: string) =>
      addUsage(usage({ serviceTier: one }), usage({ serviceTier: other })).serviceTier;
    expect([tier('batch', 'batch'), tier('batch', 'flex'), tier('batch'), tier(undefined, 'batch'), tier()]).toEqual([
      'batch',
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  it.each<[Provenance, Provenance, Provenance]>([
    ['reported', 'reported', 'reported'],
    ['reported', 'counted', 'counted'],
    ['counted', 'counted', 'counted'],
    ['counted', 'estimated', 'estimated'],
    ['reported', 'estimated', 'estimated'],
  ])('of what is %s and what is %s is %s', (one, other, weaker) => {
    expect([weakerProvenance(one, other), weakerProvenance(other, one)]).toEqual([weaker, weaker]);
    expect(addUsage(usage({ provenance: one }), usage({ provenance: other })).provenance).toBe(weaker);
  });
});
