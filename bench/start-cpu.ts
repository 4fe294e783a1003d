import { spawnSync } from 'node:child_process';
import { median } from './median.ts';

/** Median CPU milliseconds, user and system, of a program's whole run. */
export function startCpu(words: readonly string[], home: string, rounds: number): number {
  const run = (): number => {
    // Bash's own clock of its children: Node can't tell what a child has used.
    const { stderr } = spawnSync(
      'bash',
      ['-c', 'TIMEFORMAT="%U %S"; time "$@" > /dev/null 2>&1', 'bash', process.execPath, ...words],
      {
        cwd: home,
        env: { PATH: process.env.PATH ?? '', HOME: home },
        encoding: 'utf8',
      },
    );
    const [user = 0, system = 0] = stderr.trim().split(' ').map(Number);
    return (user + system) * 1_000;
  };
  run();
  return median(Array.from({ length: rounds }, run));
}
