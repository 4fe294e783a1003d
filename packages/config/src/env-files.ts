import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';

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
    let text: string;
    try {
      text = readFileSync(file, 'utf8');
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? '';
      if (!['ENOENT', 'EISDIR', 'ENOTDIR'].includes(code))
        warnings.push(`${file} can't be read (${code}); it is left out.`);
      continue;
    }
    read.set(file, text);
    for (const [name, value] of Object.entries(parseEnv(text))) {
      if (value === undefined || files.has(name)) continue;
      values[name] = value;
      files.set(name, file);
    }
  }
  return { values, files, read, warnings };
}
