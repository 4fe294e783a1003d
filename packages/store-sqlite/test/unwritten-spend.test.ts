import type { LedgerRow, SpendAccount } from '@signalbox/core';
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
      cost: fc.option(fc.nat(1_000_000), { nil: undefined }),
      candidate: fc.constantFrom('a/opus', 'o/gpt'),
      user: fc.option(name, { nil: undefined }),
      key: fc.option(name, { nil: undefined }),
      tags: fc.array(name, { maxLength: 3 }),
    })
    .map(({ startedAt, simulated, cost, candidate, user, key, tags }): LedgerRow => {
      const money = cost === undefined ? undefined : { nanoUsd: cost, provenance: 'reported' as const };
      return rowOf(`${startedAt}`, { startedAt, simulated, candidate, cost: money }, { user, key, tags });
    }),
  { maxLength: 20 },
);
const account: fc.Arbitrary<SpendAccount> = fc
  .record({
    scope: fc.constantFrom('all', 'user', 'key', 'tag', 'candidate'),
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

test('what a process has booked and not yet written counts in its leases as if it were written', () => {
  fc.assert(
    fc.property(rows, fc.array(account, { minLength: 1, maxLength: 4 }), (booked, accounts) => {
      const ledger = openLedger({ clock: still });
      for (const row of booked) ledger.append(row);
      const budgets = ledger.budgets();
      const spent = () =>
        budgets
          .lease(
            accounts.map((one) => ({ account: one, limit: 1e12, reserved: 0, wanted: 0, settled: 0 })),
            2 * DAY,
          )
          .map((lease) => lease.spent);
      const before = spent();
      ledger.flush();
      expect(before).toEqual(spent());
      ledger.close();
    }),
    { numRuns: 50 },
  );
});
