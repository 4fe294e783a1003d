import type { LimitLease, LimitUse, LimitWish } from '@signalbox/core';
import type { LimitSize, LimitWindow } from './limit-window.ts';

/** Something limited of which this process holds a part. */
export interface SharedPart {
  /** Whether others should hear of it: something is held, or was used since it asked last. */
  readonly isOpen: boolean;
  /** What is wanted beyond `amount`, and what was used. Ends what is held: an answer must follow. */
  wish(amount: number, now: number): LimitWish;
  granted(lease: LimitLease, now: number): void;
}

/** A window of which this process holds a part. */
export interface SharedWindow extends LimitWindow, SharedPart {}

/** Uses of so many parts of the window are told apart. */
const SLOTS = 60;
/** Milliseconds for which what was granted may be used. */
const HOLD_MS = 2_000;
/** Milliseconds between two questions of a window that is used up: others may have given something back. */
const ASK_AGAIN_MS = 250;
/** The share of what is left that a process may hold without need: others want to use it, too. */
const SHARE = 1 / 8;

interface Slot extends LimitUse {
  amount: number;
  freeAt: number;
  changed: boolean;
  /** What others know of it. */
  told: number;
}

/**
 * A sliding window that several processes use: this one counts its own uses and holds a part of what is free, which it may use without asking. No span of the window's length ever
 * has more than the limit, over all processes together; what is held and not used counts as used until it is given back. `ask` puts a wish to the store.
 */
export function createSharedWindow(
  name: string,
  { limit, perMs }: LimitSize,
  ask: (window: SharedWindow, amount: number, now: number) => void,
  overdrawn: (window: SharedWindow) => void,
): SharedWindow {
  const slots = new Map<number, Slot>();
  const grain = Math.max(1, perMs / SLOTS);
  let used = 0;
  let held = 0;
  let heldUntil = 0;
  let demand = 0;
  let others: LimitLease['others'] = [];
  let askedAt = Number.NEGATIVE_INFINITY;

  let latest = Number.NEGATIVE_INFINITY;

  /** A clock that was set back must not make the past last longer, nor what is held: from now on everything counts for its usual time, and others are asked anew. */
  function setBack(now: number): void {
    for (const slot of slots.values()) slot.freeAt = Math.min(slot.freeAt, now + perMs);
    heldUntil = Math.min(heldUntil, now + HOLD_MS);
    others = [];
    askedAt = Number.NEGATIVE_INFINITY;
  }

  function forget(now: number): void {
    if (now < latest) setBack(now);
    latest = now;
    for (const [place, slot] of slots) {
      if (slot.freeAt > now) break;
      used -= slot.amount;
      slots.delete(place);
    }
    if (now > heldUntil) held = Math.min(held, 0);
  }

  /** When others' part is free again: each use ends with its time, what they are about to use as if it were used, and what they hold without need when they have to give it back. */
  function endOf({ state, freeAt }: LimitLease['others'][number]): number {
    if (state === 'used') return freeAt;
    return state === 'granted' ? freeAt - HOLD_MS : freeAt - perMs;
  }

  /** When so much is free. */
  function untilFree(amount: number, now: number): number {
    const ends = [
      ...[...slots.values()].map((slot) => ({ amount: slot.amount, at: slot.freeAt })),
      ...others.map((one) => ({ amount: one.amount, at: endOf(one) })),
    ].filter(({ at }) => at > now);
    const spans = Math.max(0, Math.ceil(amount / limit) - 1);
    let toFree = ends.reduce((sum, one) => sum + one.amount, 0) + (amount - spans * limit) - limit;
    if (toFree <= 0) return spans * perMs;
    for (const end of ends.sort((one, other) => one.at - other.at)) {
      toFree -= end.amount;
      if (toFree <= 0) return end.at - now + spans * perMs;
    }
    return (spans + 1) * perMs;
  }

  const window: SharedWindow = {
    get isOpen() {
      return held !== 0 || demand > 0 || [...slots.values()].some(({ changed }) => changed);
    },

    waitMs(amount, now) {
      forget(now);
      if (held >= amount) return 0;
      const known = untilFree(amount, now);
      if (amount > limit || (known > 0 && now < askedAt + ASK_AGAIN_MS)) return Math.max(1, known);
      ask(window, amount, now);
      return held >= amount ? 0 : Math.max(1, untilFree(amount, now));
    },

    take(amount, now) {
      forget(now);
      const place = Math.floor(now / grain);
      let slot = slots.get(place);
      if (slot === undefined) {
        slot = { slot: place, amount: 0, freeAt: 0, changed: true, told: 0 };
        slots.set(place, slot);
      }
      const mine = slot;
      let taken = 0;
      const count = (really: number) => {
        const more = Math.ceil(really) - taken;
        taken += more;
        // What counts no more can't be given back.
        if (slots.get(place) !== mine) return;
        // What others were told of as used ends with its own time for them: only what they know nothing of stands under what is held, and is held again.
        const untold = Math.max(0, mine.amount - mine.told);
        held -= Math.max(more, -untold);
        mine.amount += more;
        mine.changed = true;
        used += more;
      };
      mine.freeAt = Math.max(mine.freeAt, now + perMs);
      count(amount);
      demand += taken;
      return {
        correct(really) {
          const before = taken;
          count(really);
          if (taken > before && held < 0) overdrawn(window);
        },
      };
    },

    wish(amount, now) {
      forget(now);
      const changed = [...slots.values()].filter((slot) => slot.changed);
      const free = limit - used - others.reduce((sum, one) => sum + one.amount, 0);
      const worth = Math.max(0, Math.floor(Math.min(demand, free * SHARE)));
      if (amount === 0) demand = 0;
      return {
        name,
        limit,
        used,
        changed,
        wanted: Math.ceil(amount) + worth,
        spare: worth,
        freeAt: now + HOLD_MS + perMs,
      };
    },

    granted(lease, now) {
      for (const slot of slots.values()) {
        slot.changed = false;
        slot.told = slot.amount;
      }
      held = lease.granted;
      heldUntil = now + HOLD_MS;
      others = lease.others;
      askedAt = now;
    },
  };
  return window;
}
