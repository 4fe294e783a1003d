import { readFileSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { RouterError } from '@signalbox/core';
import { describe, expect, test } from 'vitest';
import { APPLICATION_ID, MIGRATIONS } from '../src/schema/migrations.ts';
import { rowOf } from './rows.ts';
import { ask, openLedger, temporaryFile } from './temporary-ledger.ts';

const beside = (name: string) => readFileSync(new URL(`./version-3/${name}`, import.meta.url), 'utf8');
const VERSION_3 = beside('ledger.sql');
const VERSION_3_TOTALS: unknown = JSON.parse(beside('totals.json'));

function execute(file: string, sql: string): void {
  const database = new DatabaseSync(file);
  database.exec(sql);
  database.close();
}

/** The fault of a file, as the one who asks and the one who books get it. */
function faultOf(file: string): RouterError {
  const ledger = openLedger({ file });
  ledger.append(rowOf('1'));
  try {
    ledger.rows();
    expect.unreachable();
  } catch (error) {
    if (!RouterError.is(error)) throw error;
    expect(ledger.faults).toEqual([error.message]);
    return error;
  }
}

describe('the schema', () => {
  test('is made in a new file and in an empty one, with its version, in write-ahead mode', () => {
    const file = temporaryFile();
    writeFileSync(file, '');
    openLedger({ file }).rows();
    expect(ask(file, 'PRAGMA user_version')).toEqual([{ user_version: MIGRATIONS.length }]);
    expect(ask(file, 'PRAGMA application_id')).toEqual([{ application_id: 0x73676278 }]);
    expect(ask(file, 'PRAGMA journal_mode')).toEqual([{ journal_mode: 'wal' }]);
  });

  test('is left as it is when the file is opened again', () => {
    const file = temporaryFile();
    for (const id of ['1', '2']) {
      const ledger = openLedger({ file });
      ledger.append(rowOf(id));
      ledger.close();
    }
    expect(openLedger({ file }).rows()).toHaveLength(2);
  });

  test('of the first version is brought up, with the rows that are in it', () => {
    const file = temporaryFile();
    const [first] = MIGRATIONS;
    execute(file, `${first?.sql ?? ''}; PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = 1;`);
    execute(
      file,
      `INSERT INTO names (id, name) VALUES (20, 'old');
       INSERT INTO shapes VALUES (1, x'00', '{}');
       INSERT INTO decisions VALUES (1, 'before', 5, NULL, 1, '[]');
       INSERT INTO attempts (decision, attempt, started_at, duration_ms, strategy, candidate, provider, model, outcome, lane, simulated, tenant, notes)
       VALUES (1, 1, 5, 1, 20, 20, 20, 20, 4, 20, 0, 20, 0);`,
    );
    const ledger = openLedger({ file });
    ledger.append(rowOf('after', { startedAt: 9, cause: 'retry' }));
    expect(ledger.rows()).toMatchObject([{ decision: 'after', cause: 'retry' }, { decision: 'before' }]);
    expect(ask(file, 'PRAGMA user_version')).toEqual([{ user_version: MIGRATIONS.length }]);
  });

  test('of the third version, written by its own code, gives the same figures', () => {
    const file = temporaryFile();
    execute(file, VERSION_3);
    const ledger = openLedger({ file });
    const span = { from: Date.UTC(2026, 9, 25), to: Date.UTC(2026, 10, 10) };
    expect({
      all: ledger.totals({}),
      users: ledger.totals({ ...span, by: ['user'] }),
      candidates: ledger.totals({ by: ['candidate'] }),
      strategies: ledger.totals({ ...span, by: ['strategy'] }),
      tags: ledger.totals({ by: ['tag'] }),
    }).toEqual(VERSION_3_TOTALS);
    expect(ask(file, 'PRAGMA user_version')).toEqual([{ user_version: MIGRATIONS.length }]);
    // Percentiles come from sums now: as they were counted from the attempts, to three figures.
    const sums = ledger.performance({});
    const attempts = ledger.performance({ from: 1 });
    expect(sums.map((one) => ({ ...one, durationMs: null, firstContentMs: null }))).toEqual(
      attempts.map((one) => ({ ...one, durationMs: null, firstContentMs: null })),
    );
    for (const [place, { durationMs }] of sums.entries()) {
      const exact = attempts[place]?.durationMs?.p95 ?? 0;
      expect(Math.abs((durationMs?.p95 ?? 0) - exact)).toBeLessThanOrEqual(exact * 0.01);
    }
  });

  test('can be read by other programs: the view has the words, not their numbers', () => {
    const ledger = openLedger();
    ledger.append(rowOf('1', {}, { user: 'ann' }));
    ledger.flush();
    expect(ask(ledger.file, 'SELECT provider, user, outcome, cost_nano_usd, cost_provenance FROM ledger')).toEqual([
      { provider: 'anthropic', user: 'ann', outcome: 'success', cost_nano_usd: 150_000, cost_provenance: 'reported' },
    ]);
  });

  test('of a newer version is refused, and nothing is changed', () => {
    const file = temporaryFile();
    const ledger = openLedger({ file });
    ledger.rows();
    ledger.close();
    execute(file, 'PRAGMA user_version = 99; PRAGMA journal_mode = DELETE');
    const before = readFileSync(file);
    const fault = faultOf(file);
    expect(fault.kind).toBe('configuration');
    expect(fault.message).toBe(
      `${file} has schema version 99, and this version of Signalbox knows ${MIGRATIONS.length}: update Signalbox, or move the file away.`,
    );
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  test('of somebody else is refused', () => {
    const file = temporaryFile();
    execute(file, 'CREATE TABLE theirs (a)');
    expect(faultOf(file).message).toBe(`${file} is a database, but not a ledger of Signalbox: name another file.`);
    expect(ask(file, 'SELECT name FROM sqlite_schema')).toEqual([{ name: 'theirs' }]);
  });

  test('is not looked for in a file that is no database', () => {
    const file = temporaryFile();
    writeFileSync(file, 'These are my notes. They are longer than a header of SQLite, and they stay. '.repeat(20));
    expect(faultOf(file).message).toBe(
      `The ledger ${file} can't be used: the file is no SQLite database: move it away.`,
    );
    expect(readFileSync(file, 'utf8')).toMatch(/^These are my notes/);
  });
});
