import type { DatabaseSync } from 'node:sqlite';
import { RouterError } from '@signalbox/core';
import { newestVersion, type Schema } from '../schema/schema.ts';
import { inTransaction } from './transaction.ts';

/**
 * Throws RouterError `configuration` on a file that is not ours or that a newer version has written. Looks before anything is
 * changed.
 */
export function refuseForeignFile(database: DatabaseSync, file: string, schema: Schema): void {
  const foreign = () =>
    new RouterError({
      kind: 'configuration',
      message: `${file} is a database, but not ${schema.what} of Signalbox: name another file.`,
    });
  // Another kind of our own files counts its versions by itself.
  if (![0, schema.applicationId].includes(applicationId(database))) throw foreign();
  const version = schemaVersion(database);
  if (version > newestVersion(schema)) {
    throw new RouterError({
      kind: 'configuration',
      message: `${file} has schema version ${version}, and this version of Signalbox knows ${newestVersion(schema)}: update Signalbox, or move the file away.`,
    });
  }
  // In this order: another process may make the file's tables between the two looks, and then the mark is there as well.
  const tables = Number(database.prepare('SELECT count(*) AS tables FROM sqlite_schema').get()?.tables);
  if (applicationId(database) !== schema.applicationId && tables > 0) throw foreign();
}

/** Throws RouterError `configuration` on a file that would have to be brought up to date before it can be read. */
export function refuseOlderFile(database: DatabaseSync, file: string, schema: Schema): void {
  const version = schemaVersion(database);
  const newest = newestVersion(schema);
  if (version === newest) return;
  throw new RouterError({
    kind: 'configuration',
    message: `${file} may not be written, and has to be once before it can be read: it has schema version ${version}, this version of Signalbox reads ${newest}. Run a command as its owner.`,
  });
}

/** Brings the file to the newest schema. Safe in several processes at once: the second one finds nothing left to do. */
export function migrate(database: DatabaseSync, schema: Schema): void {
  const newest = newestVersion(schema);
  if (schemaVersion(database) === newest) return;
  inTransaction(database, () => {
    // Read again: another process may have been here while we waited for the lock.
    const version = schemaVersion(database);
    for (const { to, sql } of schema.migrations) if (to > version) database.exec(sql);
    if (version > newest) return;
    database.exec(`PRAGMA application_id = ${schema.applicationId}; PRAGMA user_version = ${newest};`);
  });
}

function schemaVersion(database: DatabaseSync): number {
  return Number(database.prepare('PRAGMA user_version').get()?.user_version);
}

function applicationId(database: DatabaseSync): number {
  return Number(database.prepare('PRAGMA application_id').get()?.application_id);
}
