import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type Simulator, startSimulator } from '@signalbox/simulator';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSandbox, type Sandbox } from './run-cli.ts';

let simulator: Simulator;
let sandbox: Sandbox;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.close());
beforeEach(() => {
  simulator.reset();
  sandbox = createSandbox();
});
afterEach(() => sandbox.remove());

const written = () => readFileSync(join(sandbox.project, '.claude-code', 'router-config.yml'), 'utf8');
const nowhere = { OLLAMA_HOST: '127.0.0.1:1' };

describe('signalbox init', () => {
  it('writes a configuration with comments for the keys at hand, which is valid and holds no key', async () => {
    const env = { ...nowhere, OPENAI_API_KEY: 'sk-planted-secret', MISTRAL_API_KEY: 'planted-too' };
    const { code, stdout, stderr } = await sandbox.run(['init', '--yes', '--no-test', '--budget-daily', '10'], { env });
    expect([code, stdout]).toEqual([0, `Wrote ${join(sandbox.project, '.claude-code', 'router-config.yml')}.\n`]);
    expect(written()).toContain('openai:\n    api_key: ${OPENAI_API_KEY}');
    expect(written()).toContain('mistral:\n    api_key: ${MISTRAL_API_KEY}');
    expect(written()).toMatch(/^ {2}daily: 10\.00 # dollars/m);
    // OpenAI's other API is another way to the same account.
    expect(written() + stdout + stderr).not.toMatch(/planted|anthropic:|openai-responses/);
    const valid = await sandbox.run(['config', 'validate', '--json'], { env });
    expect(JSON.parse(valid.stdout)).toMatchObject({ valid: true, warnings: [] });
  });

  it('finds a local Ollama with its models', async () => {
    const env = { OLLAMA_HOST: simulator.url };
    const { stdout } = await sandbox.run(['init', '--yes', '--json', '--strategy', 'cost_optimized'], { env });
    expect(JSON.parse(stdout)).toMatchObject({
      ollama: { endpoint: simulator.url, models: ['llama3.2:latest', 'qwen3:8b'] },
    });
    expect(written()).toContain(
      `  local:\n    endpoint: ${simulator.url}\n    models: ["llama3.2:latest", "qwen3:8b"]\n`,
    );
    expect(written()).toMatch(/strategy: cost_optimized/);
    const answer = await sandbox.run(['hello'], { env });
    expect([answer.code, answer.stderr], answer.stderr).toEqual([
      0,
      expect.stringMatching(/→ local\/llama3\.2:latest|→ local\/qwen3:8b/),
    ]);
  });

  it('takes the providers that are named, and says which there are', async () => {
    await sandbox.run(['init', '--yes', '--no-test', '-p', 'groq', '-p', 'google'], { env: nowhere });
    expect(written()).toMatch(/google:[\s\S]*groq:/);
    const unknown = await sandbox.run(['init', '--yes', '--force', '-p', 'gorq'], { env: nowhere });
    expect([unknown.code, unknown.stderr]).toEqual([2, expect.stringMatching(/no provider "gorq".*anthropic, openai/)]);
  });

  it('overwrites nothing without being asked', async () => {
    sandbox.write('.claude-code/router-config.yaml', 'router: { enabled: true }\n');
    const refused = await sandbox.run(['init', '--yes', '--no-test'], { env: nowhere });
    expect([refused.code, refused.stderr]).toEqual([
      2,
      expect.stringMatching(/router-config\.yaml is there already.*--force/),
    ]);
    const forced = await sandbox.run(['init', '--yes', '--no-test', '--force'], { env: nowhere });
    expect([forced.code, forced.stdout]).toEqual([0, expect.stringMatching(/router-config\.yaml/)]);
  });

  it('says how to keep .env out of version control', async () => {
    execFileSync('git', ['init', '-q'], { cwd: sandbox.project });
    sandbox.write('.env', 'ANTHROPIC_API_KEY=sk-ant-planted\n');
    const { stderr } = await sandbox.run(['init', '--yes', '--no-test'], { env: nowhere });
    expect(stderr).toMatch(/echo \.env >> \.gitignore/);
    expect(written()).toContain('anthropic:');
    sandbox.write('.gitignore', '.env\n');
    const ignored = await sandbox.run(['init', '--yes', '--no-test', '--force'], { env: nowhere });
    expect(ignored.stderr).not.toMatch(/gitignore/);
  });
});

describe('signalbox config import', () => {
  const foreign = () =>
    JSON.stringify({
      Providers: [
        {
          name: 'lab',
          api_base_url: `${simulator.url}/v1/chat/completions`,
          api_key: 'planted-secret',
          models: ['tiny'],
        },
      ],
      Router: { default: 'lab,tiny', longContextThreshold: 60000 },
      PORT: 3456,
    });

  it('writes a configuration that answers, lists what it could not carry, and moves keys into .env', async () => {
    const file = sandbox.write('config.json', foreign());
    const { code, stdout, stderr } = await sandbox.run(['config', 'import', file, '--keys-to', '.env']);
    expect([code, stdout], stderr).toEqual([
      0,
      expect.stringMatching(/^Wrote \.claude-code\/router-config\.yml, from the claude-code-router/),
    ]);
    expect(stderr).toMatch(
      /Could not be carried:\n(.*\n)* {2}PORT: say it when the gateway starts: signalbox serve --port/,
    );
    expect(stdout + stderr + written()).not.toContain('planted-secret');
    expect(readFileSync(join(sandbox.project, '.env'), 'utf8')).toBe('LAB_API_KEY=planted-secret\n');
    expect(statSync(join(sandbox.project, '.env')).mode & 0o777).toBe(0o600);
    const answer = await sandbox.run(['hello']);
    expect([answer.code, answer.stderr]).toEqual([0, expect.stringMatching(/→ lab\/tiny/)]);
  });

  it('writes nothing in a dry run, and overwrites nothing without being asked', async () => {
    const file = sandbox.write('config.json', foreign());
    const dry = await sandbox.run(['config', 'import', file, '--dry-run']);
    expect(dry.stdout).toMatch(/^# Imported from claude-code-router[\s\S]*api_key: \$\{LAB_API_KEY\}/);
    expect(existsSync(join(sandbox.project, '.claude-code'))).toBe(false);
    sandbox.write('.claude-code/router-config.yml', 'router: { enabled: true }\n');
    const refused = await sandbox.run(['config', 'import', file, '--keys-to', '.env']);
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringMatching(/is there already.*--force/)]);
    expect(existsSync(join(sandbox.project, '.env'))).toBe(false);
    const json = await sandbox.run(['config', 'import', file, '--force', '--json']);
    expect(JSON.parse(json.stdout)).toMatchObject({
      from: 'claude-code-router',
      missing: ['LAB_API_KEY'],
      notes: expect.arrayContaining([expect.objectContaining({ key: 'PORT', outcome: 'left out' })]),
    });
  });

  it('says what a file is not', async () => {
    const file = sandbox.write('other.json', '{"a": 1}');
    const { code, stderr } = await sandbox.run(['config', 'import', file]);
    expect([code, stderr]).toEqual([2, expect.stringMatching(/^signalbox: other\.json looks like no configuration/)]);
    expect((await sandbox.run(['config', 'import', 'nowhere.json'])).stderr).toMatch(
      /nowhere\.json can't be read \(ENOENT\)/,
    );
  });
});

