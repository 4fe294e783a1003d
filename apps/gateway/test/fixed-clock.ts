import type { Clock } from '@signalbox/core';
import { systemClock } from '@signalbox/router';

/** A clock that stands still until it is set, so that no test meets the end of a day or a minute; its timers run. */
export interface FixedClock extends Clock {
  set(now: number): void;
}

export function fixedClock(now: number): FixedClock {
  let current = now;
  return {
    now: () => current,
    after: systemClock.after,
    set(next) {
      current = next;
    },
  };
}
