import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createProgram } from '../src/program.ts';
import { createSandbox, type Sandbox } from './run-cli.ts';

let sandbox: Sandbox;
beforeAll(() => {
  sandbox = createSandbox();
});
afterAll(() => sandbox.remove());

const groups = createProgram('0.0.0', () => async () => undefined)
  .commands.filter((command) => command.commands.length > 0 && command.registeredArguments.length === 0)
  .map((command) => ({ name: command.name(), commands: command.commands.map((one) => one.name()) }));

describe('a word that is no command of its group', () => {
  it.each(groups)('is named, with those that $name has', async ({ name, commands }) => {
    const { code, stdout, stderr } = await sandbox.run([name, 'frobnicate']);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(`"frobnicate" is no command of ${name}: use `);
    for (const one of commands) expect(stderr).toContain(one);
  });

  it('is set right where it is nearly one', async () => {
    expect((await sandbox.run(['costs', 'exprot'])).stderr).toContain('Did you mean "export"?');
  });

  it('is no prompt, option or call for help', async () => {
    expect((await sandbox.run(['costs', 'help'])).code).toBe(0);
    expect((await sandbox.run(['costs', '--week'])).stderr).toContain('Nothing has been booked yet');
  });
});
