import { type Clock, RouterError, type SharedLimits } from '@signalbox/core';
import type { LimitStore } from './limit-store.ts';
import { createSharedPlaces, type SharedPlaces } from './shared-places.ts';
import { createSharedWindow, type SharedPart } from './shared-window.ts';

/** What several processes count in. */
export interface SharedLimitStoreOptions {
  readonly shared: SharedLimits;
  readonly clock: Clock;
  /** Told in a sentence, once, when the store can't be used: this process then counts by itself. */
  readonly onFault?: ((sentence: string) => void) | undefined;
}

/** A store whose windows several processes share. To be closed: what this process holds is free again then. */
export interface SharedLimitStore extends LimitStore {
  places: NonNullable<LimitStore['places']>;
  close(): void;
}

/** Milliseconds between two upkeeps: then what this process no longer needs goes back, and others see what it has used. */
const UPKEEP_MS = 1_000;

/**
 * Counts limits together with other processes. A process holds as much as it used in the last second, at most an eighth of what is free, and uses that in memory; once a second it
 * tells the store what it used and gives back what it does not need. Who holds too little asks at once.
 *
 * @example
 * ```ts
 * const store = createSharedLimitStore({ shared: ledger.limits(), clock });
 * const admission = createRateLimiter({ clock, store, limits });
 * ```
 */
export function createSharedLimitStore({ shared, clock, onFault }: SharedLimitStoreOptions): SharedLimitStore {
  const parts: SharedPart[] = [];
  const byName = new Map<string, SharedPlaces>();
  let cancelUpkeep: (() => void) | undefined;
  let asked = false;
  let faulty = false;
  let closed = false;

  function lease(some: readonly SharedPart[], amount: number, now: number): void {
    const wishes = some.map((part) => part.wish(amount, now));
    asked = true;
    try {
      const leases = shared.lease(wishes);
      faulty = false;
      for (const [index, part] of some.entries()) part.granted(leases[index] ?? { granted: 0, others: [] }, now);
    } catch (error) {
      if (!RouterError.is(error)) throw error;
      if (!faulty) onFault?.(`Rate limits are counted by this program alone: ${error.message}`);
      faulty = true;
      for (const [index, part] of some.entries()) {
        const { wanted = 0, limit = 0, used = 0 } = wishes[index] ?? {};
        part.granted({ granted: Math.max(0, Math.min(wanted, limit - used)), others: [] }, now);
      }
    }
    scheduleUpkeep();
  }

  function scheduleUpkeep(): void {
    cancelUpkeep ??= clock.after(UPKEEP_MS, () => {
      cancelUpkeep = undefined;
      const open = parts.filter((part) => part.isOpen);
      if (open.length > 0) lease(open, 0, clock.now());
    });
  }

  function stopUpkeep(): void {
    cancelUpkeep?.();
    cancelUpkeep = undefined;
  }

  return {
    window(name, size) {
      const window = createSharedWindow(
        name,
        size,
        (one, amount, now) => lease([one], amount, now),
        (one) => {
          if (!closed) lease([one], 0, clock.now());
        },
      );
      parts.push(window);
      return window;
    },
    places(name, limit) {
      const known = byName.get(name);
      if (known !== undefined) {
        known.limit = limit;
        return known;
      }
      const places = createSharedPlaces(name, limit, (one, amount, now) => {
        // What is given back after the end is known to be free when nothing more is heard of this process.
        if (!closed) lease([one], amount, now);
      });
      parts.push(places);
      byName.set(name, places);
      return places;
    },
    close() {
      closed = true;
      if (!asked) return;
      const open = parts.filter((part) => part.isOpen);
      if (open.length > 0) lease(open, 0, clock.now());
      stopUpkeep();
      try {
        shared.close();
      } catch (error) {
        // What is held ends by itself.
        if (!RouterError.is(error)) throw error;
      }
    },
  };
}
