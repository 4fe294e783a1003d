import { statSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import type { LedgerRow } from '@signalbox/core';
import { openDatabase } from './open-database.ts';
import { createRowWriter, type RowWriter } from './row-writer.ts';
import { fileFault, isBusy } from './sqlite-fault.ts';

/** Milliseconds that a write on a timer waits for another process: the event loop waits with it. */
const BRIEFLY = 20;
/** Tries of a caller who waits for the answer, and milliseconds of each: five seconds in all. */
const TRIES = 20;
const EACH_TRY = 250;

/** The file behind a ledger: opened when it is first needed, opened again after a failure or when somebody removed it. */
export interface LedgerFile {
  /** Writes rows in one transaction; answers how many could not be read. Throws what SQLite throws. */
  write(rows: readonly LedgerRow[], patience: 'brief' | 'long'): number;
  /** Asks the file something. Waits for others up to five seconds. Throws RouterError. */
  use<Value>(work: (database: DatabaseSync) => Value): Value;
  close(): void;
}

interface OpenFile {
  readonly database: DatabaseSync;
  readonly writer: RowWriter;
  /** Which file the path led to when it was opened. */
  readonly identity: string;
}

export function createLedgerFile(file: string): LedgerFile {
  let open: OpenFile | undefined;
  let waits = 0;

  function opened(busyMs: number): OpenFile {
    // What is written to a removed file is gone when it is closed, and nothing says so.
    if (open !== undefined && open.identity !== identityOf(file)) close();
    if (open === undefined) {
      const database = openDatabase(file, busyMs);
      open = { database, writer: createRowWriter(database), identity: identityOf(file) };
    } else if (waits !== busyMs) open.database.exec(`PRAGMA busy_timeout = ${busyMs}`);
    waits = busyMs;
    return open;
  }

  function close(): void {
    const { database } = open ?? {};
    open = undefined;
    database?.close();
  }

  /** Tries, and closes a file that failed: the next try begins afresh, be the disk back or the file replaced. */
  function attempt<Value>(busyMs: number, work: (one: OpenFile) => Value): Value {
    try {
      return work(opened(busyMs));
    } catch (error) {
      if (!isBusy(error)) close();
      throw error;
    }
  }

  function patiently<Value>(work: (one: OpenFile) => Value): Value {
    for (let tries = 1; ; tries += 1) {
      try {
        return attempt(EACH_TRY, work);
      } catch (error) {
        if (tries === TRIES || !isBusy(error)) throw error;
        // Some conflicts (two processes making the file at once) are reported without any wait.
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5 + Math.random() * 20);
      }
    }
  }

  return {
    write(rows, patience) {
      const work = ({ writer }: OpenFile) => writer.write(rows);
      return patience === 'long' ? patiently(work) : attempt(BRIEFLY, work);
    },
    use(work) {
      try {
        return patiently(({ database }) => work(database));
      } catch (error) {
        throw fileFault(error, file);
      }
    },
    close,
  };
}

function identityOf(file: string): string {
  const found = statSync(file, { bigint: true, throwIfNoEntry: false });
  return found === undefined ? '' : `${found.dev}:${found.ino}`;
}
