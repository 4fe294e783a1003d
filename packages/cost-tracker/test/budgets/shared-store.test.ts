import { type BudgetStore, type PastOutput, RouterError, usdToNano } from '@signalbox/core';
import { describe, expect, test } from 'vitest';
import { createManualClock } from '../../../../testing/manual-clock.ts';
import { createBudgets, createMemoryBudgetStore } from '../../src/index.ts';
import { attemptOf, candidateOf, granted, pricing, refusal, requestOf } from './calls.ts';

const sonnet = candidateOf('acme/sonnet');
const daily = usdToNano(0.05);

function over(store: Partial<BudgetStore>, plan = {}) {
  const clock = createManualClock();
  const whole = { ...createMemoryBudgetStore(), ...store };
  return createBudgets({ plan: { daily, timeZone: 'UTC', ...plan }, pricing, store: whole, clock });
}

describe('what others hold of a budget', () => {
  /** As much of $0.05 is spent, and held by others. */
  const shared = (spent: number, others: number) =>
    over({ lease: (wishes) => wishes.map(() => ({ spent: usdToNano(spent), others: usdToNano(others), granted: 0 })) });

  test('counts as reserved, and is not spent', () => {
    expect(shared(0.01, 0.02).standings({ tenant: 'local' })).toMatchObject([
      { spent: usdToNano(0.01), reserved: usdToNano(0.02), limit: daily },
    ]);
  });

  test('is told apart from what is left', () => {
    expect(refusal(shared(0.01, 0.035).reserve(sonnet, requestOf()))).toContain(
      'has $0.0050 free and $0.035 held for calls under way',
    );
  });

  test('is in the way for a moment; what is spent, until the day is over', () => {
    const removed = (spent: number, others: number) => shared(spent, others).reserve(sonnet, requestOf());
    expect(removed(0.01, 0.039)).toMatchObject({ kind: 'budget', passing: true, retryAfterMs: 5_000 });
    const forGood = removed(0.049, 0.0005);
    expect(forGood).toMatchObject({ kind: 'budget', reason: expect.stringContaining('it begins anew in') });
    expect(forGood).not.toHaveProperty('passing');
  });
});

describe('what answers were usual before this process began', () => {
  function remembering(outputs: readonly PastOutput[]) {
    let looked = 0;
    const budgets = over({
      recentOutputs(limit) {
        looked += 1;
        return outputs.slice(0, limit);
      },
    });
    return { budgets, looked: () => looked };
  }
  const brief = Array.from({ length: 20 }, () => ({ candidate: sonnet.id, outputTokens: 100 }));
  const reservedBy = ({ budgets }: ReturnType<typeof remembering>) => {
    granted(budgets.reserve(sonnet, requestOf()));
    return budgets.standings({ tenant: 'local' })[0]?.reserved;
  };

  test('is looked up once, by the first call under a budget', () => {
    const { budgets, looked } = remembering(brief);
    expect(looked()).toBe(0);
    for (let call = 0; call < 3; call += 1) granted(budgets.reserve(sonnet, requestOf()));
    expect(looked()).toBe(1);
  });

  test('says what a call is going to take', () => {
    // $0.0012 of input, and a thousand tokens at $10 per million where nothing is known.
    expect(reservedBy(remembering([]))).toBe(11_200_000);
    expect(reservedBy(remembering(brief))).toBeLessThan(3_000_000);
  });
});

describe('a store that fails', () => {
  const rule = { threshold: 0.5, action: 'switch_to_cheaper' } as const;
  const failing = (error: Error) =>
    over(
      {
        lease() {
          throw error;
        },
      },
      { alerts: [rule] },
    );

  test('leaves a request in the usual order: no alert is known', () => {
    const fault = new RouterError({ kind: 'internal', message: 'The disk is full.' });
    expect(failing(fault).standing?.(requestOf())).toBeUndefined();
  });

  test('when what is held is given back makes the end no worse: it ends by itself', () => {
    const close = () => {
      throw new RouterError({ kind: 'internal', message: 'The disk is full.' });
    };
    const budgets = over({ close });
    expect(budgets.standings({ tenant: 'local' })).toHaveLength(1);
    expect(() => budgets.close()).not.toThrow();
  });

  test('by a mistake of its own is not taken for one that can not be used', () => {
    const budgets = failing(new TypeError('no such thing'));
    expect(() => budgets.standing?.(requestOf())).toThrow('no such thing');
    expect(() => budgets.check(sonnet, requestOf())).toThrow('no such thing');
  });
});

test('of a budget of nothing all is spent', () => {
  const budgets = over({}, { daily: 0, alerts: [{ threshold: 1, action: 'switch_to_cheaper' }] });
  expect(budgets.standing?.(requestOf())?.cheaperFirst).toBe('100 % of the daily budget is spent');
});

test('a day and a month are accounts of their own, and each begins anew at its time', () => {
  const clock = createManualClock(Date.parse('2026-11-29T12:00:00Z'));
  const plan = { daily, monthly: usdToNano(1), timeZone: 'UTC' };
  const budgets = createBudgets({ plan, pricing, clock });
  const spend = () => granted(budgets.reserve(sonnet, requestOf())).settle(attemptOf(sonnet, 1_000, 1_000));
  const spent = () => budgets.standings({ tenant: 'local' }).map((one) => one.spent / 11_000_000);
  spend();
  expect(spent()).toEqual([1, 1]);
  clock.advance(86_400_000);
  spend();
  expect(spent()).toEqual([1, 2]);
  clock.advance(86_400_000);
  spend();
  expect(spent()).toEqual([1, 1]);
});

test('a call that is under way at midnight is none of the new day, and one of the month', () => {
  const clock = createManualClock(Date.parse('2026-11-28T23:59:59.500Z'));
  const budgets = createBudgets({ plan: { daily, monthly: usdToNano(1), timeZone: 'UTC' }, pricing, clock });
  const reservation = granted(budgets.reserve(sonnet, requestOf()));
  const standing = () => budgets.standings({ tenant: 'local' }).map(({ spent, reserved }) => ({ spent, reserved }));
  const under = { spent: 0, reserved: 11_200_000 };
  clock.advance(499);
  expect(standing()).toEqual([under, under]);
  clock.advance(1);
  expect(standing()).toEqual([{ spent: 0, reserved: 0 }, under]);
  reservation.settle(attemptOf(sonnet, 1_000, 1_000));
  expect(standing()).toEqual([
    { spent: 0, reserved: 0 },
    { spent: 11_000_000, reserved: 0 },
  ]);
});

test('what calls take is wanted for whoever comes for the first time: the most of late, forgotten bit by bit', () => {
  const wanted: number[] = [];
  const memory = createMemoryBudgetStore();
  const budgets = over(
    {
      ...memory,
      lease(wishes, until) {
        wanted.push(...wishes.filter(({ account }) => account.name === 'new').map((wish) => wish.wanted));
        return memory.lease(wishes, until);
      },
    },
    { daily: usdToNano(100), perUser: { default: usdToNano(10) } },
  );
  const free = candidateOf('acme/free-input', [0, 10]);
  const call = (user: string, maxOutputTokens: number) =>
    granted(budgets.reserve(free, requestOf({ inputTokens: 0, maxOutputTokens, caller: { user } }))).release();
  call('ann', 1_000);
  for (let times = 0; times < 10; times += 1) call('ann', 10);
  call('new', 10);
  expect(wanted[0]).toBe(Math.ceil(10_000_000 * 0.98 ** 10));
});
