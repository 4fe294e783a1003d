import type { Clock } from '@signalbox/core';

/** Time that stands still until it is told to go on. */
export interface ManualClock extends Clock {
  advance(milliseconds: number): void;
  /** Resolves with the delay of the next timer that is set, or of one that is waiting already. */
  nextTimer(): Promise<number>;
}

export function createManualClock(start = Date.parse('2026-11-22T12:00:00Z')): ManualClock {
  let now = start;
  const timers = new Set<{ readonly due: number; readonly callback: () => void }>();
  let waiting: ((delay: number) => void)[] = [];
  return {
    now: () => now,
    after(milliseconds, callback) {
      const timer = { due: now + milliseconds, callback };
      timers.add(timer);
      for (const tell of waiting.splice(0)) tell(milliseconds);
      return () => timers.delete(timer);
    },
    advance(milliseconds) {
      now += milliseconds;
      for (const timer of timers) {
        if (timer.due > now) continue;
        timers.delete(timer);
        timer.callback();
      }
    },
    nextTimer() {
      const [first] = timers;
      if (first) return Promise.resolve(first.due - now);
      return new Promise((resolve) => {
        waiting = [...waiting, resolve];
      });
    },
  };
}
