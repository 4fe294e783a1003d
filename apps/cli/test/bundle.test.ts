import { readdirSync } from 'node:fs';
import { type Simulator, startSimulator } from '@signalbox/simulator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import manifest from '../package.json' with { type: 'json' };
import { type BuiltProgram, buildProgram } from './built-program.ts';
import { createSandbox, type Sandbox } from './run-cli.ts';

let built: BuiltProgram;
let sandbox: Sandbox;
let simulator: Simulator;
beforeAll(async () => {
  built = buildProgram();
  sandbox = createSandbox(built.command);
  simulator = await startSimulator();
});
afterAll(async () => {
  await simulator?.close();
  sandbox?.remove();
  built?.remove();
});

describe('the published bundle', () => {
  it('prints its version', async () => {
    expect(await sandbox.run(['--version'])).toEqual({ code: 0, stdout: `${manifest.version}\n`, stderr: '' });
  });

  it('answers simulated without a key, with no package installed beside it', async () => {
    expect(readdirSync(built.folder).sort()).toEqual(['dist', 'package.json']);
    const { code, stdout, stderr } = await sandbox.run(['What is the capital of Portugal?']);
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/simulated/);
    expect(stderr).toMatch(/→ anthropic\/claude-haiku/);
  });

  it('calls a provider over HTTP with a configuration', async () => {
    sandbox.write(
      '.claude-code/router-config.yml',
      `providers:\n  openai: { endpoint: "${simulator.url}", api_key: k, models: [gpt-4-turbo] }\n`,
    );
    const { stdout, stderr } = await sandbox.run(['--json', 'hello']);
    expect(JSON.parse(stdout), stderr).toMatchObject({ provider: 'openai', attempts: [{ lane: 'canonical' }] });
    expect(simulator.requests).toHaveLength(1);
  });

  it('has what --schema, --parallel and --compare load when they are needed', async () => {
    sandbox.write(
      '.claude-code/router-config.yml',
      `providers:\n  openai: { endpoint: "${simulator.url}", api_key: k, models: [gpt-4o, gpt-4-turbo] }\n`,
    );
    sandbox.write('schema.json', '{"type":"object","properties":{"name":{"type":"string"}},"required":["name"]}');
    sandbox.write('src/a.py', 'a = 1');
    const schema = await sandbox.run(['--schema', 'schema.json', 'Name it']);
    expect(JSON.parse(schema.stdout), schema.stderr).toEqual({ name: expect.any(String) });
    const parallel = await sandbox.run(['--parallel', 'Review all Python files in src/']);
    expect(parallel.stdout, parallel.stderr).toMatch(/^==> src\/a\.py <==\n/);
    const compared = await sandbox.run(['--compare', 'openai.gpt-4-turbo,openai.gpt-4o', 'hello']);
    expect(compared.stdout, compared.stderr).toMatch(/2\. +openai\/gpt-4o /);
  });

  it('says one sentence about a bad configuration', async () => {
    sandbox.write('bad.yml', 'providers:\n  openai:\n    api_kee: k\n');
    const { code, stderr } = await sandbox.run(['--config', 'bad.yml', 'hi']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/bad\.yml:3:5 .*api_kee.*Did you mean "api_key"/s);
    expect(stderr).not.toMatch(/^\s+at /m);
  });
});
