import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { median } from './median.ts';

export interface StartTime {
  /** Median wall milliseconds of `node -e 0`. */
  readonly bareMs: number;
  /** Median wall milliseconds of `signalbox --version` from the built bundle. */
  readonly versionMs: number;
  /** What `--version` may take: 1.6 times bare node and 30 ms. */
  readonly limitMs: number;
}

/** Start time of the built program beside bare node, in turns. */
export function measureStartTime(rounds: number): StartTime {
  const cli = fileURLToPath(new URL('../apps/cli/dist/cli.js', import.meta.url));
  const time = (words: readonly string[]) => {
    const before = process.hrtime.bigint();
    const { status } = spawnSync(process.execPath, [...words]);
    if (status !== 0) throw new Error(`node ${words.join(' ')} ended with ${status}: build first`);
    return Number(process.hrtime.bigint() - before) / 1e6;
  };
  const pairs = Array.from({ length: rounds }, () => ({ bare: time(['-e', '0']), version: time([cli, '--version']) }));
  const bareMs = median(pairs.map((pair) => pair.bare));
  return { bareMs, versionMs: median(pairs.map((pair) => pair.version)), limitMs: bareMs * 1.6 + 30 };
}
