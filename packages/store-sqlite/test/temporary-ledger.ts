import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { onTestFinished } from 'vitest';
import { createSqliteLedger, type SqliteLedger, type SqliteLedgerOptions } from '../src/index.ts';

/** A path in a folder that goes when the test is over. */
export function temporaryFile(name = 'signalbox.db'): string {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-ledger-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, name);
}

/** A ledger that is closed when the test is over, and the faults it told of. */
export function openLedger(
  options: Partial<SqliteLedgerOptions> = {},
): SqliteLedger & { readonly file: string; readonly faults: string[] } {
  const file = options.file ?? temporaryFile();
  const faults: string[] = [];
  const ledger = createSqliteLedger({ onFault: (fault) => faults.push(fault.message), ...options, file });
  onTestFinished(() => ledger.close());
  return { ...ledger, file, faults };
}

/** What SQLite itself says about a file. */
export function ask(file: string, sql: string): readonly Readonly<Record<string, unknown>>[] {
  const database = new DatabaseSync(file);
  try {
    return database.prepare(sql).all();
  } finally {
    database.close();
  }
}
