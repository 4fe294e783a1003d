import type { DatabaseSync } from 'node:sqlite';
import { isBusy } from '../file/sqlite-fault.ts';
import { inTransaction } from '../file/transaction.ts';

/** The table of kept answers. All moments are Unix milliseconds. Throws what SQLite throws. */
export interface AnswerTable {
  /** The text of an answer that has not expired. */
  get(key: string, now: number): string | undefined;
  set(key: string, answer: string, expiresAt: number, now: number): void;
  clear(): void;
  size(now: number): { readonly answers: number; readonly bytes: number };
}

/** What an answer takes beside its text: its key, its places in the tables. */
const OVERHEAD = 256;
/** An answer that is asked for again and again is marked as used once in this time: reading need not write. */
const USED_AGAIN_AFTER_MS = 60_000;
/** Expired answers that go with one that comes: no request should wait for a great tidying. */
const AT_ONCE = 100;

export function createAnswerTable(database: DatabaseSync, maxBytes: number): AnswerTable {
  const select = database.prepare('SELECT number, answer, used_at FROM answers WHERE key = ? AND expires_at > ?');
  const touch = database.prepare('UPDATE answers SET used_at = ? WHERE number = ?');
  // Not REPLACE: it does not run the triggers that keep the sum.
  const remove = database.prepare('DELETE FROM answers WHERE key = ?');
  const insert = database.prepare(
    'INSERT INTO answers (key, answer, bytes, expires_at, used_at) VALUES (?, ?, ?, ?, ?)',
  );
  const total = database.prepare('SELECT bytes FROM size');
  const expire = database.prepare(
    `DELETE FROM answers WHERE number IN (SELECT number FROM answers WHERE expires_at <= ? LIMIT ${AT_ONCE})`,
  );
  const oldest = database.prepare(
    'DELETE FROM answers WHERE number = (SELECT number FROM answers ORDER BY used_at, number LIMIT 1)',
  );
  const live = database.prepare(
    'SELECT count(*) AS answers, coalesce(sum(bytes), 0) AS bytes FROM answers WHERE expires_at > ?',
  );

  const bytesNow = () => Number(total.get()?.bytes);

  /** Reading waits for nobody; that somebody else writes just now is no reason to have read nothing. */
  function markUsed(number: number, now: number): void {
    try {
      touch.run(now, number);
    } catch (error) {
      if (!isBusy(error)) throw error;
    }
  }

  /** Makes room: first what has expired, then what was not used for longest. */
  function makeRoom(bytes: number, now: number): void {
    expire.run(now);
    while (bytesNow() + bytes > maxBytes) {
      if (expire.run(now).changes === 0 && oldest.run().changes === 0) return;
    }
  }

  return {
    get(key, now) {
      const found = select.get(key, now);
      if (found === undefined) return undefined;
      if (now - Number(found.used_at) > USED_AGAIN_AFTER_MS) markUsed(Number(found.number), now);
      return String(found.answer);
    },
    set(key, answer, expiresAt, now) {
      const bytes = Buffer.byteLength(answer) + OVERHEAD;
      inTransaction(database, () => {
        remove.run(key);
        // What would push out half of all others is not worth it.
        if (bytes > maxBytes / 2) return;
        makeRoom(bytes, now);
        insert.run(key, answer, bytes, expiresAt, now);
      });
    },
    clear() {
      database.exec('DELETE FROM answers; VACUUM; PRAGMA wal_checkpoint(TRUNCATE);');
    },
    size(now) {
      const found = live.get(now);
      return { answers: Number(found?.answers), bytes: Number(found?.bytes) };
    },
  };
}
