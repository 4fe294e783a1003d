import type { LedgerRow } from '@signalbox/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LedgerTotals, SqliteLedger, TotalsGroup, TotalsQuery } from '../src/index.ts';
import { APPLICATION_ID, MIGRATIONS } from '../src/schema/migrations.ts';
import { rowOf } from './rows.ts';
import { ask, openLedger, temporaryFile } from './temporary-ledger.ts';

const HOUR = 3_600_000;
const QUARTER = HOUR / 4;
const stopped = { now: () => 40 * HOUR, after: () => () => {} };

const attempt = fc.record({
  candidate: fc.constantFrom('anthropic/opus', 'anthropic/haiku', 'openai/gpt', 'openai/opus'),
  outcome: fc.constantFrom('success', 'failure', 'aborted'),
  lane: fc.constantFrom('bytes', 'canonical', 'cache'),
  tokens: fc.nat(1000),
  cost: fc.option(fc.nat(1_000_000), { nil: undefined }),
  saved: fc.option(fc.nat(1_000_000), { nil: undefined }),
  provenance: fc.constantFrom('reported', 'counted', 'estimated'),
});
const request = fc.record({
  quarter: fc.nat(40 * 4),
  simulated: fc.boolean(),
  offset: fc.nat(QUARTER - 1),
  attempts: fc.array(attempt, { minLength: 1, maxLength: 4 }),
  user: fc.constantFrom('ann', 'bob', undefined),
  key: fc.constantFrom('k1', undefined),
  tags: fc.constantFrom([], ['ci'], ['ci', 'nightly'], ['ci', 'ci']),
  strategy: fc.constantFrom('manual', 'best_for_task'),
});

/** All attempts of a request begin in one quarter of an hour, as nearly all do: there both ways of counting requests agree. */
const rows = fc.array(request, { maxLength: 12 }).map((requests) =>
  requests.flatMap(({ quarter, offset, simulated, attempts, user, key, tags, strategy }, index): LedgerRow[] =>
    attempts.map(({ candidate, outcome, lane, tokens, cost, saved, provenance }) => {
      const [provider = '', model = ''] = candidate.split('/');
      const money = (nanoUsd: number | undefined) => (nanoUsd === undefined ? undefined : { nanoUsd, provenance });
      return rowOf(
        `request-${index}`,
        {
          candidate,
          provider,
          model,
          outcome,
          lane,
          simulated,
          startedAt: quarter * QUARTER + offset,
          usage:
            tokens === 0 ? undefined : { inputTokens: tokens, outputTokens: 1, cacheReadTokens: tokens, provenance },
          cost: money(cost),
          saved: money(saved),
        } as Partial<LedgerRow['attempt']>,
        { user, key, tags },
        { strategy },
      );
    }),
  ),
);

const KEPT: readonly (readonly TotalsGroup[])[] = [
  [],
  ['provider'],
  ['provider', 'model'],
  ['candidate'],
  ['user'],
  ['key'],
  ['strategy'],
  ['taskType'],
  ['tag'],
  ['day'],
  ['day', 'provider'],
  ['user', 'day'],
];

const inOrder = (totals: readonly LedgerTotals[]) =>
  totals.toSorted((one, other) => (JSON.stringify(one.group) < JSON.stringify(other.group) ? -1 : 1));
/** The condition on the tenant holds for every row, and makes the attempts themselves be read. */
const fromAttempts = (ledger: SqliteLedger, query: TotalsQuery) =>
  inOrder(ledger.totals({ ...query, tenant: 'local' }));
const fromSums = (ledger: SqliteLedger, query: TotalsQuery) => inOrder(ledger.totals(query));

function expectAgreement(ledger: SqliteLedger, bounds: Pick<TotalsQuery, 'from' | 'to'>): void {
  for (const by of KEPT) {
    for (const simulated of [false, true]) {
      const query = { ...bounds, by, simulated };
      expect(fromSums(ledger, query), JSON.stringify(query)).toEqual(fromAttempts(ledger, query));
    }
  }
  for (const filter of [{ user: 'ann' }, { provider: 'openai' }, { candidate: 'openai/gpt' }, { user: 'nobody' }]) {
    expect(fromSums(ledger, { ...bounds, ...filter })).toEqual(fromAttempts(ledger, { ...bounds, ...filter }));
  }
}

describe('sums that are kept beside the attempts', () => {
  test('agree with the attempts, in every quarter of an hour, and after a pruning to the millisecond', () => {
    fc.assert(
      fc.property(rows, fc.nat(160), fc.nat(160), fc.nat(40 * HOUR), (booked, from, to, olderThanMs) => {
        const ledger = openLedger({ clock: stopped });
        for (const [index, row] of booked.entries()) {
          ledger.append(row);
          if (index % 3 === 0) ledger.flush();
        }
        expectAgreement(ledger, {});
        expectAgreement(ledger, { from: from * QUARTER, to: to * QUARTER });
        ledger.prune({ olderThanMs });
        // Where a pruning cuts a request in two, its later attempts are no longer the request's first.
        const { requests: _, ...kept } = ledger.totals()[0] ?? {};
        const { requests: __, ...read } = ledger.totals({ tenant: 'local' })[0] ?? {};
        expect(kept).toEqual(read);
        ledger.close();
        expect(ledger.faults).toEqual([]);
      }),
      { numRuns: 15 },
    );
  });

  test('are made for the attempts of a file of the schema before', () => {
    const file = temporaryFile();
    const ledger = openLedger({ file });
    const ann = { user: 'ann', tags: ['ci', 'nightly'] };
    const gpt = { candidate: 'openai/gpt', provider: 'openai', model: 'gpt' };
    ledger.append(rowOf('1', { outcome: 'failure' }, ann));
    ledger.append(rowOf('1', gpt, ann));
    ledger.append(rowOf('2', { cost: undefined }, { user: 'bob' }));
    ledger.close();
    const later = [
      'outcomes',
      'sketches',
      'measured',
      'learned',
      'limit_uses',
      'performance',
      'performance_days',
      'day_sums',
      'implicit_leases',
      'tight_accounts',
      'recent_performance',
      'holders',
      'held',
    ];
    for (const table of ['sums', 'leases', 'alerts', ...later]) ask(file, `DROP TABLE ${table}`);
    ask(file, 'DROP VIEW ledger');
    ask(file, 'ALTER TABLE attempts DROP COLUMN rule');
    ask(file, 'CREATE VIEW ledger AS SELECT 1 AS one');
    ask(file, 'PRAGMA user_version = 2');
    ask(file, "DELETE FROM names WHERE name IN ('ci', 'nightly')");
    const again = openLedger({ file });
    expectAgreement(again, {});
    expect(again.totals({ by: ['tag'] }).map(({ group, requests }) => [group.tag, requests])).toEqual(
      expect.arrayContaining([
        ['ci', 1],
        ['nightly', 1],
      ]),
    );
    expect(ask(file, 'PRAGMA application_id')).toEqual([{ application_id: APPLICATION_ID }]);
    expect(MIGRATIONS.map(({ to }) => to)).toEqual(MIGRATIONS.map((_, index) => index + 1));
  });
});
