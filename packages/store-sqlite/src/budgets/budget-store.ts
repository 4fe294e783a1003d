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
import { inSnapshot, inTransaction } from '../file/transaction.ts';
import { FIXED_NAMES } from '../schema/migrations.ts';
import { type AccountFigures, prepareFigures, type ReadFigures } from './account-figures.ts';
import { type Claim, createImplicitLeases, grantImplicitly, heldByOthers, isPlenty } from './implicit-leases.ts';
import { createUnwrittenSpend } from './unwritten-spend.ts';

/** Asks the file; what this process has booked is in it by then. Throws RouterError. */
export type AskFile = <Value>(work: (database: DatabaseSync) => Value) => Value;

/** What this process has booked and not yet written. */
export interface UnwrittenRows {
  /** The same array until it was written. */
  rows(): readonly LedgerRow[];
  /** Asks the file as it is, without writing them first. Throws RouterError. */
  readonly ask: AskFile;
  /** Reads in it, and does not look first whether somebody has removed it. Throws RouterError. */
  readonly read: AskFile;
}

/**
 * Budgets that the processes of a machine share. What was spent is read off the books, so it counts whoever spent it and from whenever on; what
 * a process holds stands in `leases` until it expires, or is held implicitly (`implicit-leases.ts`).
 */
