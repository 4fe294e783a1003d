import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { NO_NEEDS } from '@signalbox/core';
import { createSqliteLedger } from '@signalbox/store-sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { builtProgram } from './built-program.ts';
import { createSandbox, type Finished, finished, type Sandbox } from './run-cli.ts';

// Root may write everywhere, unless it lays that right down.
const WITHOUT_RIGHTS = ['setpriv', '--bounding-set', '-dac_override,-dac_read_search'];
const isRoot = process.getuid?.() === 0;
const canBeRefused =
  process.platform !== 'win32' &&
  (!isRoot || spawnSync(WITHOUT_RIGHTS[0] ?? '', [...WITHOUT_RIGHTS.slice(1), 'true']).status === 0);

let sandbox: Sandbox;
let folder: string;
let file: string;
beforeEach(() => {
  sandbox = createSandbox();
  folder = join(sandbox.home, '.claude-code');
  file = join(folder, 'signalbox.db');
});
afterEach(() => {
  if (existsSync(folder)) chmodSync(folder, 0o700);
  sandbox.remove();
});

function book(): void {
  const ledger = createSqliteLedger({ file });
  ledger.append({
    decision: {
      id: 'd-1',
      decidedAt: Date.now(),
      strategy: 'best_for_task',
      reason: '',
      order: [{ candidate: 'openai/gpt-4.1', provider: 'openai', model: 'gpt-4.1' }],
      removed: [],
      needs: { ...NO_NEEDS, inputTokens: 100 },
      task: { type: 'translation', complexity: 'low', difficulty: 0.2, expectedOutputTokens: 10, reason: '' },
    },
    attempt: {
      candidate: 'openai/gpt-4.1',
      provider: 'openai',
      model: 'gpt-4.1',
      cause: 'first',
      startedAt: Date.now(),
      durationMs: 1,
      outcome: 'success',
      lane: 'bytes',
      simulated: false,
      notes: [],
      cost: { nanoUsd: 1_230_000_000, provenance: 'reported' },
      usage: { inputTokens: 100, outputTokens: 10, provenance: 'reported' },
    },
    caller: { tenant: 'local' },
  });
  ledger.close();
}

function runWithoutRights(words: readonly string[]): Promise<Finished> {
  const [program = '', ...rest] = [
    ...(isRoot ? WITHOUT_RIGHTS : []),
    process.execPath,
    ...builtProgram().command,
    ...words,
  ];
  const child = spawn(program, rest, {
    cwd: sandbox.project,
    env: { PATH: process.env.PATH ?? '', HOME: sandbox.home, USERPROFILE: sandbox.home, OPENAI_API_KEY: 'k' },
  });
  child.stdin.end();
  return finished(child);
}

describe.skipIf(!canBeRefused)('a ledger that may be read but not written', () => {
  it.each([
    { words: ['costs', 'show'], says: 'Total: $1.23' },
    { words: ['costs', 'export'], says: 'd-1' },
    { words: ['stats', 'show'], says: 'gpt-4.1' },
    { words: ['replay', '--json'], says: '"requests": 1' },
  ])('is reported by $words', async ({ words, says }) => {
    book();
    chmodSync(file, 0o400);
    chmodSync(folder, 0o500);
    const { code, stdout, stderr } = await runWithoutRights(words);
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(stdout).toContain(says);
  });

  it('is read while somebody else writes into it', async () => {
    book();
    const ledger = createSqliteLedger({ file });
    expect(ledger.rows()).toHaveLength(1);
    chmodSync(file, 0o400);
    chmodSync(folder, 0o500);
    try {
      const { code, stdout } = await runWithoutRights(['costs', 'show']);
      expect(code).toBe(0);
      expect(stdout).toContain('Total: $1.23');
    } finally {
      ledger.close();
    }
  });

  it('is not forgotten of, and a sentence says why', async () => {
    book();
    chmodSync(file, 0o400);
    chmodSync(folder, 0o500);
    const { code, stdout, stderr } = await runWithoutRights(['costs', 'prune', '--older-than', '1d']);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/The ledger \S+ can't be used: the file or its folder is read-only\./);
  });

  it('and can not even be made says which folder may not be written', async () => {
    rmSync(folder, { recursive: true, force: true });
    chmodSync(sandbox.home, 0o500);
    try {
      const made = await runWithoutRights(['keys', 'create', 'ci']);
      const why = `the folder ${folder} can't be made, since ${sandbox.home} can't be written (EACCES).`;
      expect([made.code, made.stderr]).toEqual([1, expect.stringContaining(`signalbox-keys.db can't be used: ${why}`)]);
    } finally {
      chmodSync(sandbox.home, 0o700);
    }
  });

  it('in a folder that may not be entered is not taken for none', async () => {
    book();
    chmodSync(folder, 0o000);
    const { code, stdout, stderr } = await runWithoutRights(['stats', 'show']);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain(`The ledger ${file} can't be read: its folder may not be entered.`);
    expect(stderr).not.toContain('Nothing has been booked');
  });
});

it('a ledger behind a link that leads nowhere is not taken for none', async () => {
  mkdirSync(folder);
  symlinkSync('signalbox.db', file);
  const { code, stderr } = await sandbox.run(['costs', 'show']);
  expect(code).toBe(1);
  expect(stderr).toMatch(/The ledger \S+ can't be read: ELOOP\./);
});
