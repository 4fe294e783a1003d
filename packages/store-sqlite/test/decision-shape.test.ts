import type { Decision } from '@signalbox/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { putTogether, takeApart } from '../src/rows/decision-shape.ts';

const decision = (rest: object): Decision => ({
  id: 'd',
  decidedAt: 1,
  requestedModel: 'auto',
  strategy: 'best_for_task',
  reason: 'r',
  order: [],
  removed: [],
  ...rest,
});
const written = (rest: object) =>
  JSON.stringify({ strategy: 'best_for_task', reason: 'r', order: [], removed: [], ...rest });

test('figures are taken out of a decision, those in texts and common ones are not', () => {
  const rest = { reason: 'is 3.5 "times"\\ as -2 good', scores: [0.25, 1, -3e-7, 0], of: { cost: 1_200 } };
  expect(takeApart(decision(rest))).toEqual({
    shape: written({ ...rest, scores: 'SCORES', of: 'OF' })
      .replace('"SCORES"', '[#,1,#,0]')
      .replace('"OF"', '{"cost":#}'),
    figures: '0.25,-3e-7,1200',
  });
});

test('whatever is taken apart can be put together again', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (more) => {
      const rest = { more };
      expect(putTogether(takeApart(decision(rest)))).toBe(written(rest));
    }),
    { numRuns: Number(process.env.RUNS ?? 300) },
  );
});
