import { usdToNano } from '@signalbox/core';
import { describe, expect, test } from 'vitest';
import { createManualClock } from '../../../../testing/manual-clock.ts';
import { type AlertRule, type BudgetAlert, createBudgets, createMemoryBudgetStore } from '../../src/index.ts';
import { attemptOf, candidateOf, granted, pricing, refusal, requestOf } from './calls.ts';

const haiku = candidateOf('acme/haiku', [0.1, 1]);
const sonnet = candidateOf('acme/sonnet');
const opus = candidateOf('acme/opus', [10, 100]);
const free = candidateOf('local/llama', [0, 0]);
const caller = { tenant: 'local' };

function budgetsOf(alerts: readonly AlertRule[], store = createMemoryBudgetStore()) {
  const clock = createManualClock();
  const told: BudgetAlert[] = [];
  const budgets = createBudgets({
    plan: { daily: usdToNano(1), alerts, timeZone: 'UTC' },
    pricing,
    clock,
    store,
    candidates: () => [haiku, sonnet, opus],
    onAlert: (alert) => told.push(alert),
  });
  /** Dollars, in calls of ten cents. */
  function spend(dollars: number): void {
    for (let call = 0; call < Math.round(dollars * 10); call += 1) {
      granted(budgets.reserve(haiku, requestOf())).settle(attemptOf(haiku, 0, 100_000));
    }
  }
  return { budgets, clock, told, spend };
}

const standing = ({ budgets }: ReturnType<typeof budgetsOf>) => budgets.standing?.(requestOf());

describe('alerts', () => {
  test('are told once, with how the budget stands', () => {
    const set = budgetsOf([{ threshold: 0.5, action: 'notify' }]);
    set.spend(0.4);
    expect(set.told).toEqual([]);
    expect(standing(set)).toBeUndefined();
    set.spend(0.3);
    expect(set.told).toMatchObject([
      { title: 'daily budget', limit: 1e9, spent: 5e8, rule: { threshold: 0.5, action: 'notify' } },
    ]);
    expect(standing(set)).toEqual({ cheaperFirst: undefined, notices: ['50 % of the daily budget is spent (notify)'] });
  });

  test('are told by one of several processes, and anew on the next day', () => {
    const store = createMemoryBudgetStore();
    const one = budgetsOf([{ threshold: 0.5, action: 'notify' }], store);
    const other = budgetsOf([{ threshold: 0.5, action: 'notify' }], store);
    one.spend(0.6);
    other.budgets.standings(caller);
    expect([one.told.length, other.told.length]).toEqual([1, 0]);
    for (const { clock } of [one, other]) clock.advance(86_400_000);
    other.spend(0.6);
    expect([one.told.length, other.told.length]).toEqual([1, 1]);
  });

  test('act from their threshold on: cheaper first, then the expensive blocked, then everything that costs', () => {
    const set = budgetsOf([
      { threshold: 0.8, action: 'deny' },
      { threshold: 0.3, action: 'switch_to_cheaper' },
      { threshold: 0.5, action: 'block_expensive_models' },
    ]);
    const { budgets } = set;
    set.spend(0.3);
    expect(standing(set)?.cheaperFirst).toBe('30 % of the daily budget is spent');
    expect(budgets.check(opus, requestOf())).toBeUndefined();
    set.spend(0.2);
    // The median of three is the middle one.
    expect(refusal(budgets.reserve(opus, requestOf()))).toBe(
      'is one of the expensive models, and 50 % of the daily budget is spent; it begins anew in 12 h',
    );
    expect(budgets.check(sonnet, requestOf())).toBeUndefined();
    set.spend(0.3);
    expect(refusal(budgets.reserve(haiku, requestOf()))).toContain('80 % of the daily budget is spent');
    expect(budgets.check(free, requestOf())).toBeUndefined();
    set.clock.advance(86_400_000);
    expect(budgets.check(opus, requestOf())).toBeUndefined();
  });

  test('count what is spent, not what is reserved', () => {
    const set = budgetsOf([
      { threshold: 0.5, action: 'switch_to_cheaper' },
      { threshold: 0.6, action: 'deny' },
    ]);
    set.spend(0.4);
    const large = candidateOf('acme/large', [1, 10]);
    // $0.36 for the input, with a margin, and what an unknown answer may cost.
    const reservation = granted(set.budgets.reserve(large, requestOf({ inputTokens: 300_000 })));
    expect(set.budgets.standings(caller)[0]?.reserved).toBeGreaterThan(300_000_000);
    expect([standing(set), set.told]).toEqual([undefined, []]);
    expect(set.budgets.check(haiku, requestOf())).toBeUndefined();
    reservation.settle(attemptOf(large, 110_000, 0));
    expect(set.budgets.standings(caller)[0]?.spent).toBe(510_000_000);
    expect(standing(set)?.cheaperFirst).toBe('50 % of the daily budget is spent');
    expect(set.told.map(({ rule, spent }) => [rule.action, spent])).toEqual([['switch_to_cheaper', 510_000_000]]);
    expect(set.budgets.check(haiku, requestOf())).toBeUndefined();
  });
});
