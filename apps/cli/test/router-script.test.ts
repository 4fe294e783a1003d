import { readFileSync } from 'node:fs';
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

const configure = () =>
  sandbox.write(
    '.claude-code/router-config.yml',
    `providers:
  anthropic: { endpoint: "${simulator.url}/anthropic", api_key: k, models: [claude-opus-4-5, claude-sonnet-4-5, claude-haiku-4-5] }
  openai: { endpoint: "${simulator.url}/openai/v1", api_key: k, models: [gpt-4] }
`,
  );
/** The specification's script, letter by letter. */
const SEED = readFileSync(join(import.meta.dirname, '../../../packages/setup/test/router-script.seed.txt'), 'utf8');

describe('.claude-code/router.js', () => {
  it('is not run before it is trusted, nor after it has changed; both are said', async () => {
    configure();
    sandbox.write('.claude-code/router.js', SEED);
    const before = await sandbox.run(['make some json']);
    expect(before.code).toBe(0);
    expect(before.stderr).toMatch(
      /warning: .*router\.js is not trusted, so it is not asked; read it, then run "signalbox trust" here\./,
    );
    const trusted = await sandbox.run(['trust']);
    expect(trusted.stdout).toMatch(/trusted as it is now: .*router\.js\n {2}runs its code to choose models/);
    const after = await sandbox.run(['make some json']);
    expect(after.stderr).toMatch(/→ openai\/gpt-4 \(router_js: router\.js chose gpt-4\)/);
    sandbox.write('.claude-code/router.js', `${SEED}\n// changed`);
    expect((await sandbox.run(['make some json'])).stderr).toContain('is not trusted');
  });

  it("of the user's home is asked without trust, prints to stderr, and can be tried without a call", async () => {
    configure();
    sandbox.write('../home/.claude-code/router.js', `console.log('thinking');\n${SEED}`);
    const { code, stdout, stderr } = await sandbox.run(['config', 'test-router', 'a schema, please']);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^script {4}.*router\.js\nwinner {4}openai\/gpt-4\nbecause {3}router_js: router\.js chose gpt-4\n$/,
    );
    expect(stderr).toContain('thinking');
    expect(simulator.requests).toEqual([]);
    const shown = await sandbox.run(['explain', 'hello there']);
    expect(shown.stdout).toMatch(/^winner {4}anthropic\/claude-haiku-4-5$/m);
  });

  it('that fails leaves the choice to the strategy, and test-router says so with exit code 1', async () => {
    configure();
    sandbox.write(
      '../home/.claude-code/router.js',
      "module.exports = { selectModel() { throw new Error('no idea') } };",
    );
    const { code, stdout } = await sandbox.run(['config', 'test-router', 'hi']);
    expect(code).toBe(1);
    expect(stdout).toContain('router.js was passed over: no idea');
    expect((await sandbox.run(['hi'])).code).toBe(0);
    expect((await sandbox.run(['--model', 'gpt-4', 'hi'])).stderr).not.toContain('router.js');
  });

  it('in TypeScript that fails is told of in the same way', async () => {
    configure();
    sandbox.write('../home/.claude-code/router.ts', 'export const selectModel = (): number => 7;');
    const { code, stdout } = await sandbox.run(['config', 'test-router', '--json', 'hi']);
    expect([code, JSON.parse(stdout)]).toMatchObject([1, { passedOver: true, winner: expect.any(String) }]);
  });

  it('that is not trusted is not tried, and it is not said that there is none', async () => {
    configure();
    const file = sandbox.write('.claude-code/router.js', "exports.selectModel = () => 'gpt-4';");
    const { code, stderr } = await sandbox.run(['config', 'test-router', 'hi']);
    expect([code, stderr]).toEqual([
      2,
      `signalbox: ${file} is not trusted, so it is not asked: read it, then run "signalbox trust" here.\n`,
    ]);
  });

  it('that is not there can not be tried', async () => {
    const { code, stderr } = await sandbox.run(['config', 'test-router', 'hi']);
    expect([code, stderr]).toEqual([
      2,
      'signalbox: There is no .claude-code/router.js to ask: write one in the project (and trust it) or in your home.\n',
    ]);
  });
});

describe('signalbox config init', () => {
  it('writes a configuration that is valid, for the keys at hand, and overwrites nothing', async () => {
    const env = { OPENAI_API_KEY: 'sk-not-written' };
    const { code, stdout } = await sandbox.run(['config', 'init'], { env });
    expect(code).toBe(0);
    const file = stdout.replace(/^Wrote (.*)\.\n$/, '$1');
    const text = readFileSync(file, 'utf8');
    expect(text).toContain('openai:\n    api_key: ${OPENAI_API_KEY}');
    expect(text).not.toMatch(/anthropic:|sk-not-written/);
    const valid = await sandbox.run(['config', 'validate'], { env });
    expect([valid.code, valid.stderr]).toEqual([0, '']);
    const again = await sandbox.run(['config', 'init'], { env });
    expect([again.code, again.stderr]).toEqual([
      2,
      expect.stringContaining('is there already, and init overwrites nothing'),
    ]);
  });
});
