import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '../../packages/simulator/src/index.ts';
import { runExample, simulatedVendors } from './run-example.ts';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.close());

const run = (name: string, ...words: readonly string[]) => runExample(name, simulatedVendors(simulator), ...words);

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
    const { code, output } = await run('tenant-budgets', '[[simulate: outputTokens=900]] Why?');
    expect(code, output).toBe(0);
    expect(output).toContain('acme');
  });
});
