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

const sent = () => simulator.requests.map((request) => [request.path, (request.body as { model?: string }).model]);

describe('a server of one’s own', () => {
  it.each([
    ['openai-compatible', '/v1/chat/completions'],
    ['anthropic-compatible', '/v1/messages'],
    ['vllm', '/v1/chat/completions'],
    ['mistral', '/v1/chat/completions'],
  ])('of type %s is called at its endpoint, with models of any name', async (type, path) => {
    sandbox.write(
      '.claude-code/router-config.yml',
      `providers:\n  lab: { type: ${type}, endpoint: "${simulator.url}", models: [any-name] }\n`,
    );
    const { code, stdout, stderr } = await sandbox.run(['[[simulate: text="From the lab."]] Hello']);
    expect([code, stdout]).toEqual([0, 'From the lab.\n']);
    expect(stderr).toMatch(/→ lab\/any-name/);
    expect(sent()).toEqual([[path, 'any-name']]);
  });

  it('of type gemini-compatible, too', async () => {
    sandbox.write(
      '.claude-code/router-config.yml',
      `providers:\n  lab: { type: gemini-compatible, endpoint: "${simulator.url}", models: [any-name] }\n`,
    );
    const { code, stdout } = await sandbox.run(['[[simulate: text="From the lab."]] Hello']);
    expect([code, stdout]).toEqual([0, 'From the lab.\n']);
    expect(simulator.requests[0]?.path).toMatch(/^\/v1beta\/models\/any-name:/);
  });

  it('is a mistake without a type, and with one that is misspelt', async () => {
    const run = (block: string) => {
      sandbox.write('.claude-code/router-config.yml', `providers:\n  lab: ${block}\n`);
      return sandbox.run(['Hello']);
    };
    const nameless = await run('{ endpoint: "http://localhost:1" }');
    expect(nameless.code).not.toBe(0);
    expect(nameless.stderr).toMatch(/unknown provider "lab": a server of your own needs a type/);
    const misspelt = await run('{ endpoint: "http://localhost:1", type: mistrel }');
    expect(misspelt.stderr).toMatch(/unknown type of provider "mistrel"\. Did you mean "mistral"\?/);
  });
});

describe('trust', () => {
  it('a preset’s own host needs none, another one does', async () => {
    const file = (endpoint: string) =>
      sandbox.write(
        '.claude-code/router-config.yml',
        `providers:\n  paris: { type: mistral, api_key: k, endpoint: "${endpoint}" }\n`,
      );
    file('https://api.mistral.ai/v1');
    expect((await sandbox.run(['trust'])).stderr).toMatch(/Nothing here needs trust/);
    file('https://mistral.invalid/v1');
    const { code, stderr } = await sandbox.run(['Hello']);
    expect(code).not.toBe(0);
    expect(stderr).toMatch(/not trusted.*sends requests and keys of "paris" to mistral\.invalid/);
  });
});

describe('the local block of the specification', () => {
  it('is Ollama at its endpoint, as the only providers of a JSON file', async () => {
    const models = { codellama: 'codellama:13b', mistral: 'mistral:7b' };
    const local = { endpoint: simulator.url, models, default: 'codellama' };
    sandbox.write('.claude-code/router-config.json', JSON.stringify({ local }));
    const { code, stdout } = await sandbox.run(['--provider', 'local', '[[simulate: text="Here."]] Hello']);
    expect([code, stdout]).toEqual([0, 'Here.\n']);
    expect(sent()).toEqual([['/api/chat', 'codellama:13b']]);
  });
});

describe('a preset', () => {
  it('works by its name and key alone; its models are known', async () => {
    sandbox.write('.claude-code/router-config.yml', 'providers:\n  mistral: { api_key: k }\n');
    const check = await sandbox.run(['config', 'validate']);
    expect(check.code).toBe(0);
    const { stdout } = await sandbox.run(['models', 'mistral-large-latest']);
    expect(stdout).toMatch(/mistral-large-latest\s+mistral/);
  });

  it('without an address of its own asks for one', async () => {
    sandbox.write('.claude-code/router-config.yml', 'providers:\n  azure: { api_key: k, models: [gpt] }\n');
    const { code, stderr } = await sandbox.run(['Hello']);
    expect(code).not.toBe(0);
    expect(stderr).toMatch(/providers\.azure needs an endpoint: Azure OpenAI has no address of its own/);
    expect(stderr).not.toMatch(/\n\s+at /);
  });
});
