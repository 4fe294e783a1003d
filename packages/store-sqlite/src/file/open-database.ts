import { closeSync, existsSync, openSync } from 'node:fs';
import { resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import type { Schema } from '../schema/schema.ts';
import { makeFolderOf } from './make-folder.ts';
import { migrate, refuseForeignFile, refuseOlderFile } from './migrate.ts';
import { mayNotBeWritten } from './sqlite-fault.ts';

/** Bytes that the write-ahead log may keep on the disk after a checkpoint. */
const LOG_BYTES = 16 * 1024 * 1024;
/** Pages of the log after which it is carried over into the file: a page that was written ten times is carried once. */
const LOG_PAGES = 4_000;
const CACHE_KIBIBYTES = 8_192;

/**
 * Opens the file, makes it where there is none (file 0600, folder 0700), and brings its schema up to date. Throws RouterError
 * `configuration` on a file that is not ours or newer than this program, and what `node:fs` and `node:sqlite` throw.
 */
export function openDatabase(file: string, busyMs: number, schema: Schema): DatabaseSync {
  makeFolderOf(file);
  // SQLite would make it readable for everybody; its log and index files take the mode over.
  closeSync(openSync(file, 'a', 0o600));
  const database = new DatabaseSync(file, { timeout: busyMs });
  try {
    refuseForeignFile(database, file, schema);
    // The switch needs the file for itself: it fails as busy where another process is switching too.
    if (database.prepare('PRAGMA journal_mode').get()?.journal_mode !== 'wal')
      database.exec('PRAGMA journal_mode = WAL');
    // A crash of the program loses nothing that was committed; a power cut may lose the last transactions, never the file.
    database.exec(`PRAGMA synchronous = NORMAL; PRAGMA journal_size_limit = ${LOG_BYTES};
      PRAGMA wal_autocheckpoint = ${LOG_PAGES}; PRAGMA cache_size = -${CACHE_KIBIBYTES};`);
    schema.define?.(database);
    migrate(database, schema);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/**
 * The same for somebody who asks only: a file that may be read but not written is read as it is. Throws RouterError `configuration` on one that an older version
 * has written, too.
 */
export function openDatabaseToRead(file: string, busyMs: number, schema: Schema): DatabaseSync {
  try {
    return openDatabase(file, busyMs, schema);
  } catch (error) {
    if (!mayNotBeWritten(error)) throw error;
    const database = openUnwritable(file, busyMs);
    try {
      refuseForeignFile(database, file, schema);
      refuseOlderFile(database, file, schema);
      schema.define?.(database);
      return database;
    } catch (fault) {
      database.close();
      throw fault;
    }
  }
}

function openUnwritable(file: string, busyMs: number): DatabaseSync {
  const database = new DatabaseSync(file, { timeout: busyMs, readOnly: true });
  try {
    database.prepare('SELECT count(*) FROM sqlite_schema').get();
    return database;
  } catch (error) {
    database.close();
    // To read beside writers SQLite needs a file of theirs, which it can't make here. Where nothing waits to be carried over there are none, and the file is whole without it
    // (https://www.sqlite.org/wal.html#read_only_databases).
    if (!mayNotBeWritten(error) || existsSync(`${file}-wal`)) throw error;
    const unchanging = pathToFileURL(resolve(file));
    unchanging.searchParams.set('immutable', '1');
    return new DatabaseSync(unchanging, { readOnly: true });
  }
}
