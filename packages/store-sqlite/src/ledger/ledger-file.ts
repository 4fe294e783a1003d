import type { DatabaseSync } from 'node:sqlite';
import type { LedgerRow } from '@signalbox/core';
import { openDatabase, openDatabaseToRead } from '../file/open-database.ts';
import { createSharedFile } from '../file/shared-file.ts';
import { fileFault } from '../file/sqlite-fault.ts';
import { LEDGER_SCHEMA } from '../schema/migrations.ts';
import { createRowWriter, type RowWriter } from './row-writer.ts';

/** The file behind a ledger. */
export interface LedgerFile {
  /** Writes rows in one transaction; answers how many could not be read. Throws what SQLite throws. */
  write(rows: readonly LedgerRow[], patience: 'brief' | 'long'): number;
  /** Asks the file something. Waits for others up to five seconds. Throws RouterError. */
  use<Value>(work: (database: DatabaseSync) => Value): Value;
  /** Reads something, and does not look first whether the file is still there: for what is soon followed by `use`. Throws RouterError. */
  read<Value>(work: (database: DatabaseSync) => Value): Value;
  /** The same in passing: waits hardly for others. Throws what SQLite throws. */
  glance<Value>(work: (database: DatabaseSync) => Value): Value;
  close(): void;
}

/** `readsOnly`: nothing will be written, so that a file which may not be is no fault. */
export function createLedgerFile(file: string, readsOnly = false): LedgerFile {
  const shared = createSharedFile(file, (busyMs) => {
    const database = (readsOnly ? openDatabaseToRead : openDatabase)(file, busyMs, LEDGER_SCHEMA);
    let writer: RowWriter | undefined;
    // Whoever only reads prepares nothing to write.
    const written = () => {
      writer ??= createRowWriter(database);
      return writer;
    };
    return { database, writer: written };
  });
  function told<Value>(work: () => Value): Value {
    try {
      return work();
    } catch (error) {
      throw fileFault(error, `The ledger ${file}`);
    }
  }

  return {
    write: (rows, patience) =>
      shared[patience === 'long' ? 'patiently' : 'briefly'](({ writer }) => writer().write(rows)),
    use: (work) => told(() => shared.patiently(({ database }) => work(database))),
    read: (work) => told(() => shared.read(({ database }) => work(database))),
    glance: (work) => shared.briefly(({ database }) => work(database)),
    close: shared.close,
  };
}
