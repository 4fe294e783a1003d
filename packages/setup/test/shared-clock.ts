import type { Clock } from '@signalbox/core';
import { createManualClock } from '../../../testing/manual-clock.ts';

/** A clock that several processes share; each has timers of its own, and takes them with it. */
export interface SharedClock {
  of(owner: object): Clock;
  kill(owner: object): void;
  advance(milliseconds: number): void;
  now(): number;
}

export function createSharedClock(start: number): SharedClock {
  const clock = createManualClock(start);
  const dead = new Set<object>();
  return {
    of: (owner) => ({
      now: clock.now,
      after: (milliseconds, callback) =>
        clock.after(milliseconds, () => {
          if (!dead.has(owner)) callback();
        }),
    }),
    kill(owner) {
      dead.add(owner);
    },
    advance: clock.advance,
    now: clock.now,
  };
}
