import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished, test } from 'vitest';
import { createManualClock } from '../../../testing/manual-clock.ts';
import { createSqliteAnswerStore, createSqliteLedger, type SqliteAnswerStoreOptions } from '../src/index.ts';
import { keptAnswer } from './kept-answer.ts';
import { ask, temporaryFile } from './temporary-ledger.ts';

function openStore(options: Partial<SqliteAnswerStoreOptions> = {}) {
  const file = options.file ?? temporaryFile('cache.db');
  const clock = createManualClock(0);
  const faults: string[] = [];
  const store = createSqliteAnswerStore({ clock, onFault: (fault) => faults.push(fault.message), ...options, file });
  onTestFinished(() => store.close());
  return { ...store, file, clock, faults };
}

const HOUR = 3_600_000;
const hello = keptAnswer('hello 🧭');

describe('a disk that can be read and not written', () => {
  it('is told of once, and again when it fails after it could be written', () => {
    const { file, set, get, faults } = openStore();
    set('a', hello, HOUR);
    const other = new DatabaseSync(file);
    onTestFinished(() => other.close());
    const fill = () =>
      other.exec("CREATE TRIGGER full BEFORE INSERT ON answers BEGIN SELECT RAISE(FAIL, 'no room'); END");
    fill();
    for (const key of ['b', 'c', 'd']) {
      set(key, hello, HOUR);
      expect([get('a'), get(key)]).toEqual([hello, undefined]);
    }
    expect(faults).toEqual([expect.stringContaining('no room')]);
    other.exec('DROP TRIGGER full');
    set('e', hello, HOUR);
    expect(get('e')).toEqual(hello);
    fill();
    set('f', hello, HOUR);
    expect(faults).toHaveLength(2);
  });
});

describe('kept answers on the disk', () => {
  it('come back as they were, to another store as well', () => {
    const { file, set, get } = openStore();
    set('a', hello, HOUR);
    expect([get('a'), get('b')]).toEqual([hello, undefined]);
    expect(openStore({ file }).get('a')).toEqual(hello);
  });

  it('take the place of older ones', () => {
    const { set, get, size } = openStore();
    set('a', hello, HOUR);
    const { bytes } = size();
    set('a', keptAnswer('other'), HOUR);
    expect(get('a')).toEqual(keptAnswer('other'));
    expect(size().answers).toBe(1);
    expect(size().bytes).toBeLessThan(bytes);
  });

  it('go when their time is over, and then from the disk when others come', () => {
    const { file, set, get, size, clock } = openStore();
    set('a', hello, 1_000);
    clock.advance(999);
    expect(get('a')).toEqual(hello);
    clock.advance(1);
    expect([get('a'), size().answers]).toEqual([undefined, 0]);
    set('b', hello, 1_000);
    expect(ask(file, 'SELECT key FROM answers')).toEqual([{ key: 'b' }]);
  });

  it('make room: those that were not asked for longest go, and what is too large does not come in', () => {
    const { set, get, size, clock } = openStore({ maxBytes: 20_000 });
    const long = keptAnswer('x'.repeat(1_400));
    const keys = Array.from({ length: 10 }, (_, index) => `key${index}`);
    for (const key of keys) {
      set(key, long, HOUR);
      clock.advance(1_000);
    }
    clock.advance(60_000);
    expect(get('key0')).toEqual(long);
    set('huge', keptAnswer('x'.repeat(10_000)), HOUR);
    expect(get('huge')).toBeUndefined();
    for (const key of ['more1', 'more2', 'more3']) set(key, long, HOUR);
    expect(size().bytes).toBeLessThanOrEqual(20_000);
    const left = keys.filter((key) => get(key) !== undefined);
    expect(left).toEqual(['key0', 'key4', 'key5', 'key6', 'key7', 'key8', 'key9']);
    expect(get('more3')).toEqual(long);
  });

  test('never take more than their bound, and the sum is right whatever happens', () => {
    const sizes = fc.array(
      fc.record({
        key: fc.nat(12),
        length: fc.nat(3_000),
        ttl: fc.integer({ min: 1, max: 5_000 }),
        pause: fc.nat(2_000),
      }),
      { minLength: 1, maxLength: 40 },
    );
    const { file, set, size, clear, clock } = openStore({ maxBytes: 12_000 });
    fc.assert(
      fc.property(sizes, (steps) => {
        for (const { key, length, ttl, pause } of steps) {
          set(`k${key}`, keptAnswer('x'.repeat(length)), ttl);
          clock.advance(pause);
          const [sums] = ask(
            file,
            'SELECT (SELECT bytes FROM size) AS kept, coalesce(sum(bytes), 0) AS real FROM answers',
          );
          expect(sums?.kept).toBe(sums?.real);
          expect(Number(sums?.kept)).toBeLessThanOrEqual(12_000);
        }
        clear();
        expect(size()).toEqual({ answers: 0, bytes: 0, maxBytes: 12_000 });
      }),
      { numRuns: 10 },
    );
  });

  it('are gone from the file when it was cleared', () => {
    const { file, set, get, clear, close } = openStore();
    set('a', keptAnswer('a rare sentence'), HOUR);
    clear();
    expect(get('a')).toBeUndefined();
    close();
    expect(readFileSync(file, 'latin1')).not.toContain('rare sentence');
  });

  test.skipIf(process.platform === 'win32')('are readable for their user alone', () => {
    const { file, set } = openStore({ file: temporaryFile('some/folder/cache.db') });
    set('a', hello, HOUR);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(`${file}-wal`).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(file)).mode & 0o777).toBe(0o700);
  });

  it('leave the disk alone until they are needed', () => {
    const { file, close } = openStore();
    close();
    expect(existsSync(file)).toBe(false);
  });
});

