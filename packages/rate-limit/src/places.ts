/** Calls that may be under way at once. Synchronous: it is asked on every request's path. */
export interface Places {
  /** Whether it is worth asking for one; costs nothing. */
  mayBeFree(now: number): boolean;
  /** Whether one is free for this process now. */
  isFree(now: number): boolean;
  /** Takes one, whether or not it is free: ask `isFree` first. What comes back gives it back, and is called once. */
  take(now: number): (now: number) => void;
}

/** Places that are counted in this process's memory; whoever asks for the same name counts in the same `taken`. */
export function createMemoryPlaces(limit: number, taken: { count: number }): Places {
  const isFree = () => taken.count < limit;
  return {
    mayBeFree: isFree,
    isFree,
    take() {
      taken.count += 1;
      return () => {
        taken.count -= 1;
      };
    },
  };
}
