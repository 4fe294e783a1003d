const FIRST_MS = 250;
const LONGEST_MS = 30_000;

/** A worker that ran for so long has not failed at its start. */
export const STEADY_MS = 60_000;

/** Milliseconds until a worker that has ended `failures` times in a row (at least once) starts again: twice as long each time, 30 s at most. */
export function restartDelay(failures: number): number {
  return Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures - 1, 20));
}
