import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { areaUnderRoc, averageGain, callShareFor, hullArea } from '../router-curves.ts';

describe('the average gain of a pair', () => {
  const rows = (scores: readonly number[]) =>
    scores.map((score, row) => ({ score, weak: 0, strong: row < scores.length / 2 ? 1 : 0 }));

  it('is a half for scores that say nothing, and the area of a perfect order where they say all', () => {
    expect(averageGain(rows([1, 1, 1, 1]))).toBeCloseTo(0.5);
    expect(averageGain(rows([4, 3, 2, 1]))).toBeCloseTo(0.75);
    expect(averageGain(rows([1, 2, 3, 4]))).toBeCloseTo(0.25);
  });

  it('reaches half of the gain with a quarter of the calls where the order is perfect', () => {
    expect(callShareFor(rows([4, 3, 2, 1]), 0.5)).toBe(0.25);
  });

  it('turned around, is what is missing to one', () => {
    const scores = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 2, maxLength: 30 });
    fc.assert(
      fc.property(scores, (some) => {
        const turned = rows(some).map((row) => ({ ...row, score: -row.score }));
        expect(averageGain(rows(some)) + averageGain(turned)).toBeCloseTo(1);
      }),
    );
  });
});

describe('the area under a hull', () => {
  it('never falls below the best single point, and is not lowered by a bad one', () => {
    const points = [
      { cost: 1, quality: 0.5 },
      { cost: 3, quality: 0.9 },
    ];
    expect(hullArea(points, 1, 3)).toBeCloseTo(0.7);
    expect(hullArea([...points, { cost: 2, quality: 0.1 }], 1, 3)).toBeCloseTo(0.7);
    expect(hullArea([...points, { cost: 2, quality: 0.9 }], 1, 3)).toBeCloseTo(0.8);
  });
});

it('the area under the ROC curve: ties count half', () => {
  const row = (score: number, positive: boolean) => ({ score, positive });
  expect(areaUnderRoc([row(2, true), row(1, false)])).toBe(1);
  expect(areaUnderRoc([row(1, true), row(1, false)])).toBe(0.5);
});
