import type { Clock } from '@signalbox/core';
import type { Demand } from './demand.ts';
import { type Ahead, type Gate, type Hindrance, longer, NOBODY_AHEAD, type Passage } from './gate.ts';

/** A call that waits. */
export interface Place {
  readonly gates: readonly Gate[];
  readonly demand: Demand;
  /** It is its turn. */
  admit(passages: readonly Passage[]): void;
}

/** Those who wait for one provider. */
export interface WaitingLine {
  readonly length: number;
  /** Whether somebody waits for a gate: then nobody passes it out of turn. */
  isAwaited(gate: Gate): boolean;
  join(place: Place): void;
  leave(place: Place): void;
  /** Something may have become free. */
  look(): void;
  /** What one in the line waits for, those before it counted. */
  hindrance(place: Place): Hindrance | undefined;
}

/** A timer is set anew after so long, since timers have a longest time. */
const LONGEST_TIMER_MS = 3_600_000;

/**
 * Lets calls through in the order in which they came, gate by gate: nobody overtakes at a gate, and who waits at one (a model's limit) holds up nobody
 * who need not pass it. Waiting costs nothing: one timer for the line, set to when the first may go on.
 */
export function createWaitingLine(clock: Clock): WaitingLine {
  const places: Place[] = [];
  let awaited = new Set<Gate>();
  let cancelTimer: (() => void) | undefined;

  function look(): void {
    cancelTimer?.();
    cancelTimer = undefined;
    awaited = new Set();
    if (places.length === 0) return;
    const now = clock.now();
    let soonest = Number.POSITIVE_INFINITY;
    let at = 0;
    while (at < places.length) {
      const place = places[at] as Place;
      let isFree = true;
      let isEnd = false;
      for (const gate of place.gates) {
        if (awaited.has(gate)) {
          isFree = false;
          continue;
        }
        const hindrance = gate.hindrance(place.demand, NOBODY_AHEAD, now);
        if (hindrance === undefined) continue;
        isFree = false;
        isEnd ||= gate.isShared;
        awaited.add(gate);
        soonest = Math.min(soonest, hindrance.waitMs);
      }
      if (isFree) {
        places.splice(at, 1);
        place.admit(place.gates.map((gate) => gate.pass(place.demand, now)));
      } else if (isEnd) break;
      else at += 1;
    }
    if (soonest < Number.POSITIVE_INFINITY) {
      cancelTimer = clock.after(Math.min(LONGEST_TIMER_MS, Math.max(1, Math.ceil(soonest))), look);
    }
  }

  return {
    get length() {
      return places.length;
    },
    isAwaited: (gate) => awaited.has(gate),
    join(place) {
      places.push(place);
      look();
    },
    leave(place) {
      const at = places.indexOf(place);
      if (at === -1) return;
      places.splice(at, 1);
      look();
    },
    look,
    hindrance(place) {
      const now = clock.now();
      let longest: Hindrance | undefined;
      for (const gate of place.gates) {
        longest = longer(longest, gate.hindrance(place.demand, aheadAt(gate, place, places), now));
      }
      return longest;
    },
  };
}

function aheadAt(gate: Gate, place: Place, places: readonly Place[]): Ahead {
  let requests = 0;
  let tokens = 0;
  for (const other of places) {
    if (other === place) break;
    if (!other.gates.includes(gate)) continue;
    requests += 1;
    tokens += gate.tokensOf(other.demand);
  }
  return { requests, tokens };
}
