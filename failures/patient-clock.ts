import type { Clock } from '../packages/core/src/index.ts';

/** Milliseconds between two looks at the time, and the most that may count as having passed between them. */
const TICK = 1;
const LONGEST_TICK = 4;

interface Timer {
  readonly due: number;
  readonly callback: () => void;
}

/**
 * Time that runs `scale` times as fast as the machine's, as long as this process gets to run: what passes while it waits for
 * a busy processor does not count. Everybody who shares the clock must live in this process.
 */
export function createPatientClock(scale: number): Clock {
  const timers = new Set<Timer>();
  let now = Date.now();
  let lookedAt = 0;
  let ticker: NodeJS.Timeout | undefined;

  function tick(): void {
    const real = performance.now();
    now += Math.min(real - lookedAt, LONGEST_TICK) * scale;
    lookedAt = real;
    const due = [...timers].filter((timer) => timer.due <= now).sort((one, other) => one.due - other.due);
    for (const timer of due) {
      // One that was due may have cancelled the next.
      if (timers.delete(timer)) timer.callback();
    }
    if (timers.size > 0) return;
    clearInterval(ticker);
    ticker = undefined;
  }

  return {
    now: () => now,
    after(milliseconds, callback) {
      const timer: Timer = { due: now + milliseconds, callback };
      timers.add(timer);
      if (ticker === undefined) {
        lookedAt = performance.now();
        ticker = setInterval(tick, TICK);
      }
      return () => void timers.delete(timer);
    },
  };
}
