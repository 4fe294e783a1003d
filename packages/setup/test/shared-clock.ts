import type { Clock } from '@signalbox/core';

/** A clock that several processes share; each has timers of its own, and takes them with it. */
export interface SharedClock {
  of(owner: object): Clock;
  kill(owner: object): void;
  advance(milliseconds: number): void;
  now(): number;
}

export function createSharedClock(start: number): SharedClock {
  let now = start;
  let timers: { at: number; callback: () => void; owner: object }[] = [];
  return {
    of(owner) {
      return {
        now: () => now,
        after(milliseconds, callback) {
          const timer = { at: now + milliseconds, callback, owner };
          timers.push(timer);
          return () => {
            timers = timers.filter((one) => one !== timer);
          };
        },
      };
    },
    kill(owner) {
      timers = timers.filter((one) => one.owner !== owner);
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
    now: () => now,
  };
}
