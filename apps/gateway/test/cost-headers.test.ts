import type { Attempt } from '@signalbox/core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { costHeader } from '../src/answer/cost-headers.ts';

const paid = (nanoUsd: number) => [{ cost: { nanoUsd } } as Attempt];

it('says dollars in all digits, and none that says nothing', () => {
  const told = (nanoUsd: number) => costHeader(paid(nanoUsd))['x-signalbox-cost'];
  expect([0, 1, 210_000, 1_500_000_000, 2e9, 1e12].map(told)).toEqual([
    '0',
    '0.000000001',
    '0.00021',
    '1.5',
    '2',
    '1000',
  ]);
  fc.assert(
    fc.property(fc.nat({ max: 1e13 }), (nanoUsd) => {
      const text = told(nanoUsd) ?? '';
      expect(text).toMatch(/^\d+(?:\.\d{0,8}[1-9])?$/);
      expect(Math.round(Number(text) * 1e9)).toBe(nanoUsd);
    }),
  );
});
