import { spawn } from 'node:child_process';

/** A client as it is run once, without a terminal. */
export interface ClientRun {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}

export interface RunEnd {
  /** `null`: it was ended because it took too long. */
  readonly code: number | null;
  readonly output: string;
}

/** Runs a program to its end; after `limitMs` it and what it has started are ended. */
export function runToEnd({ command, args, env, cwd }: ClientRun, limitMs: number): Promise<RunEnd> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env, cwd, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    const chunks: Uint8Array[] = [];
    child.stdout.on('data', (chunk: Uint8Array) => chunks.push(chunk));
    child.stderr.on('data', (chunk: Uint8Array) => chunks.push(chunk));
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      // Its own process group: clients start helpers.
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    }, limitMs);
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ code: late ? null : code, output: Buffer.concat(chunks).toString('utf8') });
    });
  });
}
