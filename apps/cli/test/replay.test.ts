import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseConfiguration } from '@signalbox/config';
import { setupRouter } from '@signalbox/setup';
import { startSimulator } from '@signalbox/simulator';
import { createSqliteLedger } from '@signalbox/store-sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bundledProviders, providerTypes } from '../src/configuration/bundled-providers.ts';
import { createSandbox, type Sandbox } from './run-cli.ts';

let sandbox: Sandbox;
let simulator: Awaited<ReturnType<typeof startSimulator>>;
beforeEach(async () => {
  sandbox = createSandbox();
  simulator = await startSimulator();
});
afterEach(async () => {
  await simulator.close();
  sandbox.remove();
});

const PROMPTS = [
  'Fix the typo in README',
  'Design a distributed payment system with exactly-once semantics',
  'Return JSON with name and age',
  'Write a function that parses CSV, with tests',
];

const configure = (strategy: string, path = '.claude-code/router-config.yml') =>
  sandbox.write(
    path,
    `routing: { strategy: ${strategy} }
providers:
  anthropic: { endpoint: "${simulator.url}", api_key: k }
  openai: { endpoint: "${simulator.url}/v1", api_key: k }
`,
  );

/** Requests as they are: over sockets, to an endpoint that is taken for a real one. */
async function ask(strategy: string, prompts: readonly string[] = PROMPTS, model?: string): Promise<void> {
  const file = configure(strategy);
  const { configuration } = parseConfiguration(readFileSync(file, 'utf8'), { file, env: {} });
  const ledger = openLedger();
  const definitions = { ...bundledProviders };
  const { router, close } = await setupRouter({ configuration, env: {}, definitions, types: providerTypes, ledger });
  for (const text of prompts) {
    await router.generate({ model, system: [], messages: [{ role: 'user', parts: [{ type: 'text', text }] }] });
  }
  await close();
  ledger.close();
}

const openLedger = () => createSqliteLedger({ file: join(sandbox.home, '.claude-code', 'signalbox.db') });

async function replay(...words: string[]) {
  const { code, stdout, stderr } = await sandbox.run(['replay', ...words, '--json']);
  expect([code, stderr]).toEqual([0, '']);
  return JSON.parse(stdout);
}

describe('replay', () => {
  it('under the very same policy changes nothing; under another one says what, by kind of task', async () => {
    await ask('best_for_task');
    const same = await replay();
    expect(same.total).toMatchObject({ requests: 4, changed: 0, cost: { difference: 0, unknown: 0 } });
    expect(same.total.quality.difference).toBe(0);
    expect(same.total.latencyMs.difference).toBe(0);
    // What was booked is what the replay begins with.
    const shown = JSON.parse((await sandbox.run(['costs', 'show', '--json'])).stdout);
    expect(same.total.cost.before).toBe(shown.total.nanoUsd);

    const calls = simulator.requests.length;
    const cheaper = await replay('--strategy', 'cost_optimized');
    expect(cheaper.policy).toBe('cost_optimized');
    expect(cheaper.total.changed).toBeGreaterThan(0);
    expect(cheaper.total.cost.after).toBeLessThan(cheaper.total.cost.before);
    expect(cheaper.tasks.length).toBeGreaterThan(1);
    expect(simulator.requests.length).toBe(calls);

    const other = configure('cost_optimized', 'cheaper.yml');
    expect((await replay('--config', other)).total.cost).toEqual(cheaper.total.cost);
    const { stdout } = await sandbox.run(['replay', '--strategy', 'cost_optimized']);
    expect(stdout).toContain('4 requests since 7d, decided again by cost_optimized:');
    expect(stdout).toMatch(/^total {2,}4 /m);
    expect(stdout).toContain('In whose place');
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it('leaves out, and counts, what was not routed; and takes the newest, and one user’s, where it is asked to', async () => {
    await ask('best_for_task', PROMPTS.slice(0, 2));
    await ask('best_for_task', ['hello'], 'claude-haiku-4-5');
    const all = await replay();
    expect([all.total.requests, all.leftOut.withoutProfile]).toEqual([2, 1]);
    const newest = await replay('--limit', '1');
    expect([newest.total.requests, newest.leftOut.beyondLimit]).toEqual([1, 1]);
    const { code, stderr } = await sandbox.run(['replay', '--user', 'nobody-here']);
    expect([code, stderr]).toEqual([
      2,
      'signalbox: Since 7d no request of nobody-here can be decided again: nothing was booked; name a longer time, such as --since 30d.\n',
    ]);
  });

  it('counts what was on the caller’s own bill as free before', async () => {
    await ask('best_for_task', PROMPTS.slice(0, 1));
    const ledger = openLedger();
    const [row] = ledger.rows();
    const decision = ledger.decision(row?.decision ?? '');
    if (row === undefined || decision === undefined) throw new Error('nothing was booked');
    ledger.append({
      decision: { ...decision, id: 'on-their-bill' },
      attempt: {
        candidate: row.candidate,
        provider: row.provider,
        model: row.model,
        cause: 'first',
        startedAt: row.startedAt,
        durationMs: 1_000,
        outcome: 'success',
        lane: 'bytes',
        simulated: false,
        usage: { inputTokens: 1_000, outputTokens: 1_000, provenance: 'reported' },
        cost: { nanoUsd: 0, provenance: 'counted' },
        notes: [],
      },
      caller: { tenant: 'local' },
    });
    ledger.close();
    const { included, total } = await replay();
    expect([included, total.requests]).toEqual([1, 2]);
    expect(total.cost.difference).toBeGreaterThan(0);
  });

  it.each([
    [['--strategy', 'nosuch'], 'The strategy "nosuch" is not available'],
    [['--strategy', 'manual'], 'manual chooses nothing by itself'],
    [['--model', 'nosuch'], 'The model "nosuch" is unknown'],
    [['--model', 'claude-haiku-4-5', '--strategy', 'cost_optimized'], '--strategy and --model say different things'],
    [['--since', 'yesterday'], '"yesterday" is no moment'],
    [['--config', 'nowhere.yml'], "can't be read"],
    [['--limit', 'some'], 'It must be a whole number above 0.'],
  ])('%j is wrong usage, in a sentence', async (words, sentence) => {
    await ask('best_for_task', ['hello']);
    const { code, stderr } = await sandbox.run(['replay', ...words]);
    expect([code, stderr]).toEqual([2, expect.stringContaining(sentence)]);
  });

  it('says in a sentence that nothing has been booked yet', async () => {
    const { code, stderr } = await sandbox.run(['replay']);
    expect([code, stderr]).toEqual([0, 'Nothing has been booked yet: send a prompt, then look again.\n']);
  });
});
