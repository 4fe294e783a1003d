import type { SpendAccount } from '@signalbox/core';
import { expect, test } from 'vitest';
import { createManualClock } from '../../../testing/manual-clock.ts';
import { rowOf } from './rows.ts';
import { ask, openLedger, temporaryFile } from './temporary-ledger.ts';

const DAY = 86_400_000;
const NAMES = ['ann', 'a\0b', 'a\ud800', 'ö'.repeat(300), '\u{10ffff}', ''];

/** Two programs on one file. */
function createMachine(user = 'ann') {
  const file = temporaryFile();
  const clock = createManualClock(0);
  const account: SpendAccount = { scope: 'user', name: user, from: 0, to: DAY, unit: 'nano-usd' };
  const program = () => {
    const ledger = openLedger({ file, clock });
    const store = ledger.budgets();
    let calls = 0;
    return {
      ledger,
      store,
      spend(nanoUsd: number): void {
        calls += 1;
        const cost = { nanoUsd, provenance: 'reported' as const };
        ledger.append(rowOf(`${nanoUsd} ${calls}`, { startedAt: clock.now(), cost }, { user }));
      },
      look: (of = account, withAlerts?: boolean) =>
        store.lease(
          [{ account: of, limit: 1_000, reserved: 0, wanted: 0, settled: 0, withAlerts }],
          clock.now() + 9,
        )[0],
    };
  };
  return { file, clock, account, programs: [program(), program()] as const };
}

test.each(NAMES)(
  'whoever leases of %j learns which alerts any program has claimed of it, and of nobody else',
  (name) => {
    const { account, programs } = createMachine(name);
    const [one, other] = programs;
    expect(one.look(account, true)?.alerts).toEqual([]);
    for (const id of ['10\u00000.8\0notify', '10\u00000.9\0deny'])
      expect([one, other].map(({ store }) => store.claimAlert(id, DAY, account))).toEqual([true, false]);
    expect(one.store.claimAlert('retention', DAY)).toBe(true);
    expect(other.look(account, true)?.alerts).toEqual(['10\u00000.8\0notify', '10\u00000.9\0deny']);
    expect(other.look(account)?.alerts).toBeUndefined();
    for (const elsewhere of [
      { ...account, from: 1 },
      { ...account, name: `${name}x` },
      { ...account, scope: 'tag' as const },
    ])
      expect(other.look(elsewhere, true)?.alerts).toEqual([]);
  },
);

test('an alert is in a lease that is written down as well, and in one that is not', () => {
  const { account, programs, clock } = createMachine();
  const [{ store }] = programs;
  store.claimAlert('x', DAY, account);
  const wish = { account, limit: 1_000_000, reserved: 0, wanted: 10, unlessFree: 200, settled: 0, withAlerts: true };
  const leases = Array.from({ length: 12 }, () => store.lease([wish], clock.now() + 9)[0]);
  expect(leases.map(({ alerts } = { spent: 0, others: 0, granted: 0 }) => alerts)).toEqual(leases.map(() => ['x']));
  expect(new Set(leases.map((lease) => lease?.implicit))).toEqual(new Set([undefined, true]));
});

test('an alert ends only where less is spent in the file, by anybody, and can then be claimed anew', () => {
  const { account, programs } = createMachine();
  const [one, other] = programs;
  one.store.claimAlert('x', DAY, account);
  one.spend(50);
  other.spend(30);
  other.ledger.flush();
  expect([80, 81].map((below) => one.store.endAlert('x', account, below))).toEqual([false, true]);
  expect(other.look(account, true)?.alerts).toEqual([]);
  expect(other.store.claimAlert('x', DAY, account)).toBe(true);
});

test('an alert is forgotten when its time is over', () => {
  const { account, programs, clock, file } = createMachine();
  const [one] = programs;
  one.store.claimAlert('x', DAY, account);
  clock.advance(DAY);
  one.store.claimAlert('y', 3 * DAY, { ...account, from: DAY, to: 2 * DAY });
  expect(ask(file, 'SELECT count(*) AS rows FROM alerts')[0]?.rows).toBe(1);
});
