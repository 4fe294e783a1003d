import type { BudgetStore, LedgerRow, SpendAccount } from '@signalbox/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rowOf } from './rows.ts';
import { openLedger } from './temporary-ledger.ts';

const DAY = 86_400_000;
const QUARTER = 900_000;
const still = { now: () => DAY, after: () => () => {} };
const name = fc.constantFrom('ann', 'bob', 'a\0b', 'x'.repeat(300));

const rows = fc.array(
  fc
    .record({
      startedAt: fc.nat(2 * DAY),
      simulated: fc.boolean(),
      // Prices are the caller's to give: a fraction is rounded, what is no number costs nothing that is known.
      cost: fc.option(fc.oneof(fc.nat(1_000_000), fc.constantFrom(0.5, Number.NaN)), { nil: undefined }),
      candidate: fc.constantFrom('a/opus', 'o/gpt'),
      user: fc.option(name, { nil: undefined }),
      key: fc.option(name, { nil: undefined }),
      rule: fc.option(name, { nil: undefined }),
      tags: fc.array(name, { maxLength: 3 }),
    })
    .map(({ startedAt, simulated, cost, candidate, user, key, rule, tags }): LedgerRow => {
      const money = cost === undefined ? undefined : { nanoUsd: cost, provenance: 'reported' as const };
      return rowOf(`${startedAt}`, { startedAt, simulated, candidate, cost: money }, { user, key, tags }, { rule });
    }),
  { maxLength: 8 },
);
const account: fc.Arbitrary<SpendAccount> = fc
  .record({
    scope: fc.constantFrom('all', 'user', 'key', 'tag', 'candidate', 'rule'),
    name: fc.oneof(name, fc.constantFrom('a/opus', 'nobody', '')),
    from: fc.nat(96),
    length: fc.nat(96),
  })
  .map(({ scope, name: of, from, length }) => ({
    scope,
    name: scope === 'all' ? '' : of,
    from: from * QUARTER,
    to: (from + length) * QUARTER,
    unit: 'nano-usd',
  }));

const lookAt = (account: SpendAccount) => ({ account, limit: 1e12, reserved: 0, wanted: 0, settled: 0 });

test.each<[SpendAccount['scope'], string, string]>([
  ['user', 'longer than the file keeps', 'x'.repeat(300)],
  ['user', 'with a NUL', 'a\0b'],
  ['user', 'with half a character', 'a\ud800'],
  ['key', 'longer than the file keeps', 'k'.repeat(257)],
  ['rule', 'longer than the file keeps', 'r'.repeat(257)],
  ['tag', 'longer than the file keeps', 't'.repeat(65)],
])('what was spent counts for the %s whose name is %s, written or not', (scope, _what, name) => {
  const ledger = openLedger({ clock: still });
  const cost = { nanoUsd: 70, provenance: 'reported' as const };
  ledger.append(rowOf('1', { startedAt: DAY, cost }, { user: name, key: name, tags: [name] }, { rule: name }));
  const budgets = ledger.budgets();
  const account: SpendAccount = { scope, name, from: DAY, to: 2 * DAY, unit: 'nano-usd' };
  const spent = () => budgets.lease([lookAt(account)], 2 * DAY)[0]?.spent;
  expect(spent()).toBe(70);
  ledger.flush();
  expect(spent()).toBe(70);
  ledger.close();
});

test.each([false, true])('a span of time has what began in it, its end excluded; written: %s', (written) => {
  const ledger = openLedger({ clock: still });
  const cost = { nanoUsd: 70, provenance: 'reported' as const };
  for (const startedAt of [DAY - 1, DAY, DAY + QUARTER - 1, DAY + QUARTER])
    ledger.append(rowOf(`${startedAt}`, { startedAt, cost }));
  if (written) ledger.flush();
  const account: SpendAccount = { scope: 'all', name: '', from: DAY, to: DAY + QUARTER, unit: 'nano-usd' };
  expect(ledger.budgets().lease([lookAt(account)], 2 * DAY)[0]?.spent).toBe(140);
  ledger.close();
});

test('what a process has booked and not yet written counts in its leases as if it were written', () => {
  const batches = fc.array(fc.record({ booked: rows, written: fc.boolean() }), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(batches, fc.array(account, { minLength: 1, maxLength: 4 }), (times, accounts) => {
      const [ledger, other] = [openLedger({ clock: still }), openLedger({ clock: still })];
      const [ofLedger, ofOther] = [ledger.budgets(), other.budgets()];
      const spent = (budgets: BudgetStore) => budgets.lease(accounts.map(lookAt), 2 * DAY).map((lease) => lease.spent);
      for (const { booked, written } of times) {
        for (const row of booked) {
          ledger.append(row);
          other.append(row);
        }
        other.flush();
        if (written) ledger.flush();
        expect(spent(ofLedger)).toEqual(spent(ofOther));
      }
      ledger.close();
      other.close();
    }),
    { numRuns: 25 },
  );
});
