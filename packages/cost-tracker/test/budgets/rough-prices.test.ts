import { type Pricing, usdToNano } from '@signalbox/core';
import { expect, test } from 'vitest';
import { createManualClock } from '../../../../testing/manual-clock.ts';
import { createBudgets } from '../../src/index.ts';
import { candidateOf, granted, pricing, requestOf } from './calls.ts';

const sonnet = candidateOf('acme/sonnet');

/** Budgets with plenty left, whose prices are ten times as high from a moment on. */
function underTest(dearFrom: number) {
  const clock = createManualClock();
  const start = clock.now();
  let asked = 0;
  const changing: Pricing = {
    ...pricing,
    predict(facts, input, output, at) {
      asked += 1;
      return (pricing.predict(facts, input, output, at) ?? 0) * (at - start >= dearFrom ? 10 : 1);
    },
  };
  const budgets = createBudgets({ plan: { daily: usdToNano(100), timeZone: 'UTC' }, pricing: changing, clock });
  return {
    clock,
    /** What a request of so many bytes reserves, and how often prices were asked for it. */
    call(bytes: number) {
      asked = 0;
      const reservation = granted(budgets.reserve(sonnet, requestOf({ bytes })));
      const reserved = budgets.standings({ tenant: 'local' })[0]?.reserved ?? 0;
      reservation.release();
      return { reserved, asked };
    },
  };
}

test('where plenty is left, calls of a size are priced once a minute', () => {
  const { clock, call } = underTest(60_000);
  const first = call(2_500);
  expect(first.asked).toBeGreaterThan(0);
  expect(call(2_500)).toEqual({ reserved: first.reserved, asked: 0 });
  expect(call(25_000).asked).toBeGreaterThan(0);
  clock.advance(60_000);
  const later = call(2_500);
  expect(later.asked).toBeGreaterThan(0);
  expect(later.reserved).toBe(10 * first.reserved);
});

test.each([0, 1, 2, 99, 2_500, 2_750, 5_000, 40_000])(
  'a request of %d bytes is priced at most a tenth too high, and never too low',
  (bytes) => {
    const { reserved } = underTest(60_000).call(bytes);
    const exact = pricing.predict(sonnet.facts, Math.ceil(Math.max(1, bytes / 2.5)), 1_000, 0) ?? 0;
    expect(reserved).toBeGreaterThanOrEqual(exact);
    // A token more: whole ones are paid for.
    expect(reserved).toBeLessThanOrEqual(exact + (exact - 10_000_000) * 0.1 + 1_000);
  },
);
