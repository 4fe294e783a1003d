import { randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import {
  type BudgetStore,
  type Clock,
  grantedOf,
  type Lease,
  type LeaseWish,
  type LedgerRow,
  type SpendAccount,
} from '@signalbox/core';
import { inTransaction } from '../file/transaction.ts';
import { FIXED_NAMES } from '../schema/migrations.ts';
import { DIMENSIONS, QUARTER } from '../schema/sums-schema.ts';
import { unwrittenSpend } from './unwritten-spend.ts';

/** Asks the file; what this process has booked is in it by then. Throws RouterError. */
export type AskFile = <Value>(work: (database: DatabaseSync) => Value) => Value;

/** What this process has booked and not yet written. */
export interface UnwrittenRows {
  rows(): readonly LedgerRow[];
  /** Asks the file as it is, without writing them first. Throws RouterError. */
  readonly ask: AskFile;
}

/** Rows that are looked through for a lease at most; more are written first. */
const MOST_UNWRITTEN = 500;

/**
 * Budgets that the processes of a machine share. What was spent is read off the books, so it counts whoever spent it and from whenever on; what
 * a process holds stands in `leases` until it expires.
 */
export function createBudgetStore(ask: AskFile, clock: Clock, unwritten?: UnwrittenRows | undefined): BudgetStore {
  const holder = randomUUID();
  let statements: { readonly of: DatabaseSync; readonly run: ReturnType<typeof prepare> } | undefined;

  function prepared(database: DatabaseSync): ReturnType<typeof prepare> {
    if (statements?.of !== database) statements = { of: database, run: prepare(database) };
    return statements.run;
  }

  function leaseOne(run: ReturnType<typeof prepare>, wish: LeaseWish, now: number, expiresAt: number): Lease {
    const { account, limit, reserved } = wish;
    const place = [account.scope, account.name, account.from, account.to, account.unit] as const;
    const spent = spentOf(run, account);
    const others = Number(run.others.get(...place, holder, now)?.amount);
    const granted = grantedOf(wish, limit - spent - others - reserved);
    if (reserved + granted > 0) run.keep.run(...place, holder, reserved + granted, expiresAt);
    else run.giveBack.run(...place, holder);
    return { spent, others, granted };
  }

  return {
    lease(wishes, expiresAt) {
      // Many users' leases would write row by row what is cheap by the hundred: what waits is written first only where it concerns one of them.
      const waiting = unwritten?.rows() ?? [];
      const concerns = ({ account }: LeaseWish) =>
        account.unit !== 'nano-usd' || unwrittenSpend(waiting, account) !== 0;
      const use =
        unwritten === undefined || waiting.length > MOST_UNWRITTEN || wishes.some(concerns) ? ask : unwritten.ask;
      return use((database) => {
        const run = prepared(database);
        return inTransaction(database, () => {
          const now = clock.now();
          run.expire.run(now);
          return wishes.map((wish) => leaseOne(run, wish, now, expiresAt));
        });
      });
    },
    recentOutputs(limit) {
      return ask((database) =>
        database
          .prepare(
            `SELECT n.name AS candidate, t.name AS task, a.output_tokens AS outputTokens
             FROM (SELECT * FROM attempts ORDER BY started_at DESC LIMIT ?) a
             JOIN names n ON n.id = a.candidate LEFT JOIN names t ON t.id = a.task_type
             WHERE a.simulated = 0 AND a.outcome = ${FIXED_NAMES.success} AND a.output_tokens IS NOT NULL`,
          )
          .all(limit)
          .map(({ candidate, task, outputTokens }) => ({
            candidate: String(candidate),
            ...(task === null ? {} : { task: String(task) }),
            outputTokens: Number(outputTokens),
          })),
      );
    },
    claimAlert(id, until) {
      return ask((database) => {
        const run = prepared(database);
        return inTransaction(database, () => {
          run.forgetAlerts.run(clock.now());
          return Number(run.claim.run(id, until).changes) === 1;
        });
      });
    },
    close() {
      ask((database) => prepared(database).giveAllBack.run(holder));
      statements = undefined;
    },
  };
}

function prepare(database: DatabaseSync) {
  const place = 'scope = ? AND name = ? AND from_at = ? AND to_at = ? AND unit = ?';
  const sum = (name: string) =>
    database.prepare(
      `SELECT coalesce(sum(cost_nano_usd), 0) AS money, coalesce(sum(requests - cache_hits), 0) AS requests FROM sums
       WHERE dimension = ? AND name = ${name} AND quarter >= ? AND quarter < ? AND simulated = 0`,
    );
  return {
    unnamed: sum('0'),
    ofName: sum('(SELECT id FROM names WHERE name = ?)'),
    others: database.prepare(
      `SELECT coalesce(sum(amount), 0) AS amount FROM leases WHERE ${place} AND holder <> ? AND expires_at > ?`,
    ),
    keep: database.prepare(
      `INSERT INTO leases (scope, name, from_at, to_at, unit, holder, amount, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET amount = excluded.amount, expires_at = excluded.expires_at`,
    ),
    giveBack: database.prepare(`DELETE FROM leases WHERE ${place} AND holder = ?`),
    giveAllBack: database.prepare('DELETE FROM leases WHERE holder = ?'),
    expire: database.prepare('DELETE FROM leases WHERE expires_at <= ?'),
    claim: database.prepare('INSERT INTO alerts (id, until) VALUES (?, ?) ON CONFLICT DO NOTHING'),
    forgetAlerts: database.prepare('DELETE FROM alerts WHERE until <= ?'),
  };
}

function spentOf(run: ReturnType<typeof prepare>, { scope, name, from, to, unit }: SpendAccount): number {
  const [dimension] = DIMENSIONS[scope];
  const quarters = [Math.floor(from / QUARTER), Math.ceil(to / QUARTER)] as const;
  // What has no name in a dimension is summed up under 0: everybody, and all who showed no key.
  const sums = name === '' ? run.unnamed.get(dimension, ...quarters) : run.ofName.get(dimension, name, ...quarters);
  return Number(unit === 'requests' ? sums?.requests : sums?.money);
}
