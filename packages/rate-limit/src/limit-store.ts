import { createHistory, createSlidingWindow, type WindowHistory } from './sliding-window.ts';

/** So much in so many milliseconds. */
export interface LimitSize {
  readonly limit: number;
  readonly perMs: number;
}

/** What was used of a limit. Synchronous: it is asked on every request's path. */
export interface LimitWindow {
  /**
   * Milliseconds until so much may be used; 0: now. For more than the limit, the least time in which it can be used bit by bit. `Infinity`: not known yet;
   * `onFree` is called when it is.
   */
  waitMs(amount: number, now: number): number;
  /** Uses so much, whether or not it fits: ask `waitMs` first. */
  take(amount: number, now: number): Taken;
}

/** Something that was counted before it was known exactly. */
export interface Taken {
  /** It was so much in truth; 0: none of it was used. */
  correct(amount: number): void;
}

/**
 * Where limits are counted. One process counts in its memory. A store that is shared by several lets each lease a slice of a limit and spend it
 * here, so that no request waits for a network; when a slice arrives, it calls `onFree`.
 */
export interface LimitStore {
  /** `name` is the same for all who share the limit: provider, key, model and what is counted. */
  window(name: string, size: LimitSize, onFree: () => void): LimitWindow;
}

/**
 * Counts in this process's memory. Whoever asks for the same name and span again, a limiter of a changed configuration say, goes on counting where the other is,
 * whatever the limit is now.
 */
export function createMemoryStore(): LimitStore {
  const histories = new Map<string, WindowHistory>();
  return {
    window(name, size) {
      const id = `${name} ${size.perMs}`;
      const history = histories.get(id) ?? createHistory();
      histories.set(id, history);
      return createSlidingWindow(size, history);
    },
  };
}
