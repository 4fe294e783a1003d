import {
  aBoolean,
  aCount,
  aFunction,
  aNumber,
  aPort,
  aText,
  type BudgetStore,
  backgroundClock,
  type Clock,
  type Decision,
  type KeptHolders,
  type Ledger,
  type LedgerRow,
  type MeasurementStore,
  type OptionRules,
  RouterError,
  requireOptions,
  type SharedLimits,
} from '@signalbox/core';
import { createBudgetStore } from './budgets/budget-store.ts';
import { createSharedLimits } from './budgets/limit-slices.ts';
import { atExit, notAtExit } from './file/at-exit.ts';
import { fileFault, isBusy } from './file/sqlite-fault.ts';
import { createHolderStore } from './kept/holder-store.ts';
import { createLearningStore, type LearningStore } from './learning/learning-store.ts';
import { createMeasurementStore } from './learning/measurement-store.ts';
import { createLedgerFile } from './ledger/ledger-file.ts';
import { pruneBefore } from './ledger/prune.ts';
import type { ModelPerformance } from './performance/model-performance.ts';
import { selectPerformance } from './performance/performance.ts';
import { eachRequest, type ModelSpeed, type RequestsQuery, selectSpeeds } from './rows/each-request.ts';
import { type LedgerQuery, moment } from './rows/ledger-query.ts';
import { eachDecided, eachRow, type RowsQuery, selectDecision, selectRows } from './rows/select-rows.ts';
import type { StoredAttempt } from './rows/stored-attempt.ts';
import { type LedgerTotals, selectTotals } from './sums/totals.ts';
import type { TotalsQuery } from './sums/totals-query.ts';

/** Where the ledger is kept, and how long rows wait for each other. */
export interface SqliteLedgerOptions {
  /** Path of the database file. It and its folder are made where they are missing, for this user alone. */
  readonly file: string;
  /** Nothing will be written: a file that may be read but not written will do then. Default `false`. */
  readonly readsOnly?: boolean | undefined;
  readonly clock?: Clock | undefined;
  /** Milliseconds that a row waits for others at most: what a crash may lose. Default: 50. */
  readonly flushMs?: number | undefined;
  /** Rows that are written without waiting for more. Default: 500. */
  readonly flushRows?: number | undefined;
  /** Told once when the file can't be used, and again only after it could; and once when rows begin to be lost. */
  readonly onFault?: ((fault: RouterError) => void) | undefined;
}

const RULES: OptionRules<SqliteLedgerOptions> = {
  file: aText('a path, such as /var/lib/signalbox/ledger.db'),
  readsOnly: aBoolean,
  clock: aPort('a clock, such as systemClock of @signalbox/router', ['now', 'after']),
  flushMs: aNumber(0, undefined, 'of milliseconds'),
  flushRows: aCount(1),
  onFault: aFunction('a function that is told of faults'),
};

