import type { Outcome } from '@signalbox/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createOutcomeCorrection } from '../src/index.ts';

const DAY = 86_400_000;
const NOW = 1_000 * DAY;
const outcome = (good: boolean, rest: Partial<Outcome> = {}): Outcome => ({
  candidate: 'a/m',
  taskType: 'code_generation',
  complexity: 'medium',
  good,
  source: 'feedback',
  at: NOW,
  ...rest,
});
const correction = (outcomes: readonly Outcome[], prior = 0.7) =>
  createOutcomeCorrection(outcomes, () => prior, NOW).correct(prior, 'a/m', 'code_generation', 'medium');

describe('outcomes beside a prior', () => {
  it('leave it as it is where there are none, and for other models and kinds of task', () => {
    expect(correction([])).toEqual({ posterior: 0.7, outcomes: 0 });
    expect(correction([outcome(false, { candidate: 'a/other' })])).toEqual({ posterior: 0.7, outcomes: 0 });
    expect(correction([outcome(false, { taskType: 'translation' })])).toEqual({ posterior: 0.7, outcomes: 0 });
  });

  it('move it a little when they are few and more when they are many', () => {
    const after = (count: number) => correction(Array.from({ length: count }, () => outcome(false))).posterior;
    expect(after(1)).toBeCloseTo(0.7 - 0.7 / 21, 9);
    expect(after(5)).toBeLessThan(after(1));
    expect(after(500)).toBeCloseTo(0.3, 5);
  });

  it('settle at what is really seen', () => {
    const seen = Array.from({ length: 2_000 }, (_, index) => outcome(index % 2 === 0));
    expect(correction(seen).posterior).toBeCloseTo(0.5, 1);
  });

  it('count less the older they are, and a guess from behaviour less than a word', () => {
    const by = (rest: Partial<Outcome>) => correction([outcome(false, rest), outcome(false, rest)]);
    expect(by({ at: NOW - 30 * DAY }).outcomes).toBeCloseTo(1);
    expect(by({ at: NOW - 30 * DAY }).posterior).toBeGreaterThan(by({}).posterior);
    expect(by({ source: 'asked-again' }).outcomes).toBeCloseTo(0.5);
  });

  it('of small work say little of large work', () => {
    const priors = { low: 0.95, medium: 0.6, high: 0.2 };
    const small = Array.from({ length: 300 }, () => outcome(true, { complexity: 'low' }));
    const made = createOutcomeCorrection(small, (_, __, complexity) => priors[complexity], NOW);
    expect(made.correct(0.2, 'a/m', 'code_generation', 'high').posterior).toBeLessThan(0.25);
    expect(made.correct(0.95, 'a/m', 'code_generation', 'low').posterior).toBeGreaterThan(0.98);
  });

  it('never leave the bounds, and good ones never make it worse', () => {
    const outcomes = fc.array(
      fc.record({
        good: fc.boolean(),
        age: fc.integer({ min: -10, max: 5_000 }),
        complexity: fc.constantFrom('low' as const, 'medium' as const, 'high' as const),
        source: fc.constantFrom('feedback' as const, 'comparison' as const, 'asked-again' as const),
      }),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(outcomes, fc.double({ min: 0, max: 1, noNaN: true }), (given, prior) => {
        const made = given.map(({ good, age, ...rest }) => outcome(good, { ...rest, at: NOW - age * DAY }));
        const { posterior } = correction(made, prior);
        expect(posterior).toBeGreaterThanOrEqual(0);
        expect(posterior).toBeLessThanOrEqual(1);
        expect(Math.abs(posterior - prior)).toBeLessThanOrEqual(0.4 + 1e-9);
        expect(correction([...made.filter((one) => one.good)], prior).posterior).toBeGreaterThanOrEqual(prior - 1e-9);
      }),
      { numRuns: 200 },
    );
  });
});
