import { existsSync, mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/**
 * Makes the folder of a file, and those above it (0700). Step by step: `recursive` says of a disk that may not be written that something is missing (`ENOENT`).
 * Throws what `node:fs` throws.
 */
export function makeFolderOf(file: string): void {
  makeFolder(dirname(resolve(file)));
}

function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  const above = dirname(folder);
  // A drive that is not there has nothing above it.
  if (above !== folder) makeFolder(above);
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    // Another process was first.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
