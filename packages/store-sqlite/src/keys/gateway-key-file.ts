import { closeSync, openSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { RouterError } from '@signalbox/core';
import { makeFolderOf } from '../file/make-folder.ts';
import { inTransaction } from '../file/transaction.ts';
import type { Schema } from '../schema/schema.ts';

/** Marks the file as one of keys (`PRAGMA application_id`): "sgbk". */
const APPLICATION_ID = 0x73_67_62_6b;
const SCHEMA_VERSION = 1;
/** Milliseconds that a change waits for another process. */
const BUSY_MS = 5_000;

// A secret that was replaced stays until its last moment is over; a key's row stays for good: its name is in the ledger.
const SCHEMA = `
CREATE TABLE keys (
  name TEXT PRIMARY KEY,
  owner TEXT,
  tenant TEXT,
  tags TEXT NOT NULL,
  models TEXT,
  limits TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER,
  revoked_at INTEGER
) STRICT;
CREATE TABLE secrets (
  sha256 TEXT PRIMARY KEY,
  key TEXT NOT NULL REFERENCES keys (name),
  created_at INTEGER NOT NULL,
  usable_until INTEGER
) STRICT;`;

/** What such a file is, for whoever only looks at it. */
export const KEY_SCHEMA: Schema = {
  what: 'a file of keys',
  applicationId: APPLICATION_ID,
  migrations: [{ to: SCHEMA_VERSION, sql: SCHEMA }],
};

/**
 * Opens the file of keys, and makes it where there is none (file 0600, folder 0700). Throws RouterError `configuration` on a file that is not ours or newer than
 * this program, and what `node:fs` and `node:sqlite` throw.
 */
export function openGatewayKeyFile(file: string): DatabaseSync {
  makeFolderOf(file);
  // SQLite would make it readable for everybody.
  closeSync(openSync(file, 'a', 0o600));
  const database = new DatabaseSync(file, { timeout: BUSY_MS });
  try {
    // A key that was revoked must stay so after a power cut.
    database.exec('PRAGMA synchronous = FULL');
    inTransaction(database, () => prepareSchema(database, file));
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function prepareSchema(database: DatabaseSync, file: string): void {
  const pragma = (name: string) => Number(database.prepare(`PRAGMA ${name}`).get()?.[name]);
  const tables = Number(database.prepare('SELECT count(*) AS tables FROM sqlite_schema').get()?.tables);
  if (tables === 0 && pragma('application_id') === 0) {
    database.exec(`${SCHEMA}
      PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${SCHEMA_VERSION};`);
    return;
  }
  if (pragma('application_id') !== APPLICATION_ID) {
    const message = `${file} holds something else than the gateway's keys: move it away.`;
    throw new RouterError({ kind: 'configuration', message });
  }
  const version = pragma('user_version');
  if (version > SCHEMA_VERSION) {
    const message = `${file} has schema version ${version}, and this version of Signalbox knows ${SCHEMA_VERSION}: update Signalbox.`;
    throw new RouterError({ kind: 'configuration', message });
  }
}