describe('signalbox doctor', () => {
  let servers: Server[] = [];
  afterEach(async () => {
    await Promise.all(servers.map((server) => new Promise((closed) => server.close(closed))));
    servers = [];
  });

  async function serve(status: number, body: string, headers: Record<string, string> = {}): Promise<string> {
    const server = createServer((_, response) => response.writeHead(status, headers).end(body));
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    servers.push(server);
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  interface Report {
    healthy: boolean;
    findings: { check: string; state: string; message: string; fix?: string }[];
  }
  async function examined(...words: string[]) {
    const { code, stdout, stderr } = await sandbox.run(['doctor', '--json', '--port', '1', ...words]);
    const report = JSON.parse(stdout) as Report;
    const on = (check: string) => report.findings.find((one) => one.check === check);
    return { code, stdout: stdout + stderr, report, on };
  }
  const configure = (...providers: string[]) =>
    sandbox.write('.claude-code/router-config.yml', `providers:\n${providers.map((one) => `  ${one}\n`).join('')}`);

  it('finds nothing wrong where nothing is', async () => {
    configure(`openai: { endpoint: "${simulator.url}", api_key: planted-secret }`);
    await sandbox.run(['hello']);
    const { code, report, on, stdout } = await examined();
    expect([code, report.healthy], stdout).toEqual([0, true]);
    expect(on('provider openai')).toMatchObject({
      state: 'ok',
      message: expect.stringMatching(/answers and takes the key, 3 models/),
    });
    expect(on('clock')).toMatchObject({ state: 'ok' });
    expect(on('store of ledger')).toMatchObject({
      state: 'ok',
      message: expect.stringMatching(/signalbox\.db, \d+ kB, whole, version \d+/),
    });
    expect(stdout).not.toContain('planted-secret');
    const text = await sandbox.run(['doctor', '--port', '1']);
    expect(text.stdout).toMatch(/^ok {4}provider openai +\S+ answers[\s\S]*\nAll is well/m);
  });

  it('tells what answers and is no API: a portal, a firewall, a redirect, a server of another kind', async () => {
    const page = (title: string) => `<!doctype html><html><head><title>${title}</title></head></html>`;
    configure(
      `openai: { endpoint: "${await serve(200, page('Sign in to the network'))}", api_key: k }`,
      `groq: { endpoint: "${await serve(403, page('Attention Required!'))}", api_key: k }`,
      `mistral: { endpoint: "${await serve(302, '', { location: 'https://login.example/sso?t=1' })}", api_key: k }`,
      `deepseek: { endpoint: "${await serve(200, 'It works!')}", api_key: k }`,
      `perplexity: { endpoint: "${await serve(404, page('Cannot GET /models'))}", api_key: k }`,
    );
    const { code, on } = await examined();
    expect(code).toBe(1);
    const told = {
      openai: /a web page, "Sign in to the network" \(HTTP 200\)/,
      groq: /a web page, "Attention Required!" \(HTTP 403\)/,
      mistral: /redirects to https:\/\/login\.example \(HTTP 302\)/,
      deepseek: /something that is not JSON/,
    };
    for (const [id, pattern] of Object.entries(told))
      expect(on(`provider ${id}`)).toMatchObject({
        state: 'problem',
        message: expect.stringMatching(pattern),
        fix: expect.stringMatching(/is right/),
      });
    // Whoever lists no models may say so in a page of its framework's.
    expect(on('provider perplexity')).toMatchObject({
      state: 'warning',
      message: expect.stringMatching(/lists no models/),
    });
  });

  it('tells a refused key, a server that is not there, one with trouble and one that can not say, and what to do', async () => {
    const refusing = await serve(401, '{"error":{"message":"invalid x-api-key sk-planted"}}');
    const failing = await serve(503, 'no');
    const listless = await serve(404, '{}');
    configure(
      `openai: { endpoint: "${refusing}", api_key: sk-planted-secret }`,
      'local: { endpoint: "http://127.0.0.1:1", models: [x] }',
      `groq: { endpoint: "${failing}", api_key: k }`,
      `perplexity: { endpoint: "${listless}", api_key: k }`,
      'anthropic: {}',
    );
    const { code, on, stdout } = await examined();
    expect(code).toBe(1);
    expect(on('provider openai')).toMatchObject({
      state: 'problem',
      message: expect.stringMatching(/refused \(HTTP 401/),
      fix: expect.stringMatching(/OPENAI_API_KEY/),
    });
    expect(on('provider local')).toMatchObject({
      state: 'problem',
      message: expect.stringMatching(/could not connect/),
    });
    expect(on('provider groq')).toMatchObject({
      state: 'warning',
      message: expect.stringMatching(/trouble of its own \(HTTP 503\)/),
    });
    expect(on('provider perplexity')).toMatchObject({
      state: 'warning',
      fix: expect.stringMatching(/--provider perplexity/),
    });
    expect(on('provider anthropic')).toMatchObject({
      state: 'warning',
      fix: expect.stringMatching(/ANTHROPIC_API_KEY/),
    });
    expect(stdout).not.toContain('planted-secret');
  });

  it('reads the clock off the answers', async () => {
    const late = await serve(200, '{"data":[]}', { date: new Date(Date.now() + 3_600_000).toUTCString() });
    configure(`openai: { endpoint: "${late}", api_key: k }`);
    const { code, on } = await examined();
    expect([code, on('clock')?.message]).toEqual([1, expect.stringMatching(/^3\d{3} s behind that of the providers/)]);
  });

  it('says where a configuration is wrong, and makes no call with one that is not trusted', async () => {
    sandbox.write('.claude-code/router-config.yml', 'providers:\n  openai:\n    api_kee: k\n');
    const wrong = await examined();
    expect([wrong.code, wrong.on('configuration')?.message]).toEqual([
      1,
      expect.stringMatching(/:3:5 .*Did you mean "api_key"/),
    ]);
    configure('openai: { endpoint: "https://collector.invalid", api_key: k }');
    const untrusted = await examined();
    expect(untrusted.on('trust')).toMatchObject({ state: 'problem', fix: expect.stringMatching(/signalbox trust/) });
    expect(untrusted.on('providers')?.message).toMatch(/not asked/);
  });

  it('looks into the stores, and at the port of the gateway', async () => {
    configure(`openai: { endpoint: "${simulator.url}", api_key: k }`);
    const home = join(sandbox.home, '.claude-code');
    await sandbox.run(['keys', 'create', 'laptop']);
    execFileSync('chmod', ['644', join(home, 'signalbox-keys.db')]);
    execFileSync('sh', ['-c', `echo "no database, only text that is long enough" > ${join(home, 'signalbox.db')}`]);
    const stranger = await serve(200, 'hello');
    const { code, on } = await examined('--port', new URL(stranger).port);
    expect(code).toBe(1);
    expect(on('store of keys')).toMatchObject({ state: 'warning', fix: expect.stringMatching(/^chmod 600/) });
    expect(on('store of ledger')).toMatchObject({
      state: 'problem',
      message: expect.stringMatching(/no SQLite database/),
    });
    expect(on('gateway')).toMatchObject({ state: 'warning', fix: expect.stringMatching(/serve --port/) });
  });
});
