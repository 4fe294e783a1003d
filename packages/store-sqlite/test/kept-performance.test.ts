import type { LedgerRow } from '@signalbox/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LedgerQuery, ModelPerformance, Percentiles, SqliteLedger } from '../src/index.ts';
import { rowOf } from './rows.ts';
import { ask, openLedger, temporaryFile } from './temporary-ledger.ts';

const HOUR = 3_600_000;
const QUARTER = HOUR / 4;
const DAY = 24 * HOUR;
const clock = { now: () => 4 * DAY, after: () => () => {} };

const attempt = fc.record({
  candidate: fc.constantFrom('anthropic/opus', 'anthropic/haiku', 'openai/gpt'),
  outcome: fc.constantFrom('success', 'failure', 'aborted'),
  cause: fc.constantFrom('first', 'retry', 'failover', 'hedge', 'continuation', 'cache'),
  kind: fc.constantFrom('overloaded', 'timeout', undefined),
  durationMs: fc.oneof(fc.nat(300), fc.nat(600_000)),
  firstContentMs: fc.option(fc.nat(20_000), { nil: undefined }),
  simulated: fc.boolean(),
  later: fc.nat(QUARTER * 3),
});
const inTime = <One extends { readonly later: number }>(attempts: readonly One[]) =>
  attempts.toSorted((one, other) => one.later - other.later);
const rows = fc
  .array(fc.record({ at: fc.nat(4 * DAY), attempts: fc.array(attempt, { minLength: 1, maxLength: 4 }) }), {
    maxLength: 12,
  })
  .map((requests) =>
    requests.flatMap(({ at, attempts }, index): LedgerRow[] =>
      // Whoever steps in begins after the one before.
      inTime(attempts).map(({ candidate, outcome, cause, kind, later, ...rest }) => {
        const [provider = '', model = ''] = candidate.split('/');
        const error = kind === undefined ? undefined : { kind, message: '' };
        const startedAt = Math.min(at + later, 4 * DAY - 1);
        return rowOf(`request-${index}`, {
          candidate,
          provider,
          model,
          outcome,
          cause,
          error,
          startedAt,
          ...rest,
        } as Partial<LedgerRow['attempt']>);
      }),
    ),
  );

const inOrder = (models: readonly ModelPerformance[]) =>
  models.toSorted((one, other) => (one.candidate < other.candidate ? -1 : 1));

/** Each rounded to three figures. */
function expectNear(kept: Percentiles | undefined, read: Percentiles | undefined): void {
  for (const share of ['p50', 'p95', 'p99'] as const) {
    const exact = read?.[share];
    expect(kept?.[share]).toBe(exact === undefined || exact < 1_000 ? exact : Number(exact.toPrecision(3)));
  }
}

/** A query that names the tenant, which all rows share, is answered by the attempts themselves. */
function expectAgreement(ledger: SqliteLedger, query: LedgerQuery): void {
  const kept = inOrder(ledger.performance(query));
  const read = inOrder(ledger.performance({ ...query, tenant: 'local' }));
  const counts = ({ durationMs: _, firstContentMs: __, ...rest }: ModelPerformance) => rest;
  expect(kept.map(counts)).toEqual(read.map(counts));
  for (const [index, one] of kept.entries()) {
    expectNear(one.durationMs, read[index]?.durationMs);
    expectNear(one.firstContentMs, read[index]?.firstContentMs);
  }
}

