import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { killAtExit } from './kill-at-exit.ts';

export interface ChildProgram {
  readonly url: string;
  readonly pid: number;
  /** CPU time used so far, user and system, in microseconds. */
  cpuMicroseconds(): number;
  stop(): Promise<void>;
}

/** Clock ticks of /proc/PID/stat per second: 100 on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

/** Starts a Node program and waits until it prints its address on either output. */
export async function startProgram(
  words: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<ChildProgram> {
  const child = spawn(process.execPath, [...words], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  killAtExit(child);
  const url = await addressOf(child, words.join(' '));
  const pid = child.pid ?? 0;
  return {
    url,
    pid,
    cpuMicroseconds() {
      // Fields 14 and 15 (utime, stime), counted behind the program's name, which may hold blanks.
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
      return ((Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND) * 1e6;
    },
    stop: () =>
      new Promise((resolve) => {
        child.once('close', () => resolve());
        child.kill('SIGTERM');
      }),
  };
}

function addressOf(child: ChildProcess, name: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const read = (chunk: Buffer) => {
      text += chunk.toString();
      const match = text.match(/http:\/\/127\.0\.0\.1:\d+/);
      if (match !== null) resolve(match[0]);
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.on('close', (code) => reject(new Error(`${name} ended with code ${code} before it listened: ${text}`)));
  });
}
