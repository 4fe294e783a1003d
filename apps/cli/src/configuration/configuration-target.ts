import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { RouterError } from '@signalbox/core';

const NAMES = ['router-config.yml', 'router-config.yaml', 'router-config.json'];

/** Where a new configuration of a project or home goes. */
export const configurationPath = (folder: string) => join(folder, '.claude-code', NAMES[0] ?? '');

/** The configuration that a project or home has; undefined where it has none. */
export function existingConfiguration(folder: string): string | undefined {
  return NAMES.map((name) => join(folder, '.claude-code', name)).find((file) => existsSync(file));
}

/** Writes a configuration. Throws RouterError `usage` where the file is there and may not be replaced. */
export function writeConfiguration(file: string, text: string, replace: boolean): void {
  mkdirSync(dirname(file), { recursive: true });
  try {
    writeFileSync(file, text, { flag: replace ? 'w' : 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw new RouterError({
      kind: 'usage',
      message: `${file} is there already, and nothing is overwritten without being asked: use --force, or name another file.`,
    });
  }
}
