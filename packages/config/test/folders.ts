import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type LoadedConfiguration, type LoadOptions, loadConfiguration } from '../src/index.ts';

export interface Folders {
  readonly home: string;
  readonly project: string;
  /** Writes a file below the root of both (`home/...`, `project/...`); gives its path. */
  write(path: string, text: string): string;
  load(options?: Partial<LoadOptions>): Promise<LoadedConfiguration>;
}

/** A home and, inside it, a project: real folders that go when the test ends. */
export function makeFolders(): Folders {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'signalbox-config-')));
  onTestFinished(() => {
    chmodSync(root, 0o700);
    rmSync(root, { recursive: true, force: true });
  });
  const home = join(root, 'home');
  const project = join(home, 'project');
  mkdirSync(project, { recursive: true });
  return {
    home,
    project,
    write(path, text) {
      const file = join(root, path.replace(/^project\//, 'home/project/'));
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
      return file;
    },
    load: (options) => loadConfiguration({ cwd: project, home, env: {}, ...options }),
  };
}

export const PROJECT_FILE = 'project/.claude-code/router-config.yml';
export const HOME_FILE = 'home/.claude-code/router-config.yml';
