import type { Clock } from '../packages/core/src/index.ts';

/** A clock that moves when it is told to. */
export interface ManualClock extends Clock {
  /** Moves on by so many milliseconds. Timers that are due by then call back in the order of their times, each at its own. */
  advance(milliseconds: number): void;
}

/** In the middle of a day and of a month, where nothing begins or ends. */
export const A_NOON = Date.parse('2026-11-25T12:00:00Z');

/**
 * Begins at a time in Unix milliseconds.
 *
 * @example
 * const clock = createManualClock();
 * clock.after(1_000, () => console.log('now'));
 * clock.advance(1_000);
 */
export function createManualClock(start = A_NOON): ManualClock {
  let now = start;
  let timers: { readonly at: number; readonly callback: () => void }[] = [];
  return {
    now: () => now,
    after(milliseconds, callback) {
      const timer = { at: now + milliseconds, callback };
      timers.push(timer);
      return () => {
        timers = timers.filter((one) => one !== timer);
      };
    },
    advance(milliseconds) {
      const end = now + milliseconds;
      for (;;) {
        const [next] = timers.filter((one) => one.at <= end).sort((one, other) => one.at - other.at);
        if (next === undefined) break;
        timers = timers.filter((one) => one !== next);
        now = Math.max(now, next.at);
        next.callback();
      }
      now = end;
    },
  };
}
