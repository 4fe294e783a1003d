import type { Clock } from '@signalbox/core';

export interface ManualClock extends Clock {
  /** Timers that are set. */
  readonly timers: number;
  /** Moves on, timers in their order, and lets what waits for them go on. */
  advance(milliseconds: number): Promise<void>;
  /** Sets the clock, as a person or a time server does; timers don't notice. */
  set(now: number): void;
}

/** A clock that moves when told. */
export function manualClock(start = 1_700_000_000_000): ManualClock {
  let now = start;
  let elapsed = 0;
  let timers: { at: number; callback: () => void }[] = [];
  return {
    now: () => now,
    after(milliseconds, callback) {
      const timer = { at: elapsed + milliseconds, callback };
      timers.push(timer);
      return () => {
        timers = timers.filter((one) => one !== timer);
      };
    },
    get timers() {
      return timers.length;
    },
    set(time) {
      now = time;
    },
    async advance(milliseconds) {
      const until = elapsed + milliseconds;
      await settled();
      for (;;) {
        const due = timers.filter((timer) => timer.at <= until).sort((one, other) => one.at - other.at)[0];
        if (due === undefined) break;
        timers = timers.filter((timer) => timer !== due);
        now += due.at - elapsed;
        elapsed = due.at;
        due.callback();
        await settled();
      }
      now += until - elapsed;
      elapsed = until;
    },
  };
}

/** Lets promises that are settled be heard of. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await undefined;
}
