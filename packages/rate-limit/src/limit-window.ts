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
