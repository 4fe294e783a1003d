import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '../../packages/simulator/src/index.ts';
import { simulatedVendors } from '../simulated-vendors.ts';
import { examplesFolder, runExample } from './run-example.ts';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.close());

const run = (name: string, ...words: readonly string[]) => runExample(name, simulatedVendors(simulator.url), ...words);

describe('minimal', () => {
  it('prints the answer as it comes, and who gave it', async () => {
    const { code, output } = await run('minimal', '[[simulate: text=hello]]');
    expect(output).toBe('hello\n→ anthropic/claude-sonnet-4-5\n');
    expect(code).toBe(0);
  });
});

describe('custom-strategy', () => {
  it('keeps what is private on this machine, and sends the rest to whom it fits', async () => {
    const { code, output } = await run('custom-strategy');
    const [, open = '', , secret = ''] = output.split('\n');
    expect(open).toMatch(/^→ anthropic\//);
    expect(secret).toMatch(/^→ local\/.+\(a private word is in the prompt; .+\), [1-9]\d* left out$/);
    expect(code).toBe(0);
  });
});

describe('custom-provider', () => {
  it('is called in its own spelling and priced by its own list', async () => {
    const { code, output } = await run('custom-provider', '[[simulate: text=hello]]');
    expect(output).toMatch(/^hello\n→ acme\/acme-large · \$0\.\d+\n$/);
    expect(code).toBe(0);
    const sent = simulator.requests.findLast(({ path }) => path.startsWith('/openai'));
    expect(sent?.body).toMatchObject({ model: 'acme-large', max_completion_tokens: 200 });
  });
});

describe('tenant-budgets', () => {
  it('refuses who has spent his own money, and nobody else', async () => {
    const { code, output } = await run(
      'tenant-budgets',
      '[[simulate: outputTokens=900; text=Because]] Why is the sky blue?',
    );
    expect(code, output).toBe(0);
    expect(output).toContain('! daily budget of user acme: 80 % is spent');
    // Not which turn it is: midnight may come between two of them.
    expect(output).toMatch(/^acme 1: Because$/m);
    expect(output).toMatch(/^acme [345]: refused: .+daily budget of user acme of \$0\.010 has \$0\.\d+ left/m);
    expect(output.match(/^globex \d: Because$/gm)).toHaveLength(5);
    expect(output).toMatch(/^stranger: refused: .+daily budget of user initech of \$0\.00 is used up/m);
    const [, spent = ''] = output.match(/^daily budget of user acme: \$([\d.]+) of \$0\.010$/m) ?? [];
    expect(Number(spent)).toBeGreaterThan(0);
    expect(Number(spent)).toBeLessThanOrEqual(0.01);
  });
});

describe('cost-optimization', () => {
  const readme = readFileSync(`${examplesFolder}cost-optimization/README.md`, 'utf8');
  const home = mkdtempSync(join(tmpdir(), 'signalbox-example-'));
  afterAll(() => rmSync(home, { recursive: true }));
  const signalbox = fileURLToPath(new URL('../../apps/cli/src/cli.ts', import.meta.url));

  it('compares what a day costs, as its README shows', async () => {
    const { code, output } = await runExample('cost-optimization', { HOME: home });
    expect(code, output).toBe(0);
    expect(readme, 'run npm run example -- cost-optimization, and put what it prints into the README').toContain(
      output,
    );
  });

  it('estimates a task for three models, as its README shows', () => {
    const words = ['costs', 'estimate', 'prompts/review.txt', '--output-tokens', '1000'];
    const { status, stdout } = spawnSync(process.execPath, ['--conditions=@signalbox/source', signalbox, ...words], {
      cwd: `${examplesFolder}cost-optimization`,
      env: { PATH: process.env.PATH ?? '', HOME: home, USERPROFILE: home },
      encoding: 'utf8',
    });
    expect(status).toBe(0);
    expect(readme).toContain(`$ signalbox ${words.join(' ')}\n${stdout}`);
  });
});
