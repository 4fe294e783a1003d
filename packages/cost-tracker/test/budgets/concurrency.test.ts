import { type Reservation, usdToNano } from '@signalbox/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createManualClock } from '../../../../testing/manual-clock.ts';
import { createBudgets } from '../../src/index.ts';
import { attemptOf, candidateOf, granted, pricing, refusal, requestOf } from './calls.ts';

const LIMIT = usdToNano(0.03);
/** Tokens between two looks at a stream. */
const LOOK = 64;
/** Tokens that a model thinks and shows nowhere before the end. */
const HIDDEN = 20;
const PER_TOKEN = 10_000;

const models = [candidateOf('acme/sonnet'), candidateOf('other/gpt', [2, 8])] as const;

const operation = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('start' as const),
      model: fc.nat(models.length - 1),
      stream: fc.boolean(),
      inputTokens: fc.integer({ min: 1, max: 3_000 }),
      maxOutputTokens: fc.integer({ min: 1, max: 4_000 }),
      length: fc.integer({ min: 100, max: 6_000 }),
      hidden: fc.nat(HIDDEN),
      user: fc.constantFrom('ann', 'bob', undefined),
    }),
  },
  {
    weight: 20,
    arbitrary: fc.record({
      kind: fc.constant('grow' as const),
      call: fc.nat(7),
      by: fc.integer({ min: 40, max: LOOK }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constantFrom('finish' as const, 'abort' as const, 'fail' as const, 'release' as const),
      call: fc.nat(20),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('wait' as const), milliseconds: fc.nat(3_000) }) },
);

interface Call {
  readonly reservation: Reservation;
  readonly model: (typeof models)[number];
  readonly stream: boolean;
  readonly inputTokens: number;
  /** What the model would answer if it were not stopped. */
  readonly length: number;
  readonly hidden: number;
  output: number;
}

test('whatever callers do at once, the budget holds to one look and the hidden thoughts of each call in flight, and nobody whom it covers is refused', () => {
  let reached = 0;
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 300, size: 'max' }), (operations) => {
      const clock = createManualClock();
      const plan = { daily: LIMIT, perUser: { default: LIMIT / 2 }, timeZone: 'UTC' };
      const budgets = createBudgets({ plan, pricing, clock });
      let calls: Call[] = [];
      let spent = 0;
      let mostAtOnce = 0;
      let refused = 0;
      const standing = (user: string | undefined) => budgets.standings({ tenant: 'local', user });

      function end(call: Call, outcome: 'success' | 'aborted' | 'failure'): void {
        calls = calls.filter((one) => one !== call);
        const nothing = outcome === 'failure' && call.output === 0;
        const attempt = nothing
          ? attemptOf(call.model, 0, 0, { outcome, usage: undefined })
          : attemptOf(call.model, call.inputTokens, call.output + (call.stream ? call.hidden : 0), { outcome });
        spent += attempt.cost?.nanoUsd ?? 0;
        call.reservation.settle(attempt);
      }

      for (const one of operations) {
        const call = 'call' in one ? calls[one.call % Math.max(1, calls.length)] : undefined;
        if (one.kind === 'wait') clock.advance(one.milliseconds);
        else if (one.kind === 'start') {
          const { inputTokens, maxOutputTokens, stream, user } = one;
          const model = models[one.model] ?? models[0];
          const request = requestOf({ inputTokens, maxOutputTokens, stream, caller: { user } });
          const answer = budgets.reserve(model, request);
          if (refusal(answer) !== undefined) {
            const worst = pricing.predict(model.facts, Math.ceil(inputTokens * 1.2), maxOutputTokens, 0) ?? 0;
            const free = standing(user).map(({ limit, spent: used, reserved }) => limit - used - reserved);
            refused += 1;
            expect(Math.min(...free), 'refused although it is covered').toBeLessThan(worst + 2);
            continue;
          }
          const reservation = granted(answer);
          const cap = Math.min(maxOutputTokens, reservation.maxOutputTokens ?? Number.POSITIVE_INFINITY);
          const length = Math.min(one.length, cap);
          calls.push({ ...one, model, reservation, length, output: stream ? 0 : length });
          mostAtOnce = Math.max(mostAtOnce, calls.length);
        } else if (call !== undefined && one.kind === 'grow') {
          if (!call.stream) continue;
          call.output = Math.min(call.length, call.output + one.by);
          if (call.reservation.mustStop?.(call.output) !== undefined) end(call, 'aborted');
        } else if (call !== undefined && one.kind === 'release') {
          calls = calls.filter((other) => other !== call);
          call.reservation.release();
        } else if (call !== undefined && one.kind === 'finish') end(call, 'success');
        else if (call !== undefined) end(call, one.kind === 'abort' ? 'aborted' : 'failure');
      }
      for (const call of calls) end(call, 'aborted');

      reached += refused > 0 ? 1 : 0;
      expect(spent - LIMIT).toBeLessThanOrEqual(mostAtOnce * (LOOK + HIDDEN) * PER_TOKEN);
      expect(standing(undefined)).toMatchObject([{ spent, reserved: 0 }]);
    }),
    { numRuns: 150 },
  );
  // Budgets that are never reached would prove nothing.
  expect(reached).toBeGreaterThan(30);
});

test('streams that all grow far beyond what is usual stop together where the money ends', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: LOOK }), (callers, by) => {
      const clock = createManualClock();
      const budgets = createBudgets({ plan: { daily: usdToNano(0.1), timeZone: 'UTC' }, pricing, clock });
      const [model] = models;
      const calls = Array.from({ length: callers }, () => {
        const request = requestOf({ inputTokens: 100 });
        return { reservation: granted(budgets.reserve(model, request)), output: 0, stopped: false };
      });
      while (calls.some((call) => !call.stopped && call.output < 20_000)) {
        for (const call of calls) {
          if (call.stopped) continue;
          call.output += by;
          call.stopped = call.reservation.mustStop?.(call.output) !== undefined;
        }
      }
      for (const { reservation, output } of calls) reservation.settle(attemptOf(model, 100, output));
      const spent = budgets.standings({ tenant: 'local' })[0]?.spent ?? 0;
      expect(spent - usdToNano(0.1)).toBeLessThanOrEqual(callers * by * PER_TOKEN);
      // And not long before: what stays unspent is less than the tokens that each stream is paid ahead.
      expect(usdToNano(0.1) - spent).toBeLessThanOrEqual((callers + 1) * 256 * PER_TOKEN);
    }),
  );
});
