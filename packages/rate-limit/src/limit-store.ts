import type { LimitSize, LimitWindow } from './limit-window.ts';
import { createMemoryPlaces, type Places } from './places.ts';
import { createHistory, createSlidingWindow, type WindowHistory } from './sliding-window.ts';

/**
 * Where limits are counted. One process counts in its memory. A store that is shared by several lets each lease a slice of a limit and spend it
 * here, so that no request waits for a network; when a slice arrives, it calls `onFree`.
 */
export interface LimitStore {
  /** `name` is the same for all who share the limit: provider, key, model and what is counted. */
  window(name: string, size: LimitSize, onFree: () => void): LimitWindow;
  /** Calls at once. Absent: whoever counts them counts by itself. */
  places?(name: string, limit: number): Places;
}

/**
 * Counts in this process's memory. Whoever asks for the same name and span again, a limiter of a changed configuration say, goes on counting where the other is,
 * whatever the limit is now.
 */
export function createMemoryStore(): LimitStore {
  const histories = new Map<string, WindowHistory>();
  const taken = new Map<string, { count: number }>();
  return {
    places(name, limit) {
      const mine = taken.get(name) ?? { count: 0 };
      taken.set(name, mine);
      return createMemoryPlaces(limit, mine);
    },

    window(name, size) {
      const id = `${name} ${size.perMs}`;
      const history = histories.get(id) ?? createHistory();
      histories.set(id, history);
      return createSlidingWindow(size, history);
    },
  };
}
