import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { inspectStore } from '../src/index.ts';
import { rowOf } from './rows.ts';
import { openLedger, temporaryFile } from './temporary-ledger.ts';

function ledgerFile(): string {
  const file = temporaryFile();
  const ledger = openLedger({ file });
  ledger.append(rowOf('1'));
  ledger.rows();
  ledger.close();
  return file;
}

describe('a look at a store', () => {
  test('says how large it is, whose version, and that it is whole, and changes nothing', () => {
    const file = ledgerFile();
    const before = readFileSync(file);
    const found = inspectStore(file, 'ledger');
    expect(found).toMatchObject({
      bytes: statSync(file).size,
      damage: undefined,
      readableByOthers: false,
      writable: true,
    });
    expect(found?.version).toBe(found?.newestVersion);
    expect(readFileSync(file).equals(before)).toBe(true);
    chmodSync(file, 0o644);
    expect(inspectStore(file, 'ledger')?.readableByOthers).toBe(process.platform !== 'win32');
  });

  test('finds nothing where nothing is', () => {
    expect(inspectStore(temporaryFile(), 'keys')).toBeUndefined();
  });

  test('refuses what is no database, what is another kind of store, and what a newer version wrote', () => {
    const text = temporaryFile();
    writeFileSync(text, 'no database, only text that is long enough to be one');
    expect(() => inspectStore(text, 'ledger')).toThrow(/no SQLite database/);
    const file = ledgerFile();
    expect(() => inspectStore(file, 'answers')).toThrow(/is a database, but not/);
    const database = new DatabaseSync(file);
    database.exec('PRAGMA user_version = 9000');
    database.close();
    expect(() => inspectStore(file, 'ledger')).toThrow(/version 9000.*update Signalbox/);
  });
});
