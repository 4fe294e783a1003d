import { type Reservation, usdToNano } from '@signalbox/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createManualClock } from '../../../../testing/manual-clock.ts';
import { createBudgets } from '../../src/index.ts';
import { attemptOf, candidateOf, granted, pricing, refusal, requestOf } from './calls.ts';

const sonnet = candidateOf('acme/sonnet');
const gpt = candidateOf('other/gpt', [2, 8]);
const models = [sonnet, gpt] as const;

function budgetsOf(perRequest: number, daily = usdToNano(100)) {
  const clock = createManualClock();
  return createBudgets({ plan: { perRequest, daily, timeZone: 'UTC' }, pricing, clock });
}

describe('what one request may cost', () => {
  test('is what all its attempts cost together', () => {
    const budgets = budgetsOf(usdToNano(0.03));
    const call = {};
    granted(budgets.reserve(sonnet, { ...requestOf(), call })).settle(attemptOf(sonnet, 1_000, 1_500));
    // $0.016 is spent; an answer as usual is reserved $0.0112.
    const second = granted(budgets.reserve(gpt, { ...requestOf(), call }));
    expect(second.maxOutputTokens).toBe(1_450);
    second.settle(attemptOf(gpt, 1_000, 1_400));
    expect(refusal(budgets.reserve(sonnet, { ...requestOf(), call }))).toBe(
      'it may cost $0.0052, and its attempts so far $0.029: together more than the $0.030 that a request may',
    );
    granted(budgets.reserve(sonnet, { ...requestOf(), call: {} }));
  });

  test('is shared by attempts that run at once, and what a loser gives back is free', () => {
    const budgets = budgetsOf(usdToNano(0.013));
    const call = {};
    const first = granted(budgets.reserve(sonnet, { ...requestOf(), call }));
    expect(refusal(budgets.reserve(gpt, { ...requestOf(), call }))).toContain('together more than');
    first.release();
    granted(budgets.reserve(gpt, { ...requestOf(), call }));
  });

  test('holds for attempts of which nobody says which request they are of, one by one', () => {
    const budgets = budgetsOf(usdToNano(0.02));
    granted(budgets.reserve(sonnet, requestOf())).settle(attemptOf(sonnet, 1_000, 1_500));
    granted(budgets.reserve(sonnet, requestOf()));
  });

  const LOOK = 64;
  const HIDDEN = 20;
  const PER_TOKEN = 10_000;
  const step = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        kind: fc.constant('start' as const),
        request: fc.nat(2),
        model: fc.nat(1),
        stream: fc.boolean(),
        inputTokens: fc.integer({ min: 1, max: 800 }),
        maxOutputTokens: fc.integer({ min: 1, max: 4_000 }),
        hidden: fc.nat(HIDDEN),
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
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constantFrom('finish' as const, 'abort' as const, 'fail' as const, 'release' as const),
        call: fc.nat(7),
      }),
    },
  );

  test('is exceeded by one look and the hidden thoughts of each attempt in flight, however requests fail over, hedge and are given up', () => {
    const LIMIT = usdToNano(0.03);
    let reached = 0;
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200, size: 'max' }), (steps) => {
        const budgets = budgetsOf(LIMIT, usdToNano(0.05));
        const requests = [0, 1, 2].map(() => ({ call: {}, spent: 0, open: 0, most: 0 }));
        let calls: {
          readonly reservation: Reservation;
          readonly request: (typeof requests)[number];
          readonly model: (typeof models)[number];
          readonly stream: boolean;
          readonly inputTokens: number;
          readonly length: number;
          readonly hidden: number;
          output: number;
        }[] = [];
        let most = 0;

        function end(call: (typeof calls)[number], outcome: 'success' | 'aborted' | 'failure' | 'released'): void {
          calls = calls.filter((one) => one !== call);
          call.request.open -= 1;
          if (outcome === 'released') {
            call.reservation.release();
            return;
          }
          const nothing = outcome === 'failure' && call.output === 0;
          const attempt = nothing
            ? attemptOf(call.model, 0, 0, { outcome, usage: undefined })
            : attemptOf(call.model, call.inputTokens, call.output + (call.stream ? call.hidden : 0), { outcome });
          call.request.spent += attempt.cost?.nanoUsd ?? 0;
          call.reservation.settle(attempt);
        }

        for (const one of steps) {
          const call = 'call' in one ? calls[one.call % Math.max(1, calls.length)] : undefined;
          if (one.kind === 'start') {
            const request = requests[one.request] ?? requests[0];
            const model = models[one.model] ?? sonnet;
            if (request === undefined) continue;
            const answer = budgets.reserve(model, { ...requestOf(one), call: request.call });
            if (refusal(answer) !== undefined) {
              reached += 1;
              continue;
            }
            const reservation = granted(answer);
            const length = Math.min(one.maxOutputTokens, reservation.maxOutputTokens ?? Number.POSITIVE_INFINITY);
            calls.push({ ...one, request, model, reservation, length, output: one.stream ? 0 : length });
            request.open += 1;
            request.most = Math.max(request.most, request.open);
            most = Math.max(most, calls.length);
          } else if (call !== undefined && one.kind === 'grow') {
            if (!call.stream) continue;
            call.output = Math.min(call.length, call.output + one.by);
            if (call.reservation.mustStop?.(call.output) !== undefined) end(call, 'aborted');
          } else if (call !== undefined && one.kind !== 'grow') {
            const outcomes = { finish: 'success', abort: 'aborted', fail: 'failure', release: 'released' } as const;
            end(call, outcomes[one.kind]);
          }
        }
        for (const call of calls) end(call, 'aborted');

        for (const { spent, most: atOnce } of requests) {
          expect(spent - LIMIT).toBeLessThanOrEqual(atOnce * (LOOK + HIDDEN) * PER_TOKEN);
        }
        const [standing] = budgets.standings({ tenant: 'local' });
        expect(standing).toMatchObject({ reserved: 0, spent: requests.reduce((sum, { spent }) => sum + spent, 0) });
        expect((standing?.spent ?? 0) - usdToNano(0.05)).toBeLessThanOrEqual(most * (LOOK + HIDDEN) * PER_TOKEN);
      }),
      { numRuns: 150 },
    );
    expect(reached).toBeGreaterThan(30);
  });
});
