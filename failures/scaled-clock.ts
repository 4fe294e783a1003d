import type { Clock } from '../packages/core/src/index.ts';

/** Time that runs `scale` times as fast as the machine's: an hour of it takes an hour divided by `scale`. */
export function createScaledClock(scale: number): Clock {
  const startedAt = Date.now();
  const zero = performance.now();
  return {
    now: () => startedAt + (performance.now() - zero) * scale,
    after(milliseconds, callback) {
      const timer = setTimeout(callback, milliseconds / scale);
      return () => clearTimeout(timer);
    },
  };
}

/** Resolves after so many seconds of a clock; at once for what is past. */
export function waitSeconds(clock: Clock, seconds: number): Promise<void> {
  if (seconds <= 0) return Promise.resolve();
  return new Promise((resolve) => clock.after(seconds * 1000, resolve));
}