/** A ledger in an SQLite file that many processes share. */
export interface SqliteLedger extends Ledger {
  /** Writes what waits, now. A failure is told to `onFault`; the rows are kept. */
  flush(): void;
  /** The newest attempts that fit, newest first. Throws RouterError where the file can't be used. */
  rows(query?: RowsQuery): readonly StoredAttempt[];
  /** All attempts that fit, oldest first, one after the other: for more than memory holds. Throws RouterError where the file can't be used. */
  each(query: LedgerQuery, use: (attempt: StoredAttempt) => void): void;
  /** The same with the decisions: who else could have answered. Throws RouterError where the file can't be used. */
  eachDecided(query: LedgerQuery, use: (attempt: StoredAttempt, decision: Decision) => void): void;
  /** Each request that fits, with its decision and all its attempts, newest first. Throws RouterError where the file can't be used. */
  eachRequest(query: RequestsQuery, use: (decision: Decision, attempts: readonly StoredAttempt[]) => void): void;
  /** How fast models streamed their answers. Throws RouterError where the file can't be used. */
  speeds(query?: LedgerQuery): readonly ModelSpeed[];
  /** How long and how well calls went, by model. Throws RouterError where the file can't be used. */
  performance(query?: LedgerQuery): readonly ModelPerformance[];
  /** Sums of the attempts that fit. Throws RouterError where the file can't be used. */
  totals(query?: TotalsQuery): readonly LedgerTotals[];
  /** A decision as it was booked: what `explain` shows. Throws RouterError where the file can't be used. */
  decision(id: string): Decision | undefined;
  /** How many requests were ever booked, those that were forgotten since among them. Throws RouterError where the file can't be used. */
  requestsEver(): number;
  /** Forgets attempts that started longer ago; answers how many. Throws RouterError where the file can't be used. */
  prune(options: { readonly olderThanMs: number }): number;
  /** A store for budgets over what this ledger books: shared by all processes that book into the file. */
  budgets(): BudgetStore;
  /** What became of answers, and what is learned from them. */
  learning(): LearningStore;
  /** Where measured calls are kept: shared by all processes that book into the file. */
  measurements(): MeasurementStore;
  /** Rate limits that all processes share which book into the file. */
  limits(): SharedLimits;
  /** Which provider keeps what: shared by all processes that book into the file. */
  holders(): KeptHolders;
  /** Rows that could not be kept since this ledger was made. */
  lost(): number;
  /**
   * Writes what waits and closes the file; what can't be written is lost. The ledger may be used again: the file is opened
   * anew.
   */
  close(): void;
}

/** Rows that wait at most, while the file can't be used. */
const MAX_PENDING = 100_000;
/** Rows that go at once when there are too many. */
const DROPPED_AT_ONCE = 1_000;
/** Rows of one transaction. */
const MAX_BATCH = 2_000;
/** Milliseconds between two tries at a file that can't be used, at most. */
const MAX_WAIT = 30_000;

/**
 * Makes a ledger. Nothing is opened until rows are written or asked for. `append` only remembers the row; a timer writes it. Throws RouterError `configuration` for a bad option.
 *
 * @example
 * ```ts
 * const ledger = createSqliteLedger({ file: '/var/lib/signalbox/ledger.db', onFault: (fault) => console.error(fault.message) });
 * const router = createRouter({ providers, ledger });
 * ledger.totals({ from: midnight, by: ['provider'] });
 * ```
 */
