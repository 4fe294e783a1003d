import type { DatabaseSync } from 'node:sqlite';

/** Runs some work as one write: all of it or none. `IMMEDIATE`, so that it waits for the lock at its start or not at all. */
export function inTransaction<Value>(database: DatabaseSync, work: () => Value): Value {
  database.exec('BEGIN IMMEDIATE');
  try {
    const value = work();
    database.exec('COMMIT');
    return value;
  } catch (error) {
    // SQLite itself has rolled back after some faults (a full disk).
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

/** Reads several things as of one moment; locks the file once for all of them. */
export function inSnapshot<Value>(database: DatabaseSync, work: () => Value): Value {
  database.exec('BEGIN');
  try {
    return work();
  } finally {
    if (database.isTransaction) database.exec('COMMIT');
  }
}
