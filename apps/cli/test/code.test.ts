import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, request as forward } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type Simulator, startSimulator } from '@signalbox/simulator';
import { createSqliteLedger } from '@signalbox/store-sqlite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSandbox, finished, firstMatch, type Sandbox } from './run-cli.ts';

/** A client in the place of a real one: says how it was started, and asks a question as the real one would. */
const CLIENT = `
const { env } = process;
const opencode = env.OPENCODE_CONFIG_CONTENT && JSON.parse(env.OPENCODE_CONFIG_CONTENT).provider.signalbox.options;
const codex = process.argv.find((arg) => arg.includes('base_url='));
const base = env.ANTHROPIC_BASE_URL ?? env.GOOGLE_GEMINI_BASE_URL ?? opencode?.baseURL.replace('/v1', '') ?? JSON.parse(codex.split('base_url=')[1]).replace('/v1', '');
const key = env.ANTHROPIC_AUTH_TOKEN ?? env.GEMINI_API_KEY ?? opencode?.apiKey ?? env.SIGNALBOX_KEY;
const post = (headers) => fetch(base + '/v1/messages', {
  method: 'POST',
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify({ model: env.ASKS_FOR, max_tokens: 99, messages: [{ role: 'user', content: 'What is 2+2?' }] }),
});
const custom = Object.fromEntries((env.ANTHROPIC_CUSTOM_HEADERS ?? '').split('\\n').filter(Boolean).map((line) => line.split(': ')));
const answer = await post(env.LOGIN ? { ...custom, authorization: 'Bearer ' + env.LOGIN } : { 'x-api-key': key });
const stranger = await post({});
const { readFileSync, existsSync } = await import('node:fs');
const ofGemini = (name) => env.GEMINI_CLI_HOME && existsSync(env.GEMINI_CLI_HOME + '/.gemini/' + name) ? readFileSync(env.GEMINI_CLI_HOME + '/.gemini/' + name, 'utf8') : undefined;
const settings = ofGemini('settings.json');
const memory = ofGemini('GEMINI.md');
console.log(JSON.stringify({ args: process.argv.slice(2), apiKey: env.ANTHROPIC_API_KEY, token: env.ANTHROPIC_AUTH_TOKEN, customHeaders: env.ANTHROPIC_CUSTOM_HEADERS, status: answer.status, strategy: answer.headers.get('x-signalbox-strategy'), stranger: stranger.status, settings, memory, opencodeModel: env.OPENCODE_CONFIG_CONTENT && JSON.parse(env.OPENCODE_CONFIG_CONTENT).model, opencodeModels: env.OPENCODE_CONFIG_CONTENT && JSON.parse(env.OPENCODE_CONFIG_CONTENT).provider.signalbox.models }));
if (env.WAITS) { console.log('waiting'); setTimeout(() => {}, 60_000); } else process.exitCode = 7;
`;

let simulator: Simulator;
let sandbox: Sandbox;
let env: Record<string, string>;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.close());
beforeEach(() => {
  sandbox = createSandbox();
  sandbox.write(
    '.claude-code/router-config.yml',
    `providers:\n  anthropic: { endpoint: "${simulator.url}/anthropic", api_key: k, models: [claude-sonnet-4-5, claude-haiku-4-5] }\n`,
  );
  const bin = join(sandbox.project, 'bin');
  mkdirSync(bin);
  for (const name of ['claude', 'codex', 'gemini', 'opencode']) {
    writeFileSync(join(bin, name), `#!${process.execPath}\n${CLIENT}`);
    chmodSync(join(bin, name), 0o755);
  }
  writeFileSync(join(bin, 'package.json'), '{"type":"module"}');
  env = { PATH: `${bin}:${process.env.PATH}`, ASKS_FOR: 'claude-of-tomorrow' };
});
afterEach(() => sandbox.remove());

/** What a run has made for itself below the home. */
const ownFolders = () =>
  readdirSync(sandbox.home, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /^\.claude-code\/code-[^/]+$/.test(name),
  );

const said = (stdout: string) => JSON.parse(stdout.split('\n')[0] ?? '');

