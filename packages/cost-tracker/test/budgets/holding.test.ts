import { type BudgetStore, type LeaseWish, RouterError, type SpendAccount } from '@signalbox/core';
import { describe, expect, test } from 'vitest';
import { createManualClock, type ManualClock } from '../../../../testing/manual-clock.ts';
import { createBudgets, createMemoryBudgetStore } from '../../src/index.ts';
import { attemptOf, candidateOf, granted, pricing, refusal, requestOf } from './calls.ts';

/** A model of which a call of a hundred tokens costs a tenth of a cent: nano-dollars. */
const model = candidateOf('acme/model', [0, 10]);
const CALL = 1_000_000;
const DAY = 86_400_000;

/** Budgets over a store that remembers what it was asked for, and when. */
function sharing(calls: number, { implicit = false } = {}) {
  const clock = createManualClock();
  const start = clock.now();
  let timers = 0;
  const counting: ManualClock = {
    ...clock,
    after(milliseconds, callback) {
      timers += 1;
      return clock.after(milliseconds, callback);
    },
  };
  const memory = createMemoryBudgetStore();
  const asked: { readonly at: number; readonly until: number; readonly wishes: readonly LeaseWish[] }[] = [];
  const released: SpendAccount[] = [];
  const state = { broken: false, closed: 0 };
  const store: BudgetStore = {
    ...memory,
    lease(wishes, expiresAt) {
      asked.push({ at: clock.now() - start, until: expiresAt - clock.now(), wishes });
      if (state.broken) throw new RouterError({ kind: 'internal', message: 'The disk is full.' });
      const leases = memory.lease(wishes, expiresAt);
      return implicit ? leases.map((lease) => ({ ...lease, implicit: true as const })) : leases;
    },
    release: (accounts) => released.push(...accounts),
    close() {
      state.closed += 1;
    },
  };
  const plan = { daily: calls * CALL, timeZone: 'UTC' };
  const budgets = createBudgets({ plan, pricing, store, clock: counting });
  const reserve = () => budgets.reserve(model, requestOf({ inputTokens: 0, maxOutputTokens: 100 }));
  const done = (reservation: ReturnType<typeof granted>) => reservation.settle(attemptOf(model, 0, 100));
  return {
    budgets,
    clock,
    /** How often it asked to be woken. */
    timers: () => timers,
    released,
    state,
    reserve,
    done,
    call: () => done(granted(reserve())),
    /** What it was asked since the last time. */
    news: () =>
      asked.splice(0).map(({ at, wishes }) => ({
        at,
        ...wishes.map(({ wanted, reserved, settled }) => ({ wanted, reserved, settled }))[0],
      })),
    asked,
  };
}

