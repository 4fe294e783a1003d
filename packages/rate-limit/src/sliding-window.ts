import type { LimitSize, LimitWindow, Taken } from './limit-window.ts';

/** Entries are told apart up to so many; then those of a thousandth of the window are put together. */
const FINE_ENTRIES = 1_000;

/** What was used lately: shared by windows that count the same, should the limit change. */
export interface WindowHistory {
  readonly entries: Entry[];
  used: number;
}

export const createHistory = (): WindowHistory => ({ entries: [], used: 0 });

interface Entry {
  /** Unix milliseconds of the latest use in it: what is put together counts as long as its latest part. */
  at: number;
  amount: number;
}

/**
 * What was used in the last so many milliseconds: no span of that length, wherever it begins, ever has more than the limit. (A bucket that fills up
 * evenly lets twice as much through in its first span; windows with fixed edges do so around an edge.)
 *
 * Memory: at most about 2,000 entries, whatever the limit.
 */
export function createSlidingWindow({ limit, perMs }: LimitSize, history = createHistory()): LimitWindow {
  const { entries } = history;
  const grain = perMs / FINE_ENTRIES;

  function forget(now: number): void {
    // A clock that was set back must not make the past last longer.
    const last = entries.at(-1);
    if (last !== undefined && last.at > now) for (const entry of entries) entry.at = Math.min(entry.at, now);
    while (entries[0] !== undefined && entries[0].at + perMs <= now) history.used -= entries.shift()?.amount ?? 0;
  }

  return {
    waitMs(amount, now) {
      forget(now);
      // More than fits at once comes in several spans.
      const spans = Math.max(0, Math.ceil(amount / limit) - 1);
      let toFree = history.used + (amount - spans * limit) - limit;
      if (toFree <= 0) return spans * perMs;
      for (const entry of entries) {
        toFree -= entry.amount;
        if (toFree <= 0) return entry.at + perMs - now + spans * perMs;
      }
      return (spans + 1) * perMs;
    },

    take(amount, now): Taken {
      forget(now);
      let entry = entries.at(-1);
      const together =
        entries.length >= FINE_ENTRIES && Math.floor((entry?.at ?? 0) / grain) === Math.floor(now / grain);
      if (entry === undefined || !together) {
        entry = { at: now, amount: 0 };
        entries.push(entry);
      }
      const mine = entry;
      let taken = amount;
      mine.at = now;
      mine.amount += taken;
      history.used += taken;
      return {
        correct(really) {
          mine.amount += really - taken;
          if (entries.includes(mine)) history.used += really - taken;
          taken = really;
        },
      };
    },
  };
}