export function createBudgetStore(ask: AskFile, clock: Clock, unwritten?: UnwrittenRows | undefined): BudgetStore {
  const holder = randomUUID();
  let statements: { readonly of: DatabaseSync; readonly run: ReturnType<typeof prepare> } | undefined;
  const waiting = createUnwrittenSpend(() => unwritten?.rows() ?? []);
  /** Accounts that rows of this process stand for. */
  const rows = new Set<string>();
  const implicit = createImplicitLeases(holder, (account, amount, expiresAt) =>
    statements?.run.keep.run(...placeOf(account), holder, amount, expiresAt),
  );

  /** A lease with what else was asked for. */
  function withAlerts(run: ReturnType<typeof prepare>, wish: LeaseWish, lease: Lease): Lease {
    if (wish.withAlerts !== true) return lease;
    const under = underOf(wish.account);
    return { ...lease, alerts: run.alerts.all(under).map(({ id }) => String(id).slice(under.length)) };
  }

  function prepared(database: DatabaseSync): ReturnType<typeof prepare> {
    if (statements?.of !== database) statements = { of: database, run: prepare(database, holder) };
    return statements.run;
  }

  /** Answers wishes by reading alone; `undefined` where one of them needs more than that. */
  function readLeases(database: DatabaseSync, wishes: readonly LeaseWish[], now: number): readonly Lease[] | undefined {
    const run = prepared(database);
    const claim = implicit.current(now);
    const claims = () => run.claims.all(now).map(toClaim);
    const leases: Lease[] = [];
    const figuresOf = run.figures(now);
    const notWritten: number[] = [];
    for (const wish of wishes) {
      const unwrittenMoney = wish.account.unit === 'nano-usd' ? waiting.moneyOf(wish.account) : 0;
      const figures = figuresOf(wish.account, unwrittenMoney);
      notWritten.push(unwrittenMoney);
      const lease = isLook(wish) ? lookAt(figures, claims) : grantImplicitly(wish, figures, claim);
      if (lease === undefined) return undefined;
      leases.push(withAlerts(run, wish, lease));
    }
    for (const [index, { account, reserved }] of wishes.entries()) {
      implicit.keep(account, reserved + (leases[index]?.granted ?? 0) + (notWritten[index] ?? 0));
    }
    return leases;
  }

  function lookAt(figures: AccountFigures, claims: () => readonly Claim[]): Lease {
    const more = figures.tightSince === undefined ? 0 : heldByOthers(figures, claims(), holder);
    return { spent: figures.spent, others: figures.others + more, granted: 0 };
  }

  /** In a transaction. `done`: what to remember once it is over. */
  function leaseOne(
    run: ReturnType<typeof prepare>,
    wish: LeaseWish,
    { claim, claims, figuresOf, now, expiresAt, done }: Leasing,
  ): Lease {
    const { account, limit, reserved, wanted } = wish;
    const place = placeOf(account);
    const figures = figuresOf(account);
    const given = isLook(wish) ? lookAt(figures, claims) : grantImplicitly(wish, figures, claim);
    if (given !== undefined) {
      if (rows.has(keyOf(account))) run.giveBack.run(...place, holder);
      done.push(() => {
        rows.delete(keyOf(account));
        implicit.keep(account, reserved + given.granted);
      });
      return given;
    }
    const { spent, others, tightSince } = figures;
    const free = limit - spent - others - reserved;
    const unseen = account.unit === 'nano-usd' ? heldByOthers(figures, claims(), holder) : 0;
    const granted = grantedOf(wish, free - unseen);
    const isTight =
      tightSince !== undefined ||
      (account.unit === 'nano-usd' && figures.heldOfAny > 0 && !isPlenty(free - granted, figures));
    if (isTight && tightSince === undefined)
      run.tighten.run(account.scope, account.name, account.from, account.to, now);
    if (reserved + granted > 0) run.keep.run(...place, holder, reserved + granted, expiresAt);
    else run.giveBack.run(...place, holder);
    done.push(() => {
      if (reserved + granted > 0) rows.add(keyOf(account));
      else rows.delete(keyOf(account));
      implicit.keep(account, 0);
    });
    return { spent, others: others + (isTight || granted < wanted ? unseen : 0), granted };
  }

  const isQuick = (wish: LeaseWish, claim: Claim | undefined) =>
    !(rows.size > 0 && rows.has(keyOf(wish.account))) &&
    (isLook(wish) || (claim !== undefined && wish.reserved + wish.wanted <= claim.amount));

  return {
    lease(wishes, expiresAt) {
      const now = clock.now();
      for (const wish of wishes) implicit.count(wish);
      const claim = implicit.current(now);
      if (wishes.every((wish) => isQuick(wish, claim))) {
        // Many users' leases would write row by row what is cheap by the hundred: what waits is added up, and this process's row covers it as well.
        const counts = wishes.some(({ account }) => account.unit !== 'nano-usd');
        const read = unwritten === undefined || counts ? ask : unwritten.read;
        const leases = read((database) => inSnapshot(database, () => readLeases(database, wishes, now)));
        if (leases !== undefined) return leases;
      }
      const done: (() => void)[] = [];
      // Others see what was spent only once it is written: before less is held for it.
      const isConcerned = wishes.some(({ account }) => account.unit !== 'nano-usd' || waiting.concerns(account));
      const use = unwritten === undefined || isConcerned ? ask : unwritten.ask;
      const leases = use((database) => {
        const run = prepared(database);
        done.length = 0;
        return inTransaction(database, () => {
          for (const forget of run.expire) forget.run(now);
          const renewal = implicit.renew(database, now, expiresAt);
          done.push(renewal.committed, () => {
            for (const account of renewal.written) rows.add(keyOf(account));
          });
          const known = run.claims.all(now).map(toClaim);
          const claims = () => known;
          const figuresOf = run.figures(now);
          const leasing = { claim: renewal.claim, claims, figuresOf, now, expiresAt, done };
          return wishes.map((wish) => withAlerts(run, wish, leaseOne(run, wish, leasing)));
        });
      });
      for (const remember of done) remember();
      return leases;
    },
    release(accounts) {
      for (const account of accounts) implicit.keep(account, 0);
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
    claimAlert(id, until, account) {
      const name = account === undefined ? id : underOf(account) + id;
      return ask((database) => {
        const run = prepared(database);
        return inTransaction(database, () => {
          run.forgetAlerts.run(clock.now());
          return Number(run.claim.run(name, until).changes) === 1;
        });
      });
    },
    endAlert(id, account, below) {
      return ask((database) => {
        const run = prepared(database);
        return inTransaction(database, () => {
          if (run.figures(clock.now())(account).spent >= below) return false;
          run.end.run(underOf(account) + id);
          return true;
        });
      });
    },
    close() {
      ask((database) => {
        prepared(database).giveAllBack.run(holder);
        implicit.giveUp(database);
      });
      statements = undefined;
      rows.clear();
    },
  };
}

interface Leasing {
  readonly claim: Claim | undefined;
  readonly claims: () => readonly Claim[];
  readonly figuresOf: ReadFigures;
  readonly now: number;
  readonly expiresAt: number;
  readonly done: (() => void)[];
}

/** Nothing is wanted but to know how an account stands. */
const isLook = ({ reserved, wanted }: LeaseWish): boolean => reserved + wanted === 0;

const placeOf = ({ scope, name, from, to, unit }: SpendAccount) => [scope, name, from, to, unit] as const;
/** What the names of an account's alerts begin with. */
const underOf = ({ scope, name, from, to }: SpendAccount): string => `${scope}\0${name}\0${from}\0${to}\0`;
const keyOf = ({ scope, name, from, to, unit }: SpendAccount): string => `${scope}\0${name}\0${from}\0${to}\0${unit}`;

const toClaim = ({ holder, amount, renewed_at: renewedAt }: Record<string, unknown>): Claim => {
  return { holder: String(holder), amount: Number(amount), renewedAt: Number(renewedAt) };
};

function prepare(database: DatabaseSync, holder: string) {
  return {
    figures: prepareFigures(database, holder),
    claims: database.prepare('SELECT holder, amount, renewed_at FROM implicit_leases WHERE expires_at > ?'),
    keep: database.prepare(
      `INSERT INTO leases (scope, name, from_at, to_at, unit, holder, amount, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET amount = excluded.amount, expires_at = excluded.expires_at`,
    ),
    giveBack: database.prepare(
      'DELETE FROM leases WHERE scope = ? AND name = ? AND from_at = ? AND to_at = ? AND unit = ? AND holder = ?',
    ),
    giveAllBack: database.prepare('DELETE FROM leases WHERE holder = ?'),
    tighten: database.prepare(
      'INSERT INTO tight_accounts (scope, name, from_at, to_at, since) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
    ),
    expire: [
      database.prepare('DELETE FROM leases WHERE expires_at <= ?'),
      database.prepare('DELETE FROM implicit_leases WHERE expires_at <= ?'),
      database.prepare('DELETE FROM tight_accounts WHERE to_at <= ?'),
    ],
    claim: database.prepare('INSERT INTO alerts (id, until) VALUES (?, ?) ON CONFLICT DO NOTHING'),
    // No character is above the last one.
    alerts: database.prepare('SELECT id FROM alerts WHERE id >= ?1 AND id < ?1 || char(1114111)'),
    end: database.prepare('DELETE FROM alerts WHERE id = ?'),
    forgetAlerts: database.prepare('DELETE FROM alerts WHERE until <= ?'),
  };
}
