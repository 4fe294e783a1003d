import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inject } from 'vitest';

/** The program as users install it: the bundle, alone in a folder without any package beside it. */
export interface BuiltProgram {
  readonly folder: string;
  /** For `createSandbox`. */
  readonly command: readonly string[];
}

/** Milliseconds between two looks whether another process has built it, and how many looks there are. */
const LOOK_MS = 50;
const LOOKS = 2_400;

/** The program, built by whichever test file of a run asks first. All others get the same. */
export function builtProgram(): BuiltProgram {
  const shared = inject('signalboxBuild');
  const folder = join(shared, 'program');
  const outcome = join(shared, 'outcome');
  if (isFirst(join(shared, 'claimed'))) writeFileSync(outcome, build(folder), { flush: true });
  for (let look = 0; !existsSync(outcome) || readFileSync(outcome, 'utf8') === ''; look += 1) {
    if (look === LOOKS) throw new Error('the program was not built: the process that began with it is gone');
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LOOK_MS);
  }
  const said = readFileSync(outcome, 'utf8');
  if (said !== BUILT) throw new Error(`the program can't be built: ${said}`);
  return { folder, command: [join(folder, 'dist', 'cli.js')] };
}

const BUILT = 'built';

/** Of all processes that claim it, one is first. */
function isFirst(claim: string): boolean {
  try {
    mkdirSync(claim);
    return true;
  } catch {
    return false;
  }
}

/** Builds the bundle, and says what became of it: others wait for a word, whatever it is. */
function build(folder: string): string {
  const here = fileURLToPath(new URL('..', import.meta.url));
  const tsup = fileURLToPath(new URL('../../../node_modules/tsup/dist/cli-default.js', import.meta.url));
  try {
    execFileSync(process.execPath, [tsup, '--out-dir', join(folder, 'dist')], { cwd: here, stdio: 'pipe' });
    cpSync(join(here, 'package.json'), join(folder, 'package.json'));
    return BUILT;
  } catch (error) {
    return String(error instanceof Error && 'stderr' in error ? error.stderr : error);
  }
}
