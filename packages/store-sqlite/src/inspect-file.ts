import { accessSync, constants, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { refuseForeignFile } from './file/migrate.ts';
import { fileFault } from './file/sqlite-fault.ts';
import { KEY_SCHEMA } from './keys/gateway-key-file.ts';
import { ANSWER_SCHEMA } from './schema/answer-schema.ts';
import { LEDGER_SCHEMA } from './schema/migrations.ts';
import { newestVersion, type Schema } from './schema/schema.ts';

const SCHEMAS = { ledger: LEDGER_SCHEMA, answers: ANSWER_SCHEMA, keys: KEY_SCHEMA } as const satisfies Record<
  string,
  Schema
>;

/** What a look at one of our files showed. */
export interface StoreInspection {
  readonly bytes: number;
  /** Of its schema; `newestVersion` is what this program writes. */
  readonly version: number;
  readonly newestVersion: number;
  /** What SQLite's own check found; absent: nothing is damaged. */
  readonly damage?: string | undefined;
  /** Whether others on this machine may read it. */
  readonly readableByOthers: boolean;
  readonly writable: boolean;
}

/**
 * Opens a store for reading only and checks it; nothing is changed. Undefined where there is no such file. Throws RouterError for a file that can't be opened,
 * that is not ours, or that a newer version has written.
 */
export function inspectStore(file: string, kind: keyof typeof SCHEMAS): StoreInspection | undefined {
  const found = statSync(file, { throwIfNoEntry: false });
  if (found === undefined) return undefined;
  const schema = SCHEMAS[kind];
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file, { readOnly: true, timeout: 2_000 });
    refuseForeignFile(database, file, schema);
    // Not integrity_check: that also compares indexes with tables, which takes minutes in a file of gigabytes.
    const check = String(Object.values(database.prepare('PRAGMA quick_check(1)').get() ?? {})[0]);
    return {
      bytes: found.size,
      version: Number(database.prepare('PRAGMA user_version').get()?.user_version),
      newestVersion: newestVersion(schema),
      damage: check === 'ok' ? undefined : check,
      readableByOthers: process.platform !== 'win32' && (found.mode & 0o077) !== 0,
      writable: isWritable(file),
    };
  } catch (error) {
    throw fileFault(error, file);
  } finally {
    database?.close();
  }
}

function isWritable(file: string): boolean {
  try {
    accessSync(file, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
