import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Simulator, startSimulator } from '@signalbox/simulator';
import { createSqliteLedger, type StoredAttempt } from '@signalbox/store-sqlite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSandbox, finished, firstMatch, type Sandbox } from './run-cli.ts';

let simulator: Simulator;
let sandbox: Sandbox;
let file: string;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.close());
beforeEach(() => {
  simulator.reset();
  sandbox = createSandbox();
  file = join(sandbox.home, '.claude-code', 'signalbox.db');
});
afterEach(() => sandbox.remove());

const configure = (more = '') =>
  sandbox.write(
    '.claude-code/router-config.yml',
    `providers:\n  openai: { endpoint: "${simulator.url}", api_key: sk-planted-secret, models: [gpt-4-turbo] }\n${more}`,
  );

function bookedDaysAgo(days: number): void {
  const ledger = createSqliteLedger({ file });
  ledger.append({
    decision: { id: `${days}`, decidedAt: 0, strategy: 'manual', reason: '', order: [], removed: [] },
    attempt: {
      candidate: 'openai/gpt-4-turbo',
      provider: 'openai',
      model: 'gpt-4-turbo',
      cause: 'first',
      startedAt: Date.now() - days * 86_400_000,
      durationMs: 1,
      outcome: 'success',
      lane: 'bytes',
      simulated: false,
      notes: [],
    },
    caller: { tenant: 'local' },
  });
  ledger.close();
}

function booked(): readonly StoredAttempt[] {
  const ledger = createSqliteLedger({ file });
  const rows = ledger.rows();
  ledger.close();
  return rows;
}

describe('the ledger of the user', () => {
  it('has a row for each attempt, with its cost, and neither prompt nor key', async () => {
    configure();
    simulator.script([{ behave: { text: 'A private answer.', inputTokens: 1000, outputTokens: 100 } }]);
    expect((await sandbox.run(['A private question'])).code).toBe(0);
    expect(booked()).toMatchObject([
      {
        attempt: 1,
        provider: 'openai',
        model: 'gpt-4-turbo',
        outcome: 'success',
        simulated: false,
        inputTokens: 1000,
        outputTokens: 100,
        usageProvenance: 'reported',
        costNanoUsd: 13_000_000,
        tenant: 'local',
      },
    ]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const bytes = readdirSync(join(sandbox.home, '.claude-code')).map((name) =>
      readFileSync(join(sandbox.home, '.claude-code', name), 'latin1'),
    );
    expect(bytes.join('')).toContain('gpt-4-turbo');
    expect(bytes.join('')).not.toMatch(/private|planted-secret/);
  });

  it('has the attempts that failed', async () => {
    configure();
    simulator.script([{ behave: { status: 401 } }]);
    expect((await sandbox.run(['hello'])).code).toBe(1);
    expect(booked()).toMatchObject([{ outcome: 'failure', errorKind: 'authentication', errorStatus: 401 }]);
  });

  it('is shared by several programs at once', async () => {
    configure();
    const codes = await Promise.all(['one', 'two', 'three'].map(async (prompt) => (await sandbox.run([prompt])).code));
    expect(codes).toEqual([0, 0, 0]);
    expect(new Set(booked().map((row) => row.decision)).size).toBe(3);
  });

  it('has what the gateway did', async () => {
    configure();
    const child = sandbox.start(['serve', '--port', '0']);
    const ended = finished(child);
    const [, url] = await firstMatch(child.stderr, /serves on (http:\S+)/);
    const answer = await fetch(`${url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'gpt-4-turbo', messages: [{ role: 'user', content: 'hi' }] }),
    });
    expect(answer.status).toBe(200);
    await answer.text();
    child.kill('SIGTERM');
    await ended;
    expect(booked()).toMatchObject([{ model: 'gpt-4-turbo', requestedModel: 'gpt-4-turbo', lane: 'bytes' }]);
  });

  it.each([['--version'], ['--help'], ['models', 'sonnet'], ['config', 'validate']])(
    'is not touched by %s %s',
    async (...words) => {
      configure();
      expect((await sandbox.run(words.filter((word) => word !== undefined))).code).toBe(0);
      expect(existsSync(file)).toBe(false);
    },
  );

  it.each(['monitoring: { enabled: false }', 'cost_tracking: { enabled: false }'])(
    'is not kept with %s',
    async (off) => {
      configure(`${off}\n`);
      expect(await sandbox.run(['hello'])).toMatchObject({ code: 0, stderr: expect.not.stringContaining('warning') });
      expect(existsSync(file)).toBe(false);
    },
  );

  it('has neither times nor tokens where they are not to be tracked', async () => {
    configure('monitoring: { track_latency: false, track_token_usage: false }\n');
    expect(await sandbox.run(['hello'])).toMatchObject({ code: 0, stderr: expect.not.stringContaining('warning') });
    const [row] = booked();
    expect(row).toMatchObject({ durationMs: 0, costNanoUsd: expect.any(Number) });
    expect([row?.firstContentMs, row?.inputTokens, row?.outputTokens]).toEqual([undefined, undefined, undefined]);
  });

  it('forgets what is older than it is to be kept, once a day; a project needs trust for that', async () => {
    configure('');
    bookedDaysAgo(3);
    await sandbox.run(['hello']);
    expect(booked()).toHaveLength(2);
    configure('cost_tracking: { keep: 2d }\n');
    expect((await sandbox.run(['hello'])).stderr).toContain('forgets what your ledger holds of all projects');
    await sandbox.run(['trust']);
    expect((await sandbox.run(['hello'])).code).toBe(0);
    expect(booked()).toHaveLength(2);
    bookedDaysAgo(3);
    await sandbox.run(['hello']);
    expect(booked()).toHaveLength(4);
  });

  it('that cannot be written is a warning, and the answer comes all the same', async () => {
    configure();
    mkdirSync(file, { recursive: true });
    const { code, stdout, stderr } = await sandbox.run(['hello']);
    expect([code, stdout.length > 0]).toEqual([0, true]);
    expect(stderr.match(/^warning: .*$/gm)).toEqual([
      expect.stringMatching(/^warning: The ledger .*signalbox\.db can't be used: EISDIR.* is not written down\.$/),
    ]);
    expect((await sandbox.run(['--quiet', 'hello'])).stderr).toBe('');
  });
});
