import {
  type AnswerStore,
  aFunction,
  aNumber,
  aPort,
  aText,
  backgroundClock,
  type Clock,
  type KeptAnswer,
  type OptionRules,
  RouterError,
  requireOptions,
} from '@signalbox/core';
import { openDatabase } from '../file/open-database.ts';
import { createSharedFile } from '../file/shared-file.ts';
import { fileFault, isBusy } from '../file/sqlite-fault.ts';
import { ANSWER_SCHEMA } from '../schema/answer-schema.ts';
import { type AnswerTable, createAnswerTable } from './answer-table.ts';

/** Where answers are kept on a disk, and how many. */
export interface SqliteAnswerStoreOptions {
  /** Path of the database file. It and its folder are made where they are missing, for this user alone. */
  readonly file: string;
  /** Bytes of answers at most; those that were not asked for the longest time go first. Default: 256 MB. */
  readonly maxBytes?: number | undefined;
  readonly clock?: Clock | undefined;
  /** Told once when the file can't be used, and again only after it could. */
  readonly onFault?: ((fault: RouterError) => void) | undefined;
}

const RULES: OptionRules<SqliteAnswerStoreOptions> = {
  file: aText('a path, such as /var/lib/signalbox/answers.db'),
  maxBytes: aNumber(0, undefined, 'of bytes'),
  clock: aPort('a clock, such as systemClock of @signalbox/router', ['now', 'after']),
  onFault: aFunction('a function that is told of faults'),
};

/** Kept answers in an SQLite file that many processes share. */
export interface SqliteAnswerStore extends AnswerStore {
  /** A file that can't be used, or is locked for longer than 20 ms, has no answers. */
  get(key: string): KeptAnswer | undefined;
  set(key: string, answer: KeptAnswer, ttlMs: number): void;
  /** Forgets all answers and gives the space on the disk back. Throws RouterError where the file can't be used. */
  clear(): void;
  /** Answers that have not expired, and their bytes. Throws RouterError where the file can't be used. */
  size(): AnswerStoreSize;
  close(): void;
}

/** What a store holds, and how many bytes it may. */
export interface AnswerStoreSize {
  readonly answers: number;
  readonly bytes: number;
  readonly maxBytes: number;
}

const DEFAULT_BYTES = 256_000_000;

/**
 * Keeps answers in a file of its own, readable for this user alone: it holds what models have said. Nothing is opened until it is needed. Throws RouterError `configuration` for a bad option.
 *
 * @example
 * ```ts
 * const store = createSqliteAnswerStore({ file: '/var/lib/signalbox/answers.db', onFault: (fault) => console.error(fault.message) });
 * const router = createRouter({ providers, cache: createResponseCache({ store }) });
 * ```
 */
export function createSqliteAnswerStore(options: SqliteAnswerStoreOptions): SqliteAnswerStore {
  requireOptions('createSqliteAnswerStore', options, RULES, ['file']);
  const { file, maxBytes = DEFAULT_BYTES, clock = backgroundClock, onFault } = options;
  const shared = createSharedFile(file, (busyMs) => {
    const database = openDatabase(file, busyMs, ANSWER_SCHEMA);
    return { database, table: createAnswerTable(database, maxBytes) };
  });
  /** What fails, and the sentence for it: on a full disk reading goes on, and each answer that is not kept would be told of anew. */
  const reported = new Map<'reading' | 'writing', string>();

  /** Work that a request waits for: what does not succeed at once is left. */
  function inPassing<Value>(kind: 'reading' | 'writing', work: (table: AnswerTable) => Value): Value | undefined {
    try {
      const value = shared.briefly(({ table }) => work(table));
      reported.delete(kind);
      return value;
    } catch (error) {
      // Another process at work is no fault.
      if (!isBusy(error)) report(kind, fault(error));
      return undefined;
    }
  }

  function report(kind: 'reading' | 'writing', found: RouterError): void {
    const isTold = reported.has(kind) || [...reported.values()].includes(found.message);
    reported.set(kind, found.message);
    if (isTold) return;
    try {
      onFault?.(found);
    } catch {
      // The cache must not break a request, nor may the one who reads about it.
    }
  }

  function fault(error: unknown): RouterError {
    return fileFault(error, `The cache ${file}`);
  }

  function ask<Value>(work: (table: AnswerTable) => Value): Value {
    try {
      return shared.patiently(({ table }) => work(table));
    } catch (error) {
      throw fault(error);
    }
  }

  return {
    get(key) {
      const text = inPassing('reading', (table) => table.get(key, clock.now()));
      if (text === undefined) return undefined;
      try {
        return JSON.parse(text) as KeptAnswer;
      } catch (error) {
        report(
          'reading',
          new RouterError({ kind: 'internal', message: `The cache ${file} holds a damaged answer.`, cause: error }),
        );
        return undefined;
      }
    },
    set(key, answer, ttlMs) {
      const now = clock.now();
      inPassing('writing', (table) => table.set(key, JSON.stringify(answer), now + ttlMs, now));
    },
    clear: () => ask((table) => table.clear()),
    size: () => ask((table) => ({ ...table.size(clock.now()), maxBytes })),
    close: shared.close,
  };
}