describe('what a process holds of a budget', () => {
  test('is asked for by the first call that needs it, and ends half a minute later if it is not renewed', () => {
    const { reserve, asked, news } = sharing(1_000);
    granted(reserve());
    expect(asked.map(({ until }) => until)).toEqual([30_000, 30_000]);
    // How the account stands comes first: nobody knows yet what a call takes.
    expect(news()).toMatchObject([{ wanted: 0 }, { wanted: CALL }]);
  });

  test('is as much as the last second took; what nobody needs goes back a second later, and then nothing is asked any more', () => {
    const { call, clock, news, timers } = sharing(1_000);
    for (let times = 0; times < 5; times += 1) call();
    news();
    clock.advance(1_000);
    expect(news()).toEqual([{ at: 1_000, wanted: 5 * CALL, reserved: 0, settled: expect.any(Number) }]);
    for (let times = 0; times < 5; times += 1) call();
    expect(news()).toEqual([]);
    clock.advance(1_000);
    expect(news()).toMatchObject([{ at: 2_000, wanted: 5 * CALL, settled: 5 * CALL }]);
    clock.advance(1_000);
    expect(news()).toMatchObject([{ at: 3_000, wanted: 0, settled: 0 }]);
    const before = timers();
    clock.advance(60_000);
    expect([news(), timers()]).toEqual([[], before]);
    call();
    expect(news()).toMatchObject([{ at: 63_000, wanted: CALL }]);
  });

  test('is an eighth of what is left at most', () => {
    const { call, clock, news } = sharing(100);
    for (let times = 0; times < 20; times += 1) call();
    news();
    clock.advance(1_000);
    expect(news()).toMatchObject([{ wanted: 10 * CALL }]);
  });

  test('is told anew within a tenth of a second where more than an eighth of what is left was spent', () => {
    const { reserve, done, clock, news } = sharing(40);
    const calls = Array.from({ length: 10 }, () => granted(reserve()));
    for (const one of calls.slice(0, 3)) done(one);
    news();
    clock.advance(100);
    expect(news()).toEqual([]);
    for (const one of calls.slice(3, 4)) done(one);
    clock.advance(50);
    // Whoever goes on does not put it off.
    for (const one of calls.slice(4, 7)) done(one);
    clock.advance(49);
    expect(news()).toEqual([]);
    clock.advance(1);
    expect(news()).toEqual([{ at: 200, wanted: 3.75 * CALL, reserved: 3 * CALL, settled: 7 * CALL }]);
    // Little was spent since: the next time is a second later.
    for (const one of calls.slice(7, 9)) done(one);
    clock.advance(999);
    expect(news()).toEqual([]);
    clock.advance(1);
    expect(news()).toMatchObject([{ at: 1_200 }]);
  });

  test('of a day that is over goes back, but for what calls of that day still use', () => {
    const { reserve, done, call, clock, news } = sharing(1_000);
    clock.advance(DAY / 2 - 500);
    const late = granted(reserve());
    call();
    news();
    clock.advance(1_000);
    expect(news()).toEqual([{ at: DAY / 2 + 500, wanted: 0, reserved: CALL, settled: expect.any(Number) }]);
    done(late);
    clock.advance(1_000);
    expect(news()).toMatchObject([{ wanted: 0, reserved: 0, settled: CALL }]);
    clock.advance(60_000);
    expect(news()).toEqual([]);
  });

  test('is given back at the end; a store that was never asked is not told', () => {
    const used = sharing(1_000);
    used.call();
    used.news();
    used.budgets.close();
    used.clock.advance(60_000);
    expect([used.state.closed, used.news()]).toEqual([1, []]);
    const unused = sharing(1_000);
    unused.budgets.close();
    expect(unused.state.closed).toBe(0);
  });
});

describe('a budget that is used up', () => {
  test('is not asked about by each call that it refuses, but once a second', () => {
    const { call, reserve, clock, news } = sharing(3);
    for (let times = 0; times < 3; times += 1) call();
    const refused = () => {
      expect(refusal(reserve())).toContain('is used up');
      return news().length;
    };
    clock.advance(100);
    news();
    expect([refused(), refused(), refused()]).toEqual([1, 0, 0]);
    clock.advance(1_000);
    expect([refused(), refused(), refused()]).toEqual([1, 0, 0]);
  });
});

describe('a store that writes nothing down for an account', () => {
  test('is told without a question when nobody uses the account any more', () => {
    const { call, clock, news, released, reserve } = sharing(1_000, { implicit: true });
    call();
    news();
    clock.advance(1_000);
    expect(news()).toEqual([]);
    expect(released).toMatchObject([{ scope: 'all' }]);
    // What it holds is known no more: it is asked again.
    granted(reserve());
    expect(news().length).toBeGreaterThan(0);
  });

  test('is not told while a call is under way', () => {
    const { clock, news, released, reserve } = sharing(1_000, { implicit: true });
    granted(reserve());
    news();
    clock.advance(1_000);
    expect(news()).toMatchObject([{ reserved: CALL }]);
    expect(released).toEqual([]);
  });

  test('is asked for three calls at once, and from twenty-four in a second on for what that second took', () => {
    const { call, news } = sharing(1_000, { implicit: true });
    const wanted: number[] = [];
    for (let times = 0; times < 60; times += 1) {
      call();
      wanted.push(...news().map((one) => (one.wanted ?? 0) / CALL));
    }
    expect(wanted).toEqual([0, 1, 2, 3, 3, 3, 3, 3, 3, 3, 25, 50]);
  });
});

describe('a store that can not be used for a while', () => {
  test('is asked again a second later; what was held until then was spent', () => {
    const { call, clock, news, state } = sharing(1_000);
    call();
    news();
    state.broken = true;
    clock.advance(3_000);
    expect(news().map(({ at }) => at)).toEqual([1_000, 2_000, 3_000]);
    state.broken = false;
    clock.advance(1_000);
    expect(news()).toMatchObject([{ at: 4_000, settled: CALL }]);
  });
});
