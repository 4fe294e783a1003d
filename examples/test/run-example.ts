import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

export const examplesFolder = fileURLToPath(new URL('..', import.meta.url));

export interface ExampleEnd {
  readonly code: number | null;
  readonly output: string;
}

/** Runs an example to its end, as its README says. */
export async function runExample(
  name: string,
  env: Readonly<Record<string, string>>,
  ...words: readonly string[]
): Promise<ExampleEnd> {
  const child = start(name, env, words);
  const chunks: Uint8Array[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Uint8Array) => chunks.push(chunk));
  return new Promise((resolve) => {
    child.on('close', (code) => resolve({ code, output: Buffer.concat(chunks).toString() }));
  });
}

export interface RunningExample {
  readonly url: string;
  /** Asks it to end, as Ctrl+C does; resolves with its exit code. */
  stop(): Promise<number | null>;
}

/** Starts an example that serves, on a free port, and waits until it says where. */
export async function serveExample(name: string, env: Readonly<Record<string, string>>): Promise<RunningExample> {
  const child = start(name, { ...env, PORT: '0' }, []);
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  const url = await new Promise<string>((resolve, reject) => {
    let said = '';
    const read = (chunk: Uint8Array) => {
      said += Buffer.from(chunk).toString();
      const [found] = said.match(/http:\/\/127\.0\.0\.1:\d+/) ?? [];
      if (found !== undefined) resolve(found);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    ended.then((code) => reject(new Error(`${name} ended with code ${code}: ${said}`)));
  });
  return {
    url,
    async stop() {
      child.kill('SIGTERM');
      return ended;
    },
  };
}

function start(
  name: string,
  env: Readonly<Record<string, string>>,
  words: readonly string[],
): ChildProcessByStdio<null, Readable, Readable> {
  // Without the condition Node would want the packages built; it is all that differs from `npm start` in the example's folder.
  return spawn(process.execPath, ['--conditions=@signalbox/source', mainFile(name), ...words], {
    cwd: `${examplesFolder}${name}`,
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** The program that `npm start` runs in an example's folder. */
function mainFile(name: string): string {
  const manifest = JSON.parse(readFileSync(`${examplesFolder}${name}/package.json`, 'utf8')) as {
    scripts: { start: string };
  };
  return manifest.scripts.start.replace(/^node /, '');
}
