import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { ask, openLedger, temporaryFile } from './temporary-ledger.ts';

const program = fileURLToPath(new URL('./appending-program.ts', import.meta.url));
const node = [process.execPath, '--conditions=@signalbox/source', '--disable-warning=ExperimentalWarning', program];
const CRASHES = Number(process.env.SIGNALBOX_CRASHES ?? 20);
/** Of a program that is going to be killed: now a few, now so many that pages go from the log into the file meanwhile. */
const MOST_LINES = 120;
/** What the first program that ends by itself leaves here spares the others most of their start: there the types are out of the sources. */
const compiled = mkdtempSync(join(tmpdir(), 'signalbox-compiled-'));
afterAll(() => rmSync(compiled, { recursive: true, force: true }));

function start(command: readonly string[], words: readonly string[]): ChildProcess & { readonly text: () => string } {
  const [first = '', ...rest] = command;
  const env = { ...process.env, NODE_COMPILE_CACHE: compiled };
  const child = spawn(first, [...rest, ...words], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Uint8Array) => {
      text += Buffer.from(chunk).toString();
    });
  }
  return Object.assign(child, { text: () => text });
}

async function finished(child: ChildProcess & { readonly text: () => string }): Promise<string> {
  await once(child, 'close');
  return child.text();
}

const isWhole = (file: string) => expect(ask(file, 'PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);

describe('many processes', () => {
  test('make one file and write to it at once; none loses a row', async () => {
    const file = temporaryFile('made/by/whoever-is-first.db');
    const names = ['a', 'b', 'c', 'd', 'e'];
    const said = await Promise.all(names.map((name) => finished(start(node, [file, name, '1500']))));
    expect(said).toEqual(names.map(() => 'lost: 0\n'));
    isWhole(file);
    for (const name of names) {
      const [found] = ask(
        file,
        `SELECT count(*) AS rows, count(DISTINCT decision) AS ids FROM ledger WHERE decision LIKE '${name}-%'`,
      );
      expect(found).toEqual({ rows: 1500, ids: 1500 });
    }
    expect(openLedger({ file }).totals()[0]).toMatchObject({ attempts: 7500, nanoUsd: 7500 });
  });

  test('bring a file of an older version up at once, and write to it; nothing is done twice', async () => {
    const file = temporaryFile();
    const database = new DatabaseSync(file);
    database.exec(readFileSync(new URL('./version-3/ledger.sql', import.meta.url), 'utf8'));
    const before = Number(database.prepare('SELECT count(*) AS rows FROM attempts').get()?.rows);
    const simulated = Number(database.prepare('SELECT sum(simulated) AS rows FROM attempts').get()?.rows);
    database.close();
    const names = ['a', 'b', 'c', 'd'];
    const said = await Promise.all(names.map((name) => finished(start(node, [file, name, '200']))));
    expect(said).toEqual(names.map(() => 'lost: 0\n'));
    isWhole(file);
    expect(ask(file, 'SELECT count(*) AS rows FROM ledger')).toEqual([{ rows: before + 800 }]);
    expect(openLedger({ file }).totals()[0]?.attempts).toBe(before - simulated + 800);
  });

  test('write while another one forgets what is old: what is not old is all there, and the sums are its sums', async () => {
    const file = temporaryFile();
    const names = ['a', 'b', 'c', 'd'];
    const writers = names.map((name) => finished(start(node, [file, name, '1500'])));
    // The n-th row of each program is of the n-th millisecond of 1970.
    const forgetting = openLedger({ file, clock: { now: () => 2_000, after: () => () => {} } });
    const forget = () => forgetting.prune({ olderThanMs: 1_499 });
    let writing = true;
    const said = Promise.all(writers).finally(() => {
      writing = false;
    });
    let turns = 0;
    let forgotten = 0;
    for (; writing; turns += 1) {
      forgotten += forget();
      await new Promise(setImmediate);
    }
    expect(await said).toEqual(names.map(() => 'lost: 0\n'));
    expect(turns).toBeGreaterThan(1);
    forgotten += forget();
    isWhole(file);
    expect(forgotten).toBe(names.length * 500);
    const [left] = ask(file, 'SELECT count(*) AS rows, min(started_at) AS first, max(started_at) AS last FROM ledger');
    expect(left).toEqual({ rows: names.length * 1000, first: 501, last: 1500 });
    expect(forgetting.totals()).toEqual(forgetting.totals({ tenant: 'local' }));
    expect(forgetting.totals()[0]).toMatchObject({ attempts: left?.rows, nanoUsd: left?.rows });
  });

  test('write what waits when they exit', async () => {
    const file = temporaryFile();
    expect(await finished(start(node, [file, 'a', '30', 'exit']))).toBe('');
    expect(openLedger({ file }).totals()[0]?.attempts).toBe(30);
  });
});

describe('a process that is killed', () => {
  test(`loses at most what its last write had not reached, ${CRASHES} times`, async () => {
    const file = temporaryFile();
    await finished(start(node, [file, 'before', '20']));
    for (let crash = 1; crash <= CRASHES; crash += 1) {
      const child = start(node, [file, `crash${crash}`, '0', 'endless']);
      const closed = once(child, 'close');
      // As a write begins, or after one. The third line tells of the second write.
      let lines = 2 + Math.ceil(MOST_LINES ** Math.random());
      child.stdout?.on('data', () => {
        lines -= 1;
        if (lines <= 0) child.kill('SIGKILL');
      });
      await closed;
      expect(child.signalCode, child.text()).toBe('SIGKILL');
      // The last line may have been cut in two.
      const told = child.text().split('\n').slice(0, -1);
      const written = Number(told.findLast((line) => line !== 'writes'));
      expect(written).toBeGreaterThan(0);

      const ledger = openLedger({ file });
      const attempts = ledger.totals()[0]?.attempts;
      expect(attempts).toBeGreaterThan(0);
      isWhole(file);
      const [found] = ask(
        file,
        `SELECT count(*) AS rows, max(started_at) AS last FROM ledger WHERE decision LIKE 'crash${crash}-%'`,
      );
      expect(Number(found?.rows)).toBeGreaterThanOrEqual(written);
      // No gap: what is lost is the end.
      expect(found?.last).toBe(found?.rows);
      // And the sums beside the attempts are those of the attempts.
      expect(ledger.totals()).toEqual(ledger.totals({ tenant: 'local' }));
      ledger.close();
    }
  }, 120_000);
});

describe('a disk that is full', () => {
  test.skipIf(process.platform === 'win32')('is one clear fault, and the program goes on', async () => {
    const file = temporaryFile();
    const limited = ['bash', '-c', 'ulimit -f 128; exec "$@"', 'bash', ...node];
    const said = await finished(start(limited, [file, 'a', '20000']));
    const [fault, lost, ...others] = said.trimEnd().split('\n');
    expect(fault).toMatch(
      /^fault: The ledger .*signalbox\.db can't be used: the disk (is full|answers with an error)\.$/,
    );
    expect(others).toEqual([]);
    const rowsLost = Number(/^lost: (\d+)$/.exec(lost ?? '')?.[1]);
    expect(rowsLost).toBeGreaterThan(0);
    expect(statSync(file).size).toBeLessThanOrEqual(128 * 1024);
    isWhole(file);
    expect(openLedger({ file }).totals()[0]?.attempts).toBe(20_000 - rowsLost);
  });
});