describe('how calls went', () => {
  test('is the same from what is kept as from the attempts: by several processes, in any whole quarters, after a pruning', () => {
    fc.assert(
      fc.property(rows, fc.nat(4 * 96), fc.nat(4 * 96), fc.nat(4 * DAY), (booked, from, to, olderThanMs) => {
        const file = temporaryFile();
        const ledgers = [openLedger({ file, clock }), openLedger({ file, clock })] as const;
        for (const [index, row] of booked.entries()) {
          const ledger = ledgers[index % 2] ?? ledgers[0];
          ledger.append(row);
          // A request's attempts are booked in their order.
          ledger.flush();
        }
        const [ledger] = ledgers;
        expectAgreement(ledger, {});
        expectAgreement(ledger, { simulated: true });
        expectAgreement(ledger, { from: from * QUARTER, to: to * QUARTER });
        expectAgreement(ledger, { from: from * QUARTER });
        expectAgreement(ledger, { to: to * QUARTER });
        ledger.prune({ olderThanMs });
        expectAgreement(ledger, {});
        expectAgreement(ledger, { from: from * QUARTER, to: to * QUARTER });
        for (const one of ledgers) {
          one.close();
          expect(one.faults).toEqual([]);
        }
      }),
      { numRuns: 25 },
    );
  });

  test('charges a model with the requests that left it for another one, and with no retry', () => {
    const ledger = openLedger({ clock });
    const [opus, gpt] = [{ candidate: 'a/opus' }, { candidate: 'o/gpt' }];
    ledger.append(rowOf('1', { ...opus, outcome: 'failure' }));
    ledger.append(rowOf('1', { ...opus, cause: 'retry', outcome: 'failure' }));
    ledger.append(rowOf('1', { ...gpt, cause: 'failover' }));
    ledger.append(rowOf('2', { ...opus, outcome: 'failure' }));
    ledger.append(rowOf('2', { ...gpt, cause: 'continuation' }));
    ledger.append(rowOf('3', { ...opus, outcome: 'failure' }));
    ledger.append(rowOf('3', { ...opus, cause: 'continuation' }));
    ledger.append(rowOf('4', opus));
    ledger.append(rowOf('4', { ...gpt, cause: 'hedge' }));
    expect(ledger.performance().map(({ candidate, escalations }) => [candidate, escalations])).toEqual([
      ['a/opus', 2],
      ['o/gpt', 0],
    ]);
    expectAgreement(ledger, {});
  });

  test('is made for the attempts of a file of the schema before', () => {
    const file = temporaryFile();
    const ledger = openLedger({ file });
    ledger.append(rowOf('1', { outcome: 'failure', error: { kind: 'overloaded', message: '' } }));
    ledger.append(rowOf('1', { candidate: 'openai/gpt', cause: 'failover', firstContentMs: 90, startedAt: 2 * DAY }));
    ledger.close();
    const later = ['performance', 'performance_days', 'day_sums', 'implicit_leases', 'tight_accounts'];
    for (const table of [...later, 'recent_performance', 'holders', 'held']) ask(file, `DROP TABLE ${table}`);
    ask(file, 'PRAGMA user_version = 5');
    const again = openLedger({ file });
    expect(again.performance().map((one) => one.escalations)).toEqual([1, 0]);
    expectAgreement(again, {});
    expectAgreement(again, { from: DAY, to: 3 * DAY });
  });

  test('is added up from many batches of several processes, before they are carried over and after', () => {
    const file = temporaryFile();
    const ledgers = [openLedger({ file, clock }), openLedger({ file, clock })] as const;
    const waiting = () => Number(ask(file, 'SELECT count(*) AS rows FROM recent_performance')[0]?.rows);
    const seen = new Set<boolean>();
    for (let index = 0; index < 200; index += 1) {
      const ledger = ledgers[index % 2] ?? ledgers[0];
      const candidate = index % 3 === 0 ? 'a/opus' : 'o/gpt';
      const startedAt = (index % 5) * DAY + (index % 7) * QUARTER;
      ledger.append(rowOf(`${index}`, { candidate, startedAt, durationMs: 1 + index * 37, firstContentMs: index }));
      ledger.flush();
      seen.add(waiting() === 0);
      if (index % 40 !== 39) continue;
      expectAgreement(ledger, {});
      expectAgreement(ledger, { from: DAY + QUARTER, to: 3 * DAY });
    }
    expect(waiting()).toBeLessThan(64);
    expect([...seen].toSorted()).toEqual([false, true]);
    ledgers[0].prune({ olderThanMs: 2 * DAY });
    expectAgreement(ledgers[1], {});
  });

  test('of a file of version 7 is kept, and goes on', () => {
    const file = temporaryFile();
    const ledger = openLedger({ file });
    ledger.append(rowOf('1', { durationMs: 700 }));
    // A pruning of nothing carries over what was added.
    ledger.prune({ olderThanMs: 10 ** 15 });
    ledger.close();
    for (const table of ['recent_performance', 'holders', 'held']) ask(file, `DROP TABLE ${table}`);
    ask(file, 'PRAGMA user_version = 7');
    const again = openLedger({ file });
    again.append(rowOf('2', { durationMs: 900 }));
    expect(again.performance()).toMatchObject([{ attempts: 2, durationMs: { p50: 700, p99: 900 } }]);
    expectAgreement(again, {});
  });
});
