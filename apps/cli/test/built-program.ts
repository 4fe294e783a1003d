import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The program as users install it: the bundle, alone in a folder without any package beside it. */
export interface BuiltProgram {
  readonly folder: string;
  /** For `createSandbox`. */
  readonly command: readonly string[];
  remove(): void;
}

export function buildProgram(): BuiltProgram {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-bundle-'));
  const here = fileURLToPath(new URL('..', import.meta.url));
  const tsup = fileURLToPath(new URL('../../../node_modules/tsup/dist/cli-default.js', import.meta.url));
  execFileSync(process.execPath, [tsup, '--out-dir', join(folder, 'dist')], { cwd: here, stdio: 'pipe' });
  cpSync(join(here, 'package.json'), join(folder, 'package.json'));
  return {
    folder,
    command: [join(folder, 'dist', 'cli.js')],
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
