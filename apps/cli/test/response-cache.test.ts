import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
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
  simulator.reset();
  sandbox = createSandbox();
  file = join(sandbox.home, '.claude-code', 'signalbox-cache.db');
});
afterEach(() => sandbox.remove());

const configure = (caching: string) =>
  sandbox.write(
    '.claude-code/router-config.yml',
    `providers:\n  openai: { endpoint: "${simulator.url}", api_key: sk-planted-secret, models: [gpt-4-turbo] }\n${caching}\n`,
  );
const answers = (text: string) => simulator.script([{ behave: { text, inputTokens: 1000, outputTokens: 100 } }]);

describe('caching', () => {
  it.each(['caching: { enabled: true, ttl: 3600 }', 'performance: { cache_responses: true, cache_ttl: 3600 }'])(
    '(%s) gives an answer again in another process, says so, and books what it saved',
    async (caching) => {
      configure(caching);
      answers('The first answer.');
      const first = await sandbox.run(['Say something']);
      expect([first.stdout, first.stderr]).toEqual(['The first answer.\n', expect.not.stringMatching(/cache|warning/)]);
      answers('Another answer.');
      const second = await sandbox.run(['Say something']);
      expect(second.stdout).toBe('The first answer.\n');
      expect(second.stderr).toMatch(/→ openai\/gpt-4-turbo \(.*\) · from the cache, saved \$0\.01\d* · \$0\.00/);
      expect(simulator.requests).toHaveLength(1);

      const whole = await sandbox.run(['--json', 'Say something']);
      expect(JSON.parse(whole.stdout)).toMatchObject({
        answer: 'The first answer.',
        cache: { status: 'hit', ageMs: expect.any(Number) },
        saved: { nanoUsd: 13_000_000 },
        cost: { nanoUsd: 0 },
      });
      const ledger = createSqliteLedger({ file: join(sandbox.home, '.claude-code', 'signalbox.db') });
      const rows = ledger.rows();
      ledger.close();
      expect(rows).toMatchObject([
        { lane: 'cache', cause: 'cache', costNanoUsd: 0, savedNanoUsd: 13_000_000 },
        { lane: 'cache', cause: 'cache', costNanoUsd: 0, savedNanoUsd: 13_000_000 },
        { lane: 'canonical', costNanoUsd: 13_000_000 },
      ]);
      expect(statSync(file).mode & 0o777).toBe(0o600);
    },
  );

  it('with --no-cache asks anew, and keeps the new answer', async () => {
    configure('caching: { enabled: true }');
    answers('old');
    await sandbox.run(['Say something']);
    answers('new');
    expect((await sandbox.run(['--no-cache', 'Say something'])).stdout).toBe('new\n');
    answers('newest');
    expect((await sandbox.run(['Say something'])).stdout).toBe('new\n');
    expect((await sandbox.run(['--temperature', '0.5', 'Say something'])).stdout).toBe('newest\n');
  });

  it('is off by default: nothing is kept', async () => {
    configure('');
    await sandbox.run(['Say something']);
    await sandbox.run(['Say something']);
    expect(simulator.requests).toHaveLength(2);
    expect(existsSync(file)).toBe(false);
  });

  it('in memory leaves the disk alone', async () => {
    configure('caching: { enabled: true, storage: memory }');
    await sandbox.run(['Say something']);
    expect(existsSync(file)).toBe(false);
  });

  it('is shared by the gateway and the command line', async () => {
    configure('caching: { enabled: true }');
    answers('from the gateway');
    const child = sandbox.start(['serve', '--port', '0']);
    const ended = finished(child);
    const [, url] = await firstMatch(child.stderr, /serves on (http:\S+)/);
    const body = JSON.stringify({ model: 'gpt-4-turbo', messages: [{ role: 'user', content: 'Say something' }] });
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${url}/v1/chat/completions`, { method: 'POST', headers, body });
    expect(answer.headers.get('x-signalbox-cache')).toBe('miss');
    await answer.text();
    expect((await sandbox.run(['--model', 'gpt-4-turbo', 'Say something'])).stdout).toBe('from the gateway\n');
    child.kill('SIGTERM');
    await ended;
    expect(simulator.requests).toHaveLength(1);
  });

  it('that can’t use its file is a warning, and the answer comes all the same', async () => {
    configure('caching: { enabled: true }');
    mkdirSync(file, { recursive: true });
    const { code, stdout, stderr } = await sandbox.run(['hello']);
    expect([code, stdout.length > 0]).toEqual([0, true]);
    expect(stderr.match(/^warning: .*$/gm)).toEqual([
      expect.stringMatching(
        /^warning: The cache .*signalbox-cache\.db can't be used: EISDIR.* Answers are not kept\.$/,
      ),
    ]);
  });

  it('into a file that a project names needs trust; the path is below that project', async () => {
    configure('caching: { enabled: true, file: kept/answers.db }');
    const refused = await sandbox.run(['hello']);
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringMatching(/is not trusted.*caching\.file writes/)]);
    await sandbox.run(['trust']);
    expect((await sandbox.run(['hello'])).code).toBe(0);
    expect(readdirSync(join(sandbox.project, '.claude-code', 'kept'))).toContain('answers.db');
  });
});

describe('signalbox cache', () => {
  it('says what is kept and what it saved, and forgets it', async () => {
    configure('caching: { enabled: true }');
    answers('A rare sentence.');
    await sandbox.run(['Say something']);
    await sandbox.run(['Say something']);
    const { stdout } = await sandbox.run(['cache', 'stats']);
    expect(stdout).toMatch(
      /^caching is on\n1 answer, [01]\.\d kB, in .*signalbox-cache\.db\ngiven again 1 time, \$0\.013\d* saved\n$/,
    );
    expect(JSON.parse((await sandbox.run(['cache', 'stats', '--json'])).stdout)).toMatchObject({
      enabled: true,
      storage: 'disk',
      answers: 1,
      hits: 1,
      savedNanoUsd: 13_000_000,
    });
    expect((await sandbox.run(['cache', 'clear'])).stdout).toMatch(/^forgotten: 1 answer in /);
    expect(readFileSync(file, 'latin1')).not.toContain('rare sentence');
    expect((await sandbox.run(['cache', 'clear'])).stdout).toBe('nothing was kept\n');
  });

  it('makes no file where there is none', async () => {
    configure('');
    expect((await sandbox.run(['cache', 'stats'])).stdout).toMatch(/^caching is off \(caching\.enabled\)\n0 answers/);
    expect((await sandbox.run(['cache', 'clear'])).stdout).toBe('nothing was kept\n');
    expect(existsSync(join(sandbox.home, '.claude-code'))).toBe(false);
  });
});