describe('signalbox code', () => {
  it.each(['claude', 'codex', 'gemini', 'opencode'])(
    'starts %s so that it asks a gateway of its own, which routes',
    async (client) => {
      const { code, stdout, stderr } = await sandbox.run(['code', '--client', client, '--', 'do', '-p', 'it'], { env });
      expect([code, stderr]).toEqual([7, '']);
      expect(said(stdout)).toMatchObject({ status: 200, strategy: 'best_for_task', stranger: 401 });
      expect(said(stdout).args.slice(-3)).toEqual(['do', '-p', 'it']);
    },
  );

  it('is Claude Code where nothing else is said, and takes its options as they come', async () => {
    const { stdout } = await sandbox.run(['code', '-p', 'hi', '--output-format', 'json'], {
      env: { ...env, ANTHROPIC_API_KEY: 'sk-users-own' },
    });
    expect(said(stdout)).toMatchObject({ args: ['-p', 'hi', '--output-format', 'json'], status: 200 });
    expect(said(stdout)).not.toHaveProperty('apiKey');
  });

  it('does not overrule a model that the user names', async () => {
    const named = { ...env, ASKS_FOR: 'claude-haiku-4-5' };
    const { stdout } = await sandbox.run(['code', '--model', 'claude-haiku-4-5'], { env: named });
    expect(said(stdout)).toMatchObject({ strategy: 'manual', args: ['--model', 'claude-haiku-4-5'] });
    for (const flags of [['-m', 'x'], ['-mx'], ['--model=x']]) {
      const codex = await sandbox.run(['code', '--client', 'codex', 'exec', ...flags], { env: named });
      expect(said(codex.stdout).args).not.toContain('model="auto"');
    }
  });

  it('lets Gemini CLI use a key whatever its user has chosen, and opencode one model', async () => {
    const gemini = said((await sandbox.run(['code', '--client', 'gemini'], { env })).stdout);
    expect(ownFolders()).toEqual([]);
    expect(JSON.parse(gemini.settings)).toEqual({ security: { auth: { selectedType: 'gemini-api-key' } } });
    const opencode = said((await sandbox.run(['code', '--client', 'opencode'], { env })).stdout);
    expect(opencode.opencodeModel).toBe('signalbox/auto');
  });

  it('tells opencode the names that the gateway takes, and their limits: it takes no other', async () => {
    const { stdout } = await sandbox.run(['code', '--client', 'opencode', '-m', 'signalbox/claude-haiku-4-5'], { env });
    expect(said(stdout)).not.toHaveProperty('opencodeModel');
    expect(said(stdout).opencodeModels).toMatchObject({
      auto: { name: expect.stringContaining('routed') },
      'signalbox/cost_optimized': {},
      'claude-haiku-4-5': { name: 'Claude Haiku 4.5 (latest)', limit: { context: 200_000, output: 64_000 } },
    });
  });

  it("leaves Gemini CLI the rest of its user's home, and that home as it was", async () => {
    const own = join(sandbox.home, '.gemini');
    mkdirSync(own);
    const settings =
      '{\n  // signed in\n  "security": { "auth": { "selectedType": "oauth-personal" } }, "ui": { "theme": "a//b" }\n}';
    writeFileSync(join(own, 'settings.json'), settings);
    writeFileSync(join(own, 'GEMINI.md'), 'Be brief.');
    mkdirSync(join(own, 'history'));
    const gemini = said((await sandbox.run(['code', '--client', 'gemini'], { env })).stdout);
    expect(gemini.memory).toBe('Be brief.');
    expect(JSON.parse(gemini.settings)).toEqual({
      security: { auth: { selectedType: 'gemini-api-key' } },
      ui: { theme: 'a//b' },
    });
    expect(readdirSync(own).sort()).toEqual(['GEMINI.md', 'history', 'settings.json']);
    expect(readFileSync(join(own, 'settings.json'), 'utf8')).toBe(settings);
  });

  it('leaves Claude Code its own login where the configuration lets it go to its vendor, and opens the gateway beside it', async () => {
    sandbox.write(
      '.claude-code/router-config.yml',
      `providers:\n  anthropic: { endpoint: "${simulator.url}/anthropic", credentials: caller, models: [claude-sonnet-4-5] }\n`,
    );
    const own = { ...env, LOGIN: 'sk-ant-oat-own', ANTHROPIC_CUSTOM_HEADERS: 'x-team: a' };
    const { stdout } = await sandbox.run(['code'], { env: own });
    expect(said(stdout)).toMatchObject({
      status: 200,
      customHeaders: expect.stringMatching(/^x-team: a\nx-signalbox-key: \S+$/),
    });
    expect(said(stdout)).not.toHaveProperty('token');
  });

  it('books what it did under a key of its own', async () => {
    await sandbox.run(['code'], { env });
    const ledger = createSqliteLedger({ file: join(sandbox.home, '.claude-code', 'signalbox.db') });
    expect(ledger.rows()).toMatchObject([{ key: 'code', tenant: 'local', requestedModel: 'claude-of-tomorrow' }]);
    ledger.close();
  });

  it('says what was told of budgets when the client is gone, and not into its screen', async () => {
    sandbox.write(
      '.claude-code/router-config.yml',
      `providers:\n  anthropic: { endpoint: "${simulator.url}/anthropic", api_key: k, models: [claude-sonnet-4-5] }
budget: { daily: 1, alerts: [{ threshold: 1%, action: notify }] }\n`,
    );
    simulator.script([{ behave: { text: 'Four.', inputTokens: 10_000, outputTokens: 10 } }]);
    const child = sandbox.start(['code'], { ...env, WAITS: 'yes' });
    const ended = finished(child);
    await firstMatch(child.stdout, /waiting/);
    let before = '';
    child.stderr.on('data', (chunk) => {
      before += String(chunk);
    });
    child.kill('SIGTERM');
    const { stderr } = await ended;
    expect(before).toBe('budget: 1 % of the daily budget of $1.00 is spent.\n');
    expect(stderr).toBe(before);
    expect((await sandbox.run(['code'], { env })).stderr).toBe('');
  });

  it('uses a gateway that runs already', async () => {
    const child = sandbox.start(['serve', '--port', '0']);
    const ended = finished(child);
    const [, url = ''] = await firstMatch(child.stderr, /serves on (http:\S+)/);
    const { stdout } = await sandbox.run(['code', '--gateway', url], { env: { ...env, ASKS_FOR: 'auto' } });
    child.kill('SIGTERM');
    await ended;
    expect(said(stdout)).toMatchObject({ status: 200, strategy: 'best_for_task', stranger: 200 });
  });

  it('finds a gateway below a path of a proxy, whichever of its addresses is given', async () => {
    const child = sandbox.start(['serve', '--port', '0']);
    const ended = finished(child);
    const [, behind = ''] = await firstMatch(child.stderr, /serves on (http:\S+)/);
    const proxy = createServer((request, response) => {
      if (!request.url?.startsWith('/llm/')) return response.writeHead(404).end();
      const { method = 'GET', headers } = request;
      const onward = forward(`${behind}${request.url.slice(4)}`, { method, headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(response);
      });
      return request.pipe(onward);
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}/llm`;
    try {
      for (const given of [url, `${url}/`, `${url}/v1`]) {
        const { stdout } = await sandbox.run(['code', '--gateway', given], { env: { ...env, ASKS_FOR: 'auto' } });
        expect(said(stdout), given).toMatchObject({ status: 200, strategy: 'best_for_task' });
      }
    } finally {
      proxy.close();
      proxy.closeAllConnections();
      child.kill('SIGTERM');
      await ended;
    }
  });

  it('says before the client starts that a gateway wants a key, and leaves a login to one that sends it on', async () => {
    const created = await sandbox.run(['keys', 'create', 'laptop']);
    const [secret = ''] = /sk-signalbox-\S+/.exec(created.stdout) ?? [];
    sandbox.write(
      '.claude-code/router-config.yml',
      `providers:\n  anthropic: { endpoint: "${simulator.url}/anthropic", credentials: caller, models: [claude-sonnet-4-5] }\n`,
    );
    const child = sandbox.start(['serve', '--port', '0']);
    const ended = finished(child);
    const [, url = ''] = await firstMatch(child.stderr, /serves on (http:\S+)/);
    const start = (more: Record<string, string>, ...flags: string[]) =>
      sandbox.run(['code', '--gateway', url, ...flags], { env: { ...env, ASKS_FOR: 'claude-sonnet-4-5', ...more } });
    expect(await start({})).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(/wants a key: put it into SIGNALBOX_KEY/),
    });
    const wrong = await start({ SIGNALBOX_KEY: 'none-of-ours' });
    expect(wrong).toMatchObject({ code: 2, stderr: expect.stringMatching(/does not take the key in SIGNALBOX_KEY/) });
    const { stdout } = await start({ SIGNALBOX_KEY: secret, LOGIN: 'sk-ant-oat-own' }, '--own-login');
    expect(said(stdout)).toMatchObject({ status: 200, customHeaders: `x-signalbox-key: ${secret}` });
    expect(said(stdout)).not.toHaveProperty('token');
    child.kill('SIGTERM');
    await ended;
  });

  it.each(['SIGTERM', 'SIGHUP'] as const)(
    'ends the client when it is ended itself, and leaves nothing: %s',
    async (signal) => {
      const child = sandbox.start(['code', '--client', 'gemini'], { ...env, WAITS: '1' });
      const ended = finished(child);
      await firstMatch(child.stdout, /waiting/);
      expect(ownFolders()).toHaveLength(1);
      child.kill(signal);
      expect((await ended).code).toBe(143);
      expect(ownFolders()).toEqual([]);
    },
  );

  it.each([
    [['code', '--client', 'emacs'], /no client "emacs": there are claude, codex, gemini, opencode/],
    [['code', '--gateway', 'http://127.0.0.1:9'], /No gateway answers at http:\/\/127\.0\.0\.1:9/],
    [['code', '--gateway', 'nowhere'], /"nowhere" is no URL/],
    [['code', '--gateway', 'localhost:4141'], /"localhost:4141" is no URL: write it like http:/],
    [['code', '--own-login'], /--own-login is for Claude Code at a gateway that runs already/],
    [['code', '--router-config', 'none.yml'], /none\.yml: the configuration file can't be read/],
  ])('%j is refused in a sentence', async (words, sentence) => {
    const { code, stderr } = await sandbox.run(words, { env });
    expect(code).toBe(2);
    expect(stderr).toMatch(sentence);
    expect(ownFolders()).toEqual([]);
  });

  it('says how to install a client that is not there', async () => {
    const { code, stderr } = await sandbox.run(['code'], { env: { PATH: sandbox.home } });
    expect([code, stderr]).toEqual([
      2,
      'signalbox: claude is not installed: npm install -g @anthropic-ai/claude-code.\n',
    ]);
  });
});
