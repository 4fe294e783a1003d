import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { median } from './median.ts';

export interface FirstByte {
  /** Median CPU milliseconds, of all threads, from the provider's first byte to the answer's first byte on stdout. */
  readonly cpuMs: number;
  readonly limitMs: number;
}

/** What the program may use until a person sees something. */
const LIMIT_MS = 5;
/** Milliseconds of silence before the answer: the program has started, asked, and sleeps. */
const SILENCE_MS = 600;

const HEAD = { 'content-type': 'text/event-stream' };

function piece(delta: object, finish: string | null): string {
  const choices = [{ index: 0, delta, finish_reason: finish }];
  const chunk = { id: 'c', object: 'chat.completion.chunk', created: 1, model: 'gpt-4-turbo', choices };
  return `data: ${JSON.stringify(chunk)}\n\n`;
}

/**
 * How much CPU the built program uses from the first byte of an answer until it shows it. The clock is the kernel's own of the process
 * (nanoseconds, /proc/PID/task/TID/schedstat): what else the machine does is not in it. Linux only.
 */
export async function measureFirstByte(rounds: number): Promise<FirstByte> {
  const cli = fileURLToPath(new URL('../apps/cli/dist/cli.js', import.meta.url));
  const home = mkdtempSync(join(tmpdir(), 'signalbox-first-byte-'));
  let before = 0;
  let pid = 0;
  const server = createServer((request, response) => {
    request.resume();
    setTimeout(() => {
      before = cpuNanoseconds(pid);
      response.writeHead(200, HEAD).write(piece({ role: 'assistant', content: 'Hello' }, null));
      setTimeout(() => response.end(`${piece({}, 'stop')}data: [DONE]\n\n`), SILENCE_MS / 4);
    }, SILENCE_MS);
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as AddressInfo;
  mkdirSync(join(home, '.claude-code'));
  writeFileSync(
    join(home, '.claude-code', 'router-config.yml'),
    `providers:\n  openai: { endpoint: "http://127.0.0.1:${port}", api_key: k, models: [gpt-4-turbo] }\n`,
  );
  const once = (): Promise<number> =>
    new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [cli, '--model', 'gpt-4-turbo', 'hello'], {
        cwd: home,
        env: { PATH: process.env.PATH ?? '', HOME: home },
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      pid = child.pid ?? 0;
      let used: number | undefined;
      child.stdout.on('data', () => {
        used ??= (cpuNanoseconds(pid) - before) / 1e6;
      });
      child.on('close', (code) => {
        if (used === undefined) reject(new Error(`signalbox ended with ${code} and without an answer: build first`));
        else resolve(used);
      });
    });
  try {
    // The first start fills the compile cache.
    await once();
    const times: number[] = [];
    for (let round = 0; round < rounds; round += 1) times.push(await once());
    return { cpuMs: median(times), limitMs: LIMIT_MS };
  } finally {
    await new Promise((closed) => server.close(closed));
    rmSync(home, { recursive: true, force: true });
  }
}

/** CPU time of a process, all its threads, in nanoseconds. */
function cpuNanoseconds(pid: number): number {
  return readdirSync(`/proc/${pid}/task`)
    .map((thread) => Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]))
    .reduce((sum, one) => sum + one, 0);
}