describe('a file that cannot be used', () => {
  const spoil: readonly [string, (file: string) => void, RegExp][] = [
    [
      'is damaged',
      (file) => writeFileSync(file, 'no database at all, but long enough to look like one'.repeat(40)),
      /no SQLite database: move it away/,
    ],
    ['is a folder', (file) => mkdirSync(file), /EISDIR/],
    [
      'is a ledger',
      (file) => {
        const ledger = createSqliteLedger({ file });
        ledger.rows();
        ledger.close();
      },
      /is a database, but not a cache of Signalbox/,
    ],
    [
      'was written by a newer version',
      (file) => {
        const database = new DatabaseSync(file);
        database.exec('PRAGMA user_version = 99');
        database.close();
      },
      /schema version 99/,
    ],
  ];
  test.each(spoil)('because it %s makes misses and one sentence', (_, make, sentence) => {
    const file = temporaryFile('cache.db');
    make(file);
    const { get, set, size, faults } = openStore({ file });
    set('a', hello, HOUR);
    expect(get('a')).toBeUndefined();
    set('b', hello, HOUR);
    expect(faults).toEqual([expect.stringMatching(sentence)]);
    // Who asks for it, and not in passing, is told.
    expect(() => size()).toThrow(sentence);
  });

  it('is used again when it is well again', () => {
    const file = temporaryFile('cache.db');
    mkdirSync(file);
    const { get, set, faults } = openStore({ file });
    set('a', hello, HOUR);
    rmSync(file, { recursive: true });
    set('a', hello, HOUR);
    expect(get('a')).toEqual(hello);
    expect(faults).toHaveLength(1);
  });

  it('because it was damaged in the middle makes misses', () => {
    const { file, set, get, close, faults } = openStore();
    for (let index = 0; index < 50; index += 1) set(`k${index}`, keptAnswer('x'.repeat(2_000)), HOUR);
    close();
    const bytes = readFileSync(file);
    bytes.fill(0x5a, 4_096, bytes.length);
    writeFileSync(file, bytes);
    expect(get('k7')).toBeUndefined();
    expect(faults).toEqual([expect.stringMatching(/damaged/)]);
  });

  it('because somebody keeps it locked makes misses for the time, without a word', () => {
    const { file, set, get, faults } = openStore();
    set('a', hello, HOUR);
    const other = new DatabaseSync(file);
    onTestFinished(() => other.close());
    other.exec('BEGIN IMMEDIATE');
    set('b', hello, HOUR);
    // Reading does not wait for a writer.
    expect([get('a'), get('b')]).toEqual([hello, undefined]);
    other.exec('ROLLBACK');
    set('b', hello, HOUR);
    expect(get('b')).toEqual(hello);
    expect(faults).toEqual([]);
  });

  it('because it holds a garbled answer makes a miss and a sentence', () => {
    const { file, set, get, faults } = openStore();
    set('a', hello, HOUR);
    const other = new DatabaseSync(file);
    other.exec(`UPDATE answers SET answer = '{"response":'`);
    other.close();
    expect(get('a')).toBeUndefined();
    expect(faults).toEqual([expect.stringMatching(/holds a damaged answer/)]);
  });

  it('because it was removed is made anew', () => {
    const { file, set, get } = openStore();
    set('a', hello, HOUR);
    for (const ending of ['', '-wal', '-shm']) rmSync(file + ending, { force: true });
    expect(get('a')).toBeUndefined();
    set('b', hello, HOUR);
    expect(openStore({ file }).get('b')).toEqual(hello);
  });
});

test('many processes keep answers in one file and find those of the others', async () => {
  const file = temporaryFile('made/by/whoever-is-first.db');
  const program = fileURLToPath(new URL('./keeping-program.ts', import.meta.url));
  const names = ['a', 'b', 'c'];
  const said = await Promise.all(
    names.map(async (name) => {
      const flags = ['--conditions=@signalbox/source', '--disable-warning=ExperimentalWarning'];
      const child = spawn(process.execPath, [...flags, program, file, name, '200'], {
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let text = '';
      for (const stream of [child.stdout, child.stderr]) {
        stream.on('data', (chunk: Uint8Array) => {
          text += Buffer.from(chunk).toString();
        });
      }
      await once(child, 'close');
      return text;
    }),
  );
  // A writer who waits too long gives up: what is kept is what there is, and that is a cache's right.
  for (const text of said) expect(text).toMatch(/^found \d+\n$/);
  const store = createSqliteAnswerStore({ file });
  onTestFinished(() => store.close());
  for (const [index, name] of names.entries()) {
    const found = Array.from({ length: 200 }, (_, number) => store.get(`${name}-${number}`)).filter((one) => one);
    expect(`found ${found.length}\n`).toBe(said[index]);
    expect(found.length).toBeGreaterThan(0);
  }
  expect(ask(file, 'PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);
});
