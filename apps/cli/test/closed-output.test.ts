import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, openSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtProgram } from './built-program.ts';
import { freePort } from './free-port.ts';
import { createSandbox, type Sandbox } from './run-cli.ts';

let sandbox: Sandbox;
beforeAll(() => {
  sandbox = createSandbox();
}, 120_000);
afterAll(() => sandbox?.remove());

it.each([[['models']], [['--help']], [['config', 'schema']]])(
  'a reader who goes away ends %j without a trace of the stack',
  async (words) => {
    const child = sandbox.start(words);
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.stdout.destroy();
    await once(child, 'close');
    expect(stderr).not.toMatch(/EPIPE|^\s+at /m);
  },
);

// Every write there fails as on a full disk; Linux alone has it.
describe.runIf(existsSync('/dev/full'))('a full disk', () => {
  const start = (words: readonly string[], stdout: number | 'pipe', stderr: number | 'pipe') => {
    const { command } = builtProgram();
    const { project: cwd, home } = sandbox;
    const env = { PATH: process.env.PATH ?? '', HOME: home, USERPROFILE: home };
    const child = spawn(process.execPath, [...command, ...words], { cwd, env, stdio: ['ignore', stdout, stderr] });
    const said = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const)
      child[name]?.setEncoding('utf8').on('data', (text: string) => {
        said[name] += text;
      });
    return { child, said, ended: once(child, 'close').then(([code]) => code as number | null) };
  };
  const full = () => openSync('/dev/full', 'w');

  it.each([[['--version']], [['models']], [['--help']], [['config', 'schema']], [['--quiet', 'What is 2+2?']]])(
    'below the standard output ends %j with a sentence',
    async (words) => {
      const { said, ended } = start(words, full(), 'pipe');
      expect(await ended).toBe(1);
      expect(said.stderr).toContain("signalbox: The standard output can't be written: no space is left on the device.");
      expect(said.stderr).not.toMatch(/^\s+at /m);
    },
  );

  it('below the log keeps no answer back', async () => {
    const { said, ended } = start(['What is 2+2?'], 'pipe', full());
    expect(await ended).toBe(0);
    expect(said.stdout).toContain('This is a simulated answer');
  });

  it('below the log stops no gateway', async () => {
    const port = await freePort();
    const { child, ended } = start(['serve', '--port', String(port)], full(), full());
    const status = (path: string, init?: RequestInit) =>
      fetch(`http://127.0.0.1:${port}${path}`, init).then(
        async (response) => [response.status, await response.text()][0],
        () => undefined,
      );
    try {
      await expect.poll(() => status('/healthz'), { timeout: 20_000 }).toBe(200);
      const body = JSON.stringify({ model: 'auto', messages: [{ role: 'user', content: 'Hello' }] });
      for (let request = 0; request < 3; request += 1)
        expect(await status('/v1/chat/completions', { method: 'POST', body })).toBe(200);
    } finally {
      child.kill('SIGTERM');
    }
    expect(await ended).toBe(0);
  });
});