export function createSqliteLedger(options: SqliteLedgerOptions): SqliteLedger {
  requireOptions('createSqliteLedger', options, RULES, ['file']);
  const { file, clock = backgroundClock, flushMs = 50, flushRows = 500, onFault } = options;
  const ledgerFile = createLedgerFile(file, options.readsOnly);
  const holders = createHolderStore(ledgerFile, clock, () => wake());
  let pending: LedgerRow[] = [];
  let cancelTimer: (() => void) | undefined;
  let atOnce = false;
  let lost = 0;
  /** How often in a row the file has failed. */
  let failures = 0;
  let reported: 'nothing' | 'failure' | 'loss' = 'nothing';
  let watchesExit = false;

  function report(fault: RouterError): void {
    try {
      onFault?.(fault);
    } catch {
      // The books must not break a request, nor may the one who reads about them.
    }
  }

  function lose(count: number, why: string): void {
    lost += count;
    if (reported === 'loss') return;
    reported = 'loss';
    report(new RouterError({ kind: 'internal', message: `The ledger ${file} loses attempts: ${why}.` }));
  }

  function schedule(milliseconds: number): void {
    cancelTimer?.();
    atOnce = milliseconds === 0;
    cancelTimer = clock.after(milliseconds, onTimer);
  }

  /** Something waits: it is written before long. */
  function wake(): void {
    if (!watchesExit) {
      watchesExit = true;
      atExit(onExit);
    }
    if (cancelTimer === undefined) schedule(pending.length >= flushRows ? 0 : flushMs);
    else if (pending.length >= flushRows && !atOnce && failures === 0) schedule(0);
  }

  function onTimer(): void {
    cancelTimer = undefined;
    atOnce = false;
    if (pending.length === 0 && !holders.waits) return;
    const written = writeBatch('brief');
    if (!written) schedule(Math.min(MAX_WAIT, flushMs * 2 ** Math.min(failures - 1, 20)));
    // One batch at a time: requests come in between.
    else if (pending.length > 0) schedule(0);
  }

  /** Writes the oldest rows. `false`: the file could not be used, and the rows are kept. */
  function writeBatch(patience: 'brief' | 'long'): boolean {
    const batch = pending.length > MAX_BATCH ? pending.slice(0, MAX_BATCH) : pending;
    try {
      const unreadable = batch.length === 0 ? 0 : ledgerFile.write(batch, patience);
      pending = batch === pending ? [] : pending.slice(batch.length);
      holders.write(patience);
      failures = 0;
      if (unreadable === 0) reported = 'nothing';
      else lose(unreadable, `${unreadable} could not be read`);
      return true;
    } catch (error) {
      // Another process at work is no fault; it is only tried again.
      failures = isBusy(error) && patience === 'brief' ? 1 : failures + 1;
      if (reported === 'nothing' && (!isBusy(error) || patience === 'long')) {
        reported = 'failure';
        report(fileFault(error, `The ledger ${file}`));
      }
      return false;
    }
  }

  function flush(): void {
    cancelTimer?.();
    cancelTimer = undefined;
    while (pending.length > 0 || holders.waits) {
      if (writeBatch('long')) continue;
      schedule(flushMs);
      return;
    }
  }

  function onExit(): void {
    if (pending.length > 0 || holders.waits) flush();
  }

  function ask<Value>(work: Parameters<typeof ledgerFile.use<Value>>[0]): Value {
    flush();
    return ledgerFile.use(work);
  }

  return {
    append(row) {
      if (pending.length >= MAX_PENDING) {
        pending = pending.slice(DROPPED_AT_ONCE);
        lose(DROPPED_AT_ONCE, `it can't be written, and more than ${MAX_PENDING} wait; the oldest are given up`);
      }
      pending.push(row);
      wake();
    },
    flush,
    rows: (query = {}) => ask((database) => selectRows(database, query)),
    each: (query, use) => ask((database) => eachRow(database, query, use)),
    eachDecided: (query, use) => ask((database) => eachDecided(database, query, use)),
    eachRequest: (query, use) => ask((database) => eachRequest(database, query, use)),
    speeds: (query = {}) => ask((database) => selectSpeeds(database, query)),
    performance: (query = {}) => ask((database) => selectPerformance(database, query)),
    totals: (query = {}) => ask((database) => selectTotals(database, query)),
    decision: (id) => ask((database) => selectDecision(database, id)),
    requestsEver: () =>
      ledgerFile.glance((database) =>
        Number(database.prepare('SELECT coalesce(max(number), 0) AS count FROM decisions').get()?.count),
      ),
    prune({ olderThanMs }) {
      const before = clock.now() - moment(olderThanMs, 'olderThanMs');
      return ask((database) => pruneBefore(database, before));
    },
    budgets: () => createBudgetStore(ask, clock, { rows: () => pending, ask: ledgerFile.use, read: ledgerFile.read }),
    learning: () => createLearningStore(ask, ledgerFile.glance, clock),
    measurements: () => createMeasurementStore(ledgerFile.glance, clock),
    // What was booked has nothing to do with it: nothing need be written first.
    limits: () => createSharedLimits(ledgerFile.use, clock),
    holders: () => holders,
    lost: () => lost,
    close() {
      flush();
      cancelTimer?.();
      cancelTimer = undefined;
      // Why they could not be written has been told.
      lost += pending.length;
      pending = [];
      notAtExit(onExit);
      watchesExit = false;
      ledgerFile.close();
    },
  };
}
