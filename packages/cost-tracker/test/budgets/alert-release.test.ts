import { type BudgetStore, RouterError, type SpendAccount, usdToNano } from '@signalbox/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createManualClock } from '../../../../testing/manual-clock.ts';
import {
  type AlertRule,
  type BudgetAlert,
  createBudgets,
  createCalendar,
  createMemoryBudgetStore,
} from '../../src/index.ts';
import { attemptOf, candidateOf, granted, pricing, requestOf } from './calls.ts';

const LIMIT = usdToNano(1);
const haiku = candidateOf('acme/haiku', [0.1, 1]);
const SWITCH: AlertRule = { threshold: 0.8, action: 'switch_to_cheaper' };

/** Several programs on one store, whose sum can be set to any share of the budget: as a correction, a restored file or a pruned one would. */
function createMachine(rules: readonly AlertRule[], store: BudgetStore = createMemoryBudgetStore(), daily = LIMIT) {
  const clock = createManualClock();
  const told: BudgetAlert[] = [];
  const place = (): SpendAccount => {
    return { scope: 'all', name: '', unit: 'nano-usd', ...createCalendar('UTC').day(clock.now()) };
  };
  const ask = (settled: number) =>
    store.lease([{ account: place(), limit: daily, reserved: 0, wanted: 0, settled }], 0)[0]?.spent ?? 0;
  function start(alerts = rules, limit = daily) {
    return createBudgets({
      plan: { daily: limit, alerts, timeZone: 'UTC' },
      pricing,
      clock,
      store,
      onAlert: (alert) => told.push(alert),
    });
  }
  return {
    clock,
    told,
    start,
    setSpent: (share: number) => void ask(Math.round(share * daily) - ask(0)),
    /** What a program says at its next request, once what it knows has been renewed. */
    look(budgets: ReturnType<typeof start>) {
      clock.advance(1_000);
      return budgets.standing?.(requestOf());
    },
  };
}

describe('an alert whose budget falls below its threshold again', () => {
  test('goes on acting within its margin, says so, and is not told a second time', () => {
    const machine = createMachine([SWITCH]);
    const budgets = machine.start();
    machine.setSpent(0.81);
    expect(machine.look(budgets)).toEqual({
      cheaperFirst: '80 % of the daily budget is spent',
      notices: ['80 % of the daily budget is spent (switch_to_cheaper)'],
    });
    machine.setSpent(0.76);
    const held = '80 % of the daily budget was spent, and it acts until less than 75 % is';
    expect(machine.look(budgets)).toEqual({ cheaperFirst: held, notices: [`${held} (switch_to_cheaper)`] });
    machine.setSpent(0.82);
    expect(machine.look(budgets)?.cheaperFirst).toBe('80 % of the daily budget is spent');
    expect(machine.told).toHaveLength(1);
  });

  test('ends below the margin, and is told anew when the threshold is crossed anew', () => {
    const machine = createMachine([SWITCH]);
    const budgets = machine.start();
    machine.setSpent(0.8);
    machine.look(budgets);
    machine.setSpent(0.75);
    expect(machine.look(budgets)).toBeDefined();
    machine.setSpent(0.749);
    expect(machine.look(budgets)).toBeUndefined();
    machine.setSpent(0.79);
    expect(machine.look(budgets)).toBeUndefined();
    machine.setSpent(0.8);
    expect(machine.look(budgets)).toBeDefined();
    expect(machine.told).toHaveLength(2);
  });

  test('is gone on with by a program that starts within the margin', () => {
    const machine = createMachine([SWITCH]);
    machine.setSpent(0.81);
    machine.look(machine.start());
    machine.setSpent(0.77);
    expect(machine.look(machine.start())?.cheaperFirst).toContain('80 % of the daily budget was spent');
    expect(machine.told).toHaveLength(1);
  });

  test('ends for a program that did not see the fall', () => {
    const machine = createMachine([SWITCH]);
    const [one, other] = [machine.start(), machine.start()];
    machine.setSpent(0.81);
    expect([machine.look(one), machine.look(other)].every((standing) => standing !== undefined)).toBe(true);
    machine.setSpent(0.1);
    machine.look(one);
    machine.setSpent(0.78);
    expect(machine.look(other)).toBeUndefined();
  });
});

test.each<[AlertRule, share: number, acts: boolean]>([
  [{ threshold: 0.5, action: 'notify', releaseMargin: 0 }, 0.499, false],
  [{ threshold: 0.5, action: 'notify', releaseMargin: 0.2 }, 0.3, true],
  [{ threshold: 0.5, action: 'notify', releaseMargin: 0.2 }, 0.299, false],
  [{ threshold: 0.5, action: 'notify', releaseMargin: 0.5 }, 0, true],
  // Of a low threshold, half.
  [{ threshold: 0.02, action: 'notify' }, 0.01, true],
  [{ threshold: 0.02, action: 'notify' }, 0.009, false],
  [{ threshold: 0, action: 'notify' }, 0, true],
  [{ threshold: 1, action: 'deny' }, 0.95, true],
  [{ threshold: 1, action: 'deny' }, 0.949, false],
])('%j at a share of %d acts on: %s', (rule, share, acts) => {
  const machine = createMachine([rule]);
  const budgets = machine.start();
  machine.setSpent(rule.threshold);
  expect(machine.look(budgets)).toBeDefined();
  machine.setSpent(share);
  expect(machine.look(budgets) !== undefined).toBe(acts);
});

