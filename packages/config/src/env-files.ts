import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { whyGibberish } from './file-text.ts';

/** Variables of `.env` files, and which file each came from. */
export interface EnvFiles {
  readonly values: Readonly<Record<string, string>>;
  /** Path of the file by variable. */
  readonly files: ReadonlyMap<string, string>;
  /** Files that were read, with their text. */
  readonly read: ReadonlyMap<string, string>;
  readonly warnings: readonly string[];
}

/** Reads the `.env` of each folder, the strongest first. A folder without one, or with a folder of that name, has none. */
export function readEnvFiles(folders: readonly string[]): EnvFiles {
  const values: Record<string, string> = {};
  const files = new Map<string, string>();
  const read = new Map<string, string>();
  const warnings: string[] = [];
  for (const file of new Set(folders.map((folder) => join(folder, '.env')))) {
    let bytes: Buffer;
    try {
      bytes = readFileSync(file);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? '';
      if (!['ENOENT', 'EISDIR', 'ENOTDIR'].includes(code))
        warnings.push(`${file} can't be read (${code}); it is left out.`);
      continue;
    }
    const problem = whyGibberish(bytes);
    if (problem !== undefined) {
      warnings.push(`${file} can't be read: ${problem}. It is left out.`);
      continue;
    }
    // Keys are ASCII: a remark in Latin-1 does no harm to them.
    const text = bytes.toString('utf8');
    read.set(file, text);
    for (const [name, value] of Object.entries(parseEnv(text.replace(/^\uFEFF/, '')))) {
      if (value === undefined || files.has(name)) continue;
      values[name] = value;
      files.set(name, file);
    }
  }
  return { values, files, read, warnings };
}
