import type { Clock } from '../packages/core/src/index.ts';

/** Resolves after so many seconds of a clock; at once for what is past. */
export function waitSeconds(clock: Clock, seconds: number): Promise<void> {
  if (seconds <= 0) return Promise.resolve();
  return new Promise((resolve) => clock.after(seconds * 1000, resolve));
}
