import type { DatabaseSync } from 'node:sqlite';
import { RouterError } from '@signalbox/core';
import { APPLICATION_ID, MIGRATIONS, SCHEMA_VERSION } from './migrations.ts';
import { inTransaction } from './transaction.ts';

/**
 * Throws RouterError `configuration` on a file that is not ours or that a newer version has written. Looks before anything is
 * changed.
 */
export function refuseForeignFile(database: DatabaseSync, file: string): void {
  const version = schemaVersion(database);
  if (version > SCHEMA_VERSION) {
    throw new RouterError({
      kind: 'configuration',
      message: `${file} has schema version ${version}, and this version of Signalbox knows ${SCHEMA_VERSION}: update Signalbox, or move the file away.`,
    });
  }
  // In this order: another process may make the file's tables between the two looks, and then the mark is there as well.
  const tables = Number(database.prepare('SELECT count(*) AS tables FROM sqlite_schema').get()?.tables);
  const { application_id: application } = database.prepare('PRAGMA application_id').get() ?? {};
  if (application === APPLICATION_ID || (tables === 0 && application === 0)) return;
  throw new RouterError({
    kind: 'configuration',
    message: `${file} is a database, but not a ledger of Signalbox: name another file.`,
  });
}

/** Brings the file to the newest schema. Safe in several processes at once: the second one finds nothing left to do. */
export function migrate(database: DatabaseSync): void {
  if (schemaVersion(database) === SCHEMA_VERSION) return;
  inTransaction(database, () => {
    // Read again: another process may have been here while we waited for the lock.
    const version = schemaVersion(database);
    for (const { to, sql } of MIGRATIONS) if (to > version) database.exec(sql);
    if (version > SCHEMA_VERSION) return;
    database.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${SCHEMA_VERSION};`);
  });
}

function schemaVersion(database: DatabaseSync): number {
  return Number(database.prepare('PRAGMA user_version').get()?.user_version);
}
