import type { LimitLease, LimitWish } from '@signalbox/core';
import type { Places } from './places.ts';
import type { SharedPart } from './shared-window.ts';

/** Milliseconds for which a place that was granted may be taken. */
const HOLD_MS = 2_000;
/** Milliseconds after which others take the places of a process that is not heard of. A living one is heard of each second. */
const SILENT_MS = 10_000;
/** Milliseconds between two questions while all are taken: callers that don't stop asking are not to keep the store busy. */
const ASK_AGAIN_MS = 20;
/** The share of what is free that a busy process may hold without need: it takes and gives back within that without asking anybody. */
const SHARE = 1 / 8;
/** Milliseconds for which a process counts as busy. */
const BUSY_MS = 1_000;

/** Places that several processes share, as this one sees them. */
export interface SharedPlaces extends Places, SharedPart {
  /** How many all may have together: a key's may change while calls are under way. */
  limit: number;
}

/**
 * Places that several processes share: the store knows how many each has taken, and holds beyond that. Together they never have more than the limit under way, but for the places
 * of a process that was not heard of for ten seconds and goes on all the same, and for a call that fails over: it was let in. Of few places (below nine) none is held without
 * need, so that one which is given back is free for all at once; of more, up to an eighth of the free ones is, for a second.
 */
export function createSharedPlaces(
  name: string,
  limit: number,
  ask: (places: SharedPlaces, amount: number, now: number) => void,
): SharedPlaces {
  let used = 0;
  let told = 0;
  let held = 0;
  let heldUntil = 0;
  /** What of `held` is held without need. */
  let spare = 0;
  let others = 0;
  let takenAt = Number.NEGATIVE_INFINITY;
  let refusedAt = Number.NEGATIVE_INFINITY;

  function forget(now: number): void {
    if (now > heldUntil) held = Math.min(held, 0);
  }

  const mayAsk = (now: number) => now >= refusedAt + ASK_AGAIN_MS || now < refusedAt;

  const places: SharedPlaces = {
    limit,

    get isOpen() {
      return used > 0 || told > 0 || held > 0;
    },

    mayBeFree(now) {
      forget(now);
      return held > 0 || mayAsk(now);
    },

    isFree(now) {
      forget(now);
      if (held > 0) return true;
      if (!mayAsk(now)) return false;
      ask(places, 1, now);
      if (held <= 0) refusedAt = now;
      return held > 0;
    },

    take(now) {
      forget(now);
      used += 1;
      held -= 1;
      takenAt = now;
      // One that goes on without a place: the others are to know.
      if (held < 0) ask(places, 0, now);
      return (end) => {
        forget(end);
        used -= 1;
        held += 1;
        refusedAt = Number.NEGATIVE_INFINITY;
        if (held > spare || end > heldUntil) ask(places, 0, end);
      };
    },

    wish(amount, now): LimitWish {
      forget(now);
      const free = places.limit - used - others - amount;
      spare = now - takenAt < BUSY_MS ? Math.max(0, Math.floor((free - 1) * SHARE)) : 0;
      const freeAt = now + SILENT_MS;
      const changed = [{ slot: 0, amount: used, freeAt }];
      return { name, limit: places.limit, used, changed, wanted: amount + spare, spare, freeAt };
    },

    granted(lease: LimitLease, now) {
      told = used;
      held = lease.granted;
      heldUntil = now + HOLD_MS;
      others = lease.others.reduce((sum, one) => sum + one.amount, 0);
    },
  };
  return places;
}
