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
  sandbox.write(
    '.claude-code/router-config.yml',
    `providers:
  anthropic: { endpoint: "${simulator.url}/anthropic", api_key: k, models: [claude-opus-4-5, claude-sonnet-4-5, claude-haiku-4-5] }
  openai: { endpoint: "${simulator.url}/openai/v1", api_key: k, models: [gpt-4-turbo, gpt-3.5-turbo] }
`,
  );
});
afterEach(() => sandbox.remove());

describe('signalbox explain', () => {
  it('shows the task, each candidate with its figures, and the winner, and asks nobody', async () => {
    const { code, stdout, stderr } = await sandbox.run(['explain', 'Implement a new feature with tests']);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^task {6}code_generation, medium complexity, difficulty 0\.\d\d$/m);
    expect(stdout).toMatch(/^needs {5}about \d+ tokens in, about 900 out$/m);
    expect(stdout).toMatch(/^strategy {2}best_for_task: /m);
    expect(stdout).toMatch(/^winner {4}anthropic\/claude-sonnet-4-5$/m);
    expect(stdout).toMatch(/candidate +score +quality +preference +cost +latency +predicted +time/);
    expect(stdout).toMatch(/1\. +anthropic\/claude-sonnet-4-5( +-?\d\.\d\d){5} +\$0\.014 +\d+\.\d s/);
    expect(stdout).toMatch(
      /^strategy {2}best_for_task: the highest score, 0\.\d\d ahead of anthropic\/claude-opus-4-5 \(cheaper 0\.\d\d/m,
    );
    expect(stdout).toMatch(/^score {5}quality \(how good an answer should be, 0 to 1\) \+ preference \(/m);
    expect(simulator.requests).toEqual([]);
  });

  it('says by name of the strategy who is asked where no model is named', async () => {
    const first = await sandbox.run(['explain', '--strategy', 'manual', 'hi']);
    expect(first.stdout).toMatch(/^strategy {2}manual: the first model configured, as no model is named/m);
    sandbox.write(
      'named.yml',
      'router: { default_model: gpt-4-turbo }\nproviders: { anthropic: { api_key: k }, openai: { api_key: k } }\n',
    );
    const named = await sandbox.run(['explain', '--config', 'named.yml', '--strategy', 'manual', 'hi']);
    expect(named.stdout).toMatch(/^strategy {2}manual: router\.default_model, .*\nwinner {4}openai\/gpt-4-turbo$/m);
  });

  it.each([
    [
      'routing: { strategy: cheapest }',
      {},
      /^signalbox: odd\.yml:1:22 routing\.strategy: unknown strategy "cheapest"; there are manual,/,
    ],
    [
      'models: { quick: { strategy: cheapest } }',
      {},
      /^signalbox: odd\.yml:1:18 models\.quick: unknown strategy "cheapest"/,
    ],
    [
      '',
      { CLAUDE_CODE_ROUTER_STRATEGY: 'cheapest' },
      /^signalbox: environment CLAUDE_CODE_ROUTER_STRATEGY: unknown strategy "cheap/,
    ],
  ])('refuses a strategy that there is not, before any request asks for it: %s %j', async (yaml, env, sentence) => {
    sandbox.write('odd.yml', `${yaml}\n`);
    const { code, stderr } = await sandbox.run(['config', 'validate', '--config', 'odd.yml'], { env });
    expect([code, stderr]).toEqual([2, expect.stringMatching(sentence)]);
  });

  it('says that no rule holds', async () => {
    const { stdout } = await sandbox.run(['explain', '--strategy', 'custom_rules', 'hi']);
    expect(stdout).toMatch(/^strategy {2}custom_rules: no rule holds; the highest score, /m);
  });

  it('says who is out and why, and takes the same flags as a prompt', async () => {
    sandbox.write('pixel.png', 'not looked at here');
    const image = await sandbox.run(['--explain', '--image', 'pixel.png', 'What is this?']);
    expect(image.stdout).toMatch(/removed:\n {2}openai\/gpt-3\.5-turbo: has no vision/);
    const cheap = await sandbox.run(['explain', '--strategy', 'cost-optimized', 'Fix typo in README']);
    expect(cheap.stdout).toMatch(/^strategy {2}cost_optimized: the cheapest of 5 that are good enough/m);
    expect(cheap.stdout).toMatch(/expected quality \d\.\d\d/);
    const exact = await sandbox.run(['explain', '--model', 'gpt-4-turbo', 'hi']);
    expect(exact.stdout).toMatch(/^winner {4}openai\/gpt-4-turbo$/m);
    expect(simulator.requests).toEqual([]);
  });

  it('prints the whole decision with --json', async () => {
    const { stdout } = await sandbox.run(['explain', '--json'], { input: 'Design a distributed queue' });
    expect(JSON.parse(stdout)).toMatchObject({
      winner: 'anthropic/claude-opus-4-5',
      task: { type: 'complex_reasoning', complexity: 'high' },
      order: [
        {
          candidate: 'anthropic/claude-opus-4-5',
          scoreParts: { quality: expect.any(Number), cost: expect.any(Number) },
          predictedCost: expect.any(Number),
          latencyMs: expect.any(Number),
        },
        {},
        {},
        {},
        {},
      ],
      removed: [],
    });
  });

  it('exits with 1 where nobody is left, and says why', async () => {
    const prompt = 'Design a distributed system';
    sandbox.write('.claude-code/router-config.yml', 'routing: { optimization: { max_cost: 0.0000001 } }\n');
    const { code, stdout } = await sandbox.run(['explain', prompt], { env: { ANTHROPIC_API_KEY: 'k' } });
    expect(code).toBe(1);
    expect(stdout).toMatch(/^winner {4}nobody$/m);
    expect(stdout).toMatch(/anthropic\/claude-opus-\S+: it may cost \$\S+, more than the \$\S+ that a request may/);
  });
});

describe('a limit of one request', () => {
  const block = readFileSync(
    join(import.meta.dirname, '../../../packages/config/test/seed-blocks/13-cost-conscious-development.yml.txt'),
    'utf8',
  );
  const asked = (prompt: string) => ['--no-stream', prompt];

  it('caps the answer of whom a rule names, and whom it explains is whom it asks', async () => {
    const file = '.claude-code/router-config.yml';
    sandbox.write(file, `${readFileSync(join(sandbox.project, file), 'utf8')}${block}`);
    const prompt = 'Design distributed system architecture';
    const { stdout } = await sandbox.run(['explain', prompt]);
    expect(stdout).toMatch(/^winner {4}anthropic\/claude-opus-4-5$/m);
    await sandbox.run(asked(prompt));
    // $25 a million: $0.10 pays for no more than 4,000 tokens.
    expect(simulator.requests.map(({ body }) => body)).toMatchObject([{ model: 'claude-opus-4-5' }]);
    const [sent] = simulator.requests.map(({ body }) => body as unknown as { max_tokens: number });
    expect(sent?.max_tokens).toBeLessThan(4_000);
  });

  it('takes out of a free choice who is predicted to cost more', async () => {
    const file = '.claude-code/router-config.yml';
    sandbox.write(file, `${readFileSync(join(sandbox.project, file), 'utf8')}budget: { per_request: 0.04 }\n`);
    const { stdout } = await sandbox.run(['explain', '--json', 'Design distributed system architecture']);
    const { winner, removed } = JSON.parse(stdout) as {
      winner: string;
      removed: { candidate: string; reason: string }[];
    };
    expect(winner).toBe('anthropic/claude-sonnet-4-5');
    expect(removed.find(({ candidate }) => candidate === 'anthropic/claude-opus-4-5')?.reason).toMatch(
      /^would cost about /,
    );
  });
});

describe('--mode', () => {
  const block = readFileSync(
    join(import.meta.dirname, '../../../packages/config/test/seed-blocks/21-quality-vs-speed-trade-offs.yml.txt'),
    'utf8',
  );
  beforeEach(() => {
    sandbox.write(
      '.claude-code/router-config.yml',
      `providers:\n  openai: { endpoint: "${simulator.url}/openai/v1", api_key: k, models: [gpt-4-turbo] }\n${block
        .replace('model: claude-opus-4', 'model: gpt-4-turbo')
        .replace('model: claude-haiku-4', 'model: gpt-3.5-turbo')}`,
    );
  });

  it("takes the mode's model and sampling; a flag of its own comes before them", async () => {
    await sandbox.run(['--mode', 'quality', 'hi']);
    await sandbox.run(['--mode', 'speed', '--temperature', '0', 'hi']);
    expect(simulator.requests.map(({ body }) => body)).toMatchObject([
      { model: 'gpt-4-turbo', temperature: 0.3, top_p: 0.9 },
      { model: 'gpt-3.5-turbo', temperature: 0, top_p: 1 },
    ]);
  });

  it('is named as the one who chose, with the switched-off router as with the mode', async () => {
    const { stdout } = await sandbox.run(['explain', '--mode', 'quality', 'hi']);
    expect(stdout).toMatch(/^strategy {2}manual: quality_mode names the model\nwinner {4}openai\/gpt-4-turbo$/m);
    sandbox.write(
      'off.yml',
      'router: { enabled: false, default_model: gpt-4-turbo }\nproviders: { openai: { api_key: k } }\n',
    );
    const off = await sandbox.run(['explain', '--config', 'off.yml', 'hi']);
    expect(off.stdout).toMatch(/^strategy {2}manual: router\.default_model, as the router is switched off$/m);
  });

  it('that is not configured is answered with the ones that are', async () => {
    const { code, stderr } = await sandbox.run(['--mode', 'thrifty', 'hi']);
    expect(code).toBe(2);
    expect(stderr).toBe(
      'signalbox: There is no thrifty_mode in the configuration; there are quality, balanced, speed.\n',
    );
  });
});

describe('an option before a command', () => {
  it('is meant for the command', async () => {
    const { stdout } = await sandbox.run(['--strategy', 'cost-optimized', '--json', 'explain', 'Fix typo in README']);
    expect(JSON.parse(stdout)).toMatchObject({ strategy: 'cost_optimized' });
    sandbox.write('other.yml', 'budget: { daily: 7 }');
    const nested = await sandbox.run(['-c', 'other.yml', 'costs', 'show', '--json']);
    expect(JSON.parse(nested.stdout)).toMatchObject({ budget: { limitUsd: 7 } });
  });

  it('gives way to the same behind it', async () => {
    const { stdout } = await sandbox.run(['--model', 'gpt-4-turbo', 'explain', '--model', 'gpt-3.5-turbo', 'hi']);
    expect(stdout).toMatch(/^winner {4}openai\/gpt-3\.5-turbo$/m);
  });

  it('that the command does not have is refused, and not left out in silence', async () => {
    const { code, stderr } = await sandbox.run(['--model', 'gpt-4-turbo', 'costs', 'show']);
    expect(code).toBe(2);
    expect(stderr).toBe(
      'signalbox: --model stands before "costs show", which has no such option. See signalbox costs show --help.\n',
    );
  });
});

describe('round_robin', () => {
  it('goes on from one program to the next, with the turns of the configuration', async () => {
    const names: string[] = [];
    sandbox.write(
      'turns.yml',
      `providers:
  anthropic: { endpoint: "${simulator.url}/anthropic", api_key: k, models: [claude-haiku-4-5] }
  openai: { endpoint: "${simulator.url}/openai/v1", api_key: k, models: [gpt-3.5-turbo] }
routing: { strategy: round_robin, providers: { anthropic: 2, openai: 1 } }
`,
    );
    for (let turn = 0; turn < 6; turn += 1) {
      const { stdout } = await sandbox.run(['-c', 'turns.yml', '--json', 'hello']);
      names.push(JSON.parse(stdout).provider);
    }
    expect(names).toEqual(['anthropic', 'openai', 'anthropic', 'anthropic', 'openai', 'anthropic']);
    const explained = await sandbox.run(['-c', 'turns.yml', 'explain', 'hello']);
    expect(explained.stdout).toMatch(/the turn of anthropic/);
  });
});
