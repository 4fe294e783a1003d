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

const configure = (hooks: string) =>
  sandbox.write(
    '.claude-code/router-config.yml',
    `providers:\n  openai: { endpoint: "${simulator.url}", api_key: k, models: [gpt-4o-mini] }\nhooks: ${hooks}\n`,
  );
const asked = () => JSON.stringify(simulator.requests.map(({ body }) => body));

describe('hooks in the configuration', () => {
  it('take out what is named, once the file is trusted', async () => {
    configure('{ redact: [email], patterns: { project: "PRJ-[0-9]+" } }');
    const refused = await sandbox.run(['mail ada@example.com']);
    expect([refused.code, refused.stderr]).toEqual([
      2,
      expect.stringMatching(/is not trusted, and its hooks\.\w+ decides what is taken out of requests and answers/),
    ]);
    const trusted = await sandbox.run(['trust']);
    // Two keys do it; it is said once.
    expect([trusted.code, trusted.stdout.match(/decides what is taken out/g)]).toEqual([
      0,
      ['decides what is taken out'],
    ]);
    simulator.script([{ behave: { text: 'I wrote to bob@example.com about PRJ-17.' } }]);
    const { code, stdout } = await sandbox.run(['mail ada@example.com about PRJ-16']);
    expect([code, stdout]).toEqual([0, 'I wrote to [redacted:email] about [redacted:project].\n']);
    expect(asked()).toContain('mail [redacted:email] about [redacted:project]');
    expect(asked()).not.toMatch(/ada@|PRJ-16/);
  });

  it('of a module run as they were trusted; one that is changed or missing stops everything', async () => {
    configure('{ module: guard.js }');
    await sandbox.run(['trust', '.claude-code/router-config.yml']);
    expect((await sandbox.run(['hi'])).stderr).toMatch(/hooks\.module: .*guard\.js can't be read \(ENOENT\)/);
    sandbox.write('.claude-code/guard.js', 'exports.onText = (text) => text.toUpperCase();');
    await sandbox.run(['trust']);
    simulator.script([{ behave: { text: 'Good.' } }]);
    expect((await sandbox.run(['hi'])).stdout).toBe('GOOD.\n');
    sandbox.write(
      '.claude-code/guard.js',
      'exports.onRequest = (_, { caller }) => ({ refuse: `You are ${caller.user}.` });',
    );
    await sandbox.run(['trust']);
    const { user } = JSON.parse(
      (await sandbox.run(['costs', 'export', '--format', 'jsonl'])).stdout.split('\n')[0] ?? '',
    );
    expect((await sandbox.run(['hi'])).stderr).toContain(`You are ${user}.`);
    sandbox.write('.claude-code/guard.js', 'exports.onText = (text) => text;');
    const changed = await sandbox.run(['hi']);
    expect([changed.code, changed.stderr]).toEqual([2, expect.stringMatching(/guard\.js is not trusted/)]);
  });
});
