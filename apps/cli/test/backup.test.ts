import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Simulator, startSimulator } from '@signalbox/simulator';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSandbox, type Finished, finished, firstMatch, type Sandbox } from './run-cli.ts';

const script = fileURLToPath(new URL('../../../deploy/backup.sh', import.meta.url));

let simulator: Simulator;
let sandbox: Sandbox;
let copy: string;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.close());
beforeEach(() => {
  sandbox = createSandbox();
  copy = join(sandbox.project, 'backup', '2026-11-26');
  mkdirSync(join(sandbox.home, '.claude-code'));
  writeFileSync(
    join(sandbox.home, '.claude-code', 'router-config.yml'),
    `providers:\n  openai: { endpoint: "${simulator.url}", api_key: k, models: [gpt-4-turbo] }\n`,
  );
});
afterEach(() => sandbox.remove());

function backup(...words: string[]): Promise<Finished> {
  const PATH = [dirname(process.execPath), process.env.PATH].join(delimiter);
  const child = spawn('sh', [script, ...words], { env: { PATH, HOME: sandbox.home } });
  child.stdin.end();
  return finished(child);
}

/** Puts the copy in place for a user who has nothing else. */
function restored(): Sandbox {
  const other = createSandbox();
  cpSync(copy, join(other.home, '.claude-code'), { recursive: true });
  return other;
}

describe.skipIf(process.platform === 'win32')('deploy/backup.sh', () => {
  it('copies keys, ledger and configuration of a gateway that runs, whole, for its user alone', async () => {
    const secret = (await sandbox.run(['keys', 'create', 'ci'])).stdout.trim();
    const child = sandbox.start(['serve', '--port', '0']);
    const ended = finished(child);
    try {
      const [, url = ''] = await firstMatch(child.stderr, /serves on (http:\S+)/);
      const answer = await fetch(`${url}/v1/chat/completions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${secret}` },
        body: JSON.stringify({ model: 'gpt-4-turbo', messages: [{ role: 'user', content: 'hi' }] }),
      });
      expect(answer.status).toBe(200);
      await answer.arrayBuffer();
      // An attempt is written down a moment after its answer.
      await expect
        .poll(async () => (await sandbox.run(['costs', 'show'])).stdout, { timeout: 20_000 })
        .toContain('gpt-4-turbo');
      expect(await backup(copy)).toMatchObject({ code: 0, stderr: '' });
    } finally {
      child.kill('SIGTERM');
      await ended;
    }
    for (const name of ['signalbox.db', 'signalbox-keys.db']) expect(statSync(join(copy, name)).mode & 0o077).toBe(0);
    const other = restored();
    try {
      expect((await other.run(['keys', 'list'])).stdout).toMatch(/^ ci +open/m);
      expect((await other.run(['costs', 'show'])).stdout).toContain('gpt-4-turbo');
      expect((await other.run(['config', 'validate'])).stdout).toContain('valid');
    } finally {
      other.remove();
    }
  });

  it('overwrites no earlier copy', async () => {
    await sandbox.run(['keys', 'create', 'ci']);
    expect(await backup(copy)).toMatchObject({ code: 0, stderr: '' });
    expect(await backup(copy)).toMatchObject({ code: 1, stderr: expect.stringContaining('is there already') });
  });

  it('says what it wants where it is called without a folder, or by somebody who keeps nothing', async () => {
    expect(await backup()).toMatchObject({ code: 2, stderr: 'usage: backup.sh FOLDER\n' });
    sandbox.remove();
    expect(await backup(copy)).toMatchObject({ code: 1, stderr: expect.stringContaining('the user of the gateway') });
    expect(existsSync(copy)).toBe(false);
  });
});
