import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Simulator, startSimulator } from '@signalbox/simulator';
import { createSqliteLedger } from '@signalbox/store-sqlite';
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
  sandbox = createSandbox();
  file = join(sandbox.home, '.claude-code', 'signalbox-keys.db');
  sandbox.write(
    '.claude-code/router-config.yml',
    `providers:\n  openai: { endpoint: "${simulator.url}", api_key: k, models: [gpt-4-turbo, gpt-4o-mini] }\n`,
  );
});
afterEach(() => sandbox.remove());

const keys = (...words: string[]) => sandbox.run(['keys', ...words]);

/** A gateway while `work` runs. */
async function whileServing(words: readonly string[], work: (url: string) => Promise<void>): Promise<void> {
  const child = sandbox.start(['serve', '--port', '0', ...words]);
  const ended = finished(child);
  try {
    const [, url = ''] = await firstMatch(child.stderr, /serves on (http:\S+)/);
    await work(url.replace('0.0.0.0', '127.0.0.1'));
  } finally {
    child.kill('SIGTERM');
    await ended;
  }
}

const ask = async (url: string, key: string | undefined, model = 'gpt-4-turbo') => {
  const answer = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(key === undefined ? {} : { authorization: `Bearer ${key}` }) },
    body: JSON.stringify({ model, messages: [{ role: 'user', content: 'hi' }] }),
  });
  await answer.arrayBuffer();
  return answer.status;
};

describe('signalbox keys', () => {
  it('create prints the key alone on stdout, this once', async () => {
    const made = await keys(
      'create',
      'ci',
      '--tag',
      'nightly',
      '--expires',
      '90d',
      '--budget-daily',
      '5',
      '--rpm',
      '60',
    );
    expect(made).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^sk-signalbox-[\w-]{43}\n$/),
      stderr: expect.stringMatching(
        /^The key "ci" was made\. It opens until \d{4}-\d\d-\d\d \d\d:\d\d UTC\. It is shown this once and kept as a hash only\.\n$/,
      ),
    });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, 'latin1')).not.toContain(made.stdout.trim().slice(13));
    const listed = await keys('list');
    expect(listed.stdout).toMatch(/ci +open +all +\$5(\.00)? a day, 60 requests\/min +nightly +\d{4}-\d\d-\d\d/);
    expect(listed.stdout + (await keys('list', '--json')).stdout).not.toContain(made.stdout.trim());
  });

  it('expiry may be said in weeks, months of 30 days and years', async () => {
    for (const [when, days] of [
      ['2w', 14],
      ['3mo', 90],
      ['1y', 365],
    ] as const) {
      const before = Date.now();
      const { stdout } = await keys('create', `for-${when}`, '--expires', when, '--json');
      const end = Date.parse(JSON.parse(stdout).expiresAt) - days * 86_400_000;
      expect(end).toBeGreaterThanOrEqual(before);
      expect(end).toBeLessThanOrEqual(Date.now());
    }
  });

  it.each([
    [['create', 'a b'], /1 to 64 letters/],
    [['create', 'ci', '--expires', 'soon'], /a time such as 90d or 6mo, or a date to come/],
    [['create', 'ci', '--expires', '2020-01-01'], /a date to come/],
    [['create', 'ci', '--expires', '99999999y'], /a date to come/],
    [['create', 'ci', '--budget-daily', 'much'], /an amount of dollars/],
    [['create', 'ci', '--rpm', '0'], /a whole number above 0/],
    [['create', 'ci', '--models', 'a,,b'], /names, separated by commas/],
    [['create', 'ci', '--models', 'gpt-4o,auto'], /"auto" is no model but chooses one/],
    [['revoke', 'nobody'], /There is no key "nobody"/],
    [['rotate', 'nobody'], /There is no key "nobody"/],
  ])('%j is refused in a sentence, and nothing is made', async (words, sentence) => {
    const { code, stdout, stderr } = await keys(...words);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(sentence);
    expect(stderr).not.toContain(' at ');
    expect((await keys('list')).stderr).toContain('There are no keys');
  });

  it('are not said to be none when all of them are revoked: gateways go on to want one', async () => {
    await keys('create', 'ci');
    await keys('revoke', 'ci');
    expect((await keys('list')).stderr).toContain('No key is open ("--all" shows those that were): make one');
  });
});

describe('signalbox serve', () => {
  it('refuses an address that others can reach while there are no keys, and makes no file for it', async () => {
    const { code, stderr } = await sandbox.run(['serve', '--port', '0', '--host', '0.0.0.0']);
    expect(code).toBe(2);
    expect(stderr).toContain('Make a key first (signalbox keys create NAME), or use 127.0.0.1.');
    expect(existsSync(file)).toBe(false);
  });

  it('serves others with keys, books under the key, and hears of changes while it runs', async () => {
    const secret = (await keys('create', 'ci', '--user', 'ada', '--models', 'gpt-4-*')).stdout.trim();
    await whileServing(['--host', '0.0.0.0'], async (url) => {
      expect(await ask(url, undefined)).toBe(401);
      expect(await ask(url, secret)).toBe(200);
      expect(await ask(url, secret, 'gpt-4o-mini')).toBe(403);
      const health = (env: Record<string, string>) => sandbox.run(['health', '--url', url], { env });
      expect(await health({})).toMatchObject({ code: 2, stderr: expect.stringContaining('SIGNALBOX_KEY') });
      expect(await health({ SIGNALBOX_KEY: secret })).toMatchObject({ code: 0 });
      const fresh = (await keys('rotate', 'ci')).stdout.trim();
      await expect.poll(() => ask(url, secret), { timeout: 10_000 }).toBe(401);
      expect(await ask(url, fresh)).toBe(200);
      await keys('revoke', 'ci');
      await expect.poll(() => ask(url, fresh), { timeout: 10_000 }).toBe(401);
    });
    const ledger = createSqliteLedger({ file: join(sandbox.home, '.claude-code', 'signalbox.db') });
    const [first] = ledger.rows();
    ledger.close();
    expect(first).toMatchObject({ key: 'ci', user: 'ada', tenant: 'ada', model: 'gpt-4-turbo' });
  });

  it('on this machine needs none until there is one', async () => {
    await whileServing([], async (url) => {
      expect(await ask(url, undefined)).toBe(200);
      await keys('create', 'ci');
      await expect.poll(() => ask(url, undefined), { timeout: 10_000 }).toBe(401);
    });
  });
});
