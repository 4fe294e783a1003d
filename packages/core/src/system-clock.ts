import type { Clock } from './ports.ts';

/**
 * The machine's time, in Unix milliseconds. A timer that is set keeps the program alive: somebody waits for it.
 *
 * @example const cancel = systemClock.after(1_000, () => stop());
 */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(milliseconds, callback) {
    const timer = setTimeout(callback, milliseconds);
    return () => clearTimeout(timer);
  },
};

/**
 * The machine's time for upkeep that nobody waits for (expiry, writing later): its timers keep no program alive.
 *
 * @example const cancel = backgroundClock.after(60_000, () => forgetOldAnswers());
 */
export const backgroundClock: Clock = {
  now: systemClock.now,
  after(milliseconds, callback) {
    const timer = setTimeout(callback, milliseconds).unref();
    return () => clearTimeout(timer);
  },
};
