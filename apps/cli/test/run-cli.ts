import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { zoneWhereItIsNoon } from './noon-zone.ts';

const entry = fileURLToPath(new URL('../src/cli.ts', import.meta.url));

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder with a project and a home of its own, in which the program runs. */
export interface Sandbox {
  readonly project: string;
  readonly home: string;
  write(path: string, text: string): string;
  /** Starts the program from its sources; its environment holds no key but the ones given, and it is noon there. */
  start(words: readonly string[], env?: Readonly<Record<string, string>>): ChildProcessWithoutNullStreams;
  run(
    words: readonly string[],
    options?: { env?: Readonly<Record<string, string>>; input?: string },
  ): Promise<Finished>;
  remove(): void;
}

/** The program of the sources, or another command line such as the built bundle's. */
export function createSandbox(command: readonly string[] = ['--conditions=@signalbox/source', entry]): Sandbox {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-cli-'));
  const project = join(folder, 'project');
  const home = join(folder, 'home');
  mkdirSync(project);
  mkdirSync(home);

  function start(words: readonly string[], env: Readonly<Record<string, string>> = {}): ChildProcessWithoutNullStreams {
    return spawn(process.execPath, [...command, ...words], {
      cwd: project,
      env: { PATH: process.env.PATH ?? '', HOME: home, USERPROFILE: home, TZ: zoneWhereItIsNoon(), ...env },
    });
  }

  return {
    project,
    home,
    start,
    write(path, text) {
      const file = join(project, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
      return file;
    },
    run(words, options = {}) {
      const child = start(words, options.env);
      child.stdin.end(options.input ?? '');
      return finished(child);
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Waits for a program's end and gathers what it wrote. */
export function finished(child: ChildProcessWithoutNullStreams): Promise<Finished> {
  const stdout: Uint8Array[] = [];
  const stderr: Uint8Array[] = [];
  child.stdout.on('data', (chunk: Uint8Array) => stdout.push(chunk));
  child.stderr.on('data', (chunk: Uint8Array) => stderr.push(chunk));
  return new Promise((resolve) => {
    child.on('close', (code) =>
      resolve({ code, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() }),
    );
  });
}

/** Resolves with the first text of a stream that matches. */
export function firstMatch(stream: NodeJS.ReadableStream, pattern: RegExp): Promise<RegExpMatchArray> {
  let text = '';
  return new Promise((resolve, reject) => {
    stream.on('data', (chunk: Uint8Array) => {
      text += Buffer.from(chunk).toString();
      const match = text.match(pattern);
      if (match !== null) resolve(match);
    });
    stream.on('end', () => reject(new Error(`never saw ${pattern}; saw: ${text}`)));
  });
}