test('a limit that is changed makes another budget: its rules look at it anew, and tell of it once', () => {
  const machine = createMachine([SWITCH]);
  machine.setSpent(0.81);
  machine.look(machine.start());
  const raised = machine.start([SWITCH], LIMIT * 1.05);
  expect(machine.look(raised)).toBeUndefined();
  machine.setSpent(0.86);
  for (const budgets of [raised, machine.start([SWITCH], LIMIT * 1.05), machine.start()]) machine.look(budgets);
  expect(machine.told.map(({ limit }) => limit)).toEqual([LIMIT, LIMIT * 1.05]);
});

const step = fc.oneof(
  // About the threshold and the end, and anywhere.
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('spent' as const),
      share: fc.oneof(fc.integer({ min: 70, max: 85 }), fc.nat(110)),
    }),
  },
  {
    weight: 9,
    arbitrary: fc.record({
      kind: fc.constantFrom('look' as const, 'look' as const, 'restart' as const),
      program: fc.nat(2),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'day' as const }) },
);

test('however the figure moves and whoever looks at it, an alert is told once for each crossing that was seen, and acts for all alike', () => {
  let told = 0;
  let held = 0;
  fc.assert(
    fc.property(fc.array(step, { minLength: 20, maxLength: 60 }), (steps) => {
      const deny: AlertRule = { threshold: 0.75, action: 'deny', releaseMargin: 0.01 };
      const machine = createMachine([SWITCH, deny]);
      const programs = [machine.start(), machine.start(), machine.start()];
      const model = [
        { rule: deny, begins: 75, ends: 74, acts: false, told: 0 },
        { rule: SWITCH, begins: 80, ends: 75, acts: false, told: 0 },
      ];
      let share = 0;
      for (const one of steps) {
        if (one.kind === 'spent') {
          share = one.share;
          machine.setSpent(share / 100);
        } else if (one.kind === 'day') {
          machine.clock.advance(86_400_000);
          share = 0;
          for (const rule of model) rule.acts = false;
        } else if (one.kind === 'restart') {
          programs[one.program]?.close();
          programs[one.program] = machine.start();
        } else {
          for (const rule of model) {
            if (share >= rule.begins && !rule.acts) rule.told += 1;
            rule.acts = share >= rule.begins || (rule.acts && share >= rule.ends);
            held += rule.acts && share < rule.begins ? 1 : 0;
          }
          const program = programs[one.program] as (typeof programs)[number];
          const standing = machine.look(program);
          expect(standing?.cheaperFirst !== undefined, `switch at ${share} %`).toBe(model[1]?.acts);
          const acts = standing?.notices.some((notice) => notice.includes('deny')) === true;
          // The notice names the highest rule that acts.
          if (model[1]?.acts !== true) expect(acts, `deny at ${share} %`).toBe(model[0]?.acts);
        }
        for (const { rule, told: times } of model)
          expect(machine.told.filter((alert) => alert.rule === rule)).toHaveLength(times);
      }
      told += machine.told.length;
    }),
    { numRuns: 300 },
  );
  expect([told > 100, held > 100]).toEqual([true, true]);
});

describe('a store that can not be written', () => {
  const full = () => {
    throw new RouterError({ kind: 'internal', message: 'The disk is full.' });
  };

  test('neither silences an alert nor has it told with every request, and does not break the call that it is about', () => {
    const machine = createMachine([SWITCH], { ...createMemoryBudgetStore(), claimAlert: full, endAlert: full });
    const budgets = machine.start();
    for (let call = 0; call < 9; call += 1)
      granted(budgets.reserve(haiku, requestOf())).settle(attemptOf(haiku, 0, 100_000));
    for (let look = 0; look < 3; look += 1) expect(machine.look(budgets)).toBeDefined();
    expect(machine.told).toHaveLength(1);
    machine.setSpent(0.76);
    expect(machine.look(budgets)).toBeDefined();
    machine.setSpent(0.7);
    expect(machine.look(budgets)).toBeUndefined();
    machine.setSpent(0.8);
    machine.look(budgets);
    expect(machine.told).toHaveLength(2);
  });

  test('is told of an alert once it can be, and nobody is told again', () => {
    const memory = createMemoryBudgetStore();
    let isFull = true;
    const claimAlert: BudgetStore['claimAlert'] = (...alert) => (isFull ? full() : memory.claimAlert(...alert));
    const machine = createMachine([SWITCH], { ...memory, claimAlert });
    const budgets = machine.start();
    machine.setSpent(0.8);
    machine.look(budgets);
    isFull = false;
    machine.look(budgets);
    machine.look(machine.start());
    expect(machine.told).toHaveLength(1);
  });
});

test('who only looks takes no alert away from those who are to be told', () => {
  const machine = createMachine([SWITCH]);
  machine.setSpent(0.9);
  const { clock } = machine;
  const store = createMemoryBudgetStore();
  const claims: string[] = [];
  const claimAlert: BudgetStore['claimAlert'] = (id) => claims.push(id) > 0;
  const lease: BudgetStore['lease'] = (wishes) => wishes.map(() => ({ spent: LIMIT, others: 0, granted: 0 }));
  const plan = { daily: LIMIT, alerts: [SWITCH], timeZone: 'UTC' };
  const budgets = createBudgets({ plan, pricing, clock, store: { ...store, lease, claimAlert } });
  expect(budgets.standing?.(requestOf())?.cheaperFirst).toBeDefined();
  expect(claims).toEqual([]);
});

test('a clock that was a day ahead for a moment has no alert told twice', () => {
  const machine = createMachine([SWITCH]);
  machine.setSpent(0.9);
  machine.look(machine.start());
  machine.clock.advance(86_400_000);
  machine.setSpent(0.9);
  machine.look(machine.start());
  machine.clock.advance(-86_400_000);
  machine.look(machine.start());
  expect(machine.told).toHaveLength(2);
});
