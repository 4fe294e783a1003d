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

/** The same by a pattern: what shape a decision has is no matter of those that came before it. */
const shapeOf = (json: string) =>
  json.replace(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g, (token) =>
    token.startsWith('"') || ['0', '1', '0.5'].includes(token) ? token : '#',
  );

test('decisions that are alike but for some figures are taken apart as each would be alone', () => {
  const figure = fc.oneof(fc.constantFrom(0, 1, 0.5, 10, 15, 0.55, -1, null, '#', 'a'), fc.double({ noNaN: true }));
  const alike = fc.record({
    scores: fc.array(figure, { maxLength: 3 }),
    cost: figure,
    of: fc.record({ text: figure }),
  });
  fc.assert(
    fc.property(fc.array(alike, { minLength: 2, maxLength: 12 }), (some) => {
      for (const rest of some) {
        const taken = takeApart(decision(rest));
        expect(taken.shape).toBe(shapeOf(written(rest)));
        expect(putTogether(taken)).toBe(written(rest));
      }
    }),
    { numRuns: Number(process.env.RUNS ?? 300) },
  );
});
