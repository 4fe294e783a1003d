import { statSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { isBusy } from './sqlite-fault.ts';

/** Milliseconds that work in passing waits for another process: the event loop waits with it. */
const BRIEFLY = 20;
/** Tries of a caller who waits for the answer, and milliseconds of each: five seconds in all. */
const TRIES = 20;
const EACH_TRY = 250;

/** An open file, and what was prepared for it. */
export interface OpenFile {
  readonly database: DatabaseSync;
}

/** A database file that many processes share: opened when it is first needed, opened again after a failure or when somebody removed it. */
export interface SharedFile<Open extends OpenFile> {
  /** Works with the file, and waits hardly for others. Throws what SQLite throws. */
  briefly<Value>(work: (open: Open) => Value): Value;
  /** Works with the file, and waits for others up to five seconds. Throws what SQLite throws. */
  patiently<Value>(work: (open: Open) => Value): Value;
  /**
   * Reads, patiently, and does not look whether the file is still there, which takes longer than a short question: for what is soon followed by work that
   * does. Throws what SQLite throws.
   */
  read<Value>(work: (open: Open) => Value): Value;
  close(): void;
}

/** `open` gets the milliseconds that SQLite is to wait for a lock. */
export function createSharedFile<Open extends OpenFile>(
  file: string,
  open: (busyMs: number) => Open,
): SharedFile<Open> {
  let current: { readonly opened: Open; readonly identity: string } | undefined;
  let waits = 0;

  function opened(busyMs: number, looksFirst = true): Open {
    // What is written to a removed file is gone when it is closed, and nothing says so.
    if (looksFirst && current !== undefined && current.identity !== identityOf(file)) close();
    if (current === undefined) {
      const made = open(busyMs);
      current = { opened: made, identity: identityOf(file) };
    } else if (waits !== busyMs) current.opened.database.exec(`PRAGMA busy_timeout = ${busyMs}`);
    waits = busyMs;
    return current.opened;
  }

  function close(): void {
    const { opened: last } = current ?? {};
    current = undefined;
    last?.database.close();
  }

  /** Tries, and closes a file that failed: the next try begins afresh, be the disk back or the file replaced. */
  function attempt<Value>(busyMs: number, work: (one: Open) => Value, looksFirst?: boolean): Value {
    try {
      return work(opened(busyMs, looksFirst));
    } catch (error) {
      if (!isBusy(error)) close();
      throw error;
    }
  }

  function patiently<Value>(work: (one: Open) => Value, looksFirst?: boolean): Value {
    for (let tries = 1; ; tries += 1) {
      try {
        return attempt(EACH_TRY, work, looksFirst);
      } catch (error) {
        if (tries === TRIES || !isBusy(error)) throw error;
        // Some conflicts (two processes making the file at once) are reported without any wait.
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5 + Math.random() * 20);
      }
    }
  }

  return {
    briefly: (work) => attempt(BRIEFLY, work),
    patiently: (work) => patiently(work),
    read: (work) => patiently(work, false),
    close,
  };
}

function identityOf(file: string): string {
  const found = statSync(file, { bigint: true, throwIfNoEntry: false });
  return found === undefined ? '' : `${found.dev}:${found.ino}`;
}
