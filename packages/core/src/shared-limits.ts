/** Uses of a limit that began at about the same time, as one amount. */
export interface LimitUse {
  /** Which stretch of time they began in, counted by whoever used the limit. */
  readonly slot: number;
  readonly amount: number;
  /** Unix milliseconds: from then on they don't count any more. */
  readonly freeAt: number;
}

/** What a process has used of a limit, and what it wants to hold, so that it can use it without asking anybody. */
export interface LimitWish {
  /** The same for all who share the limit. */
  readonly name: string;
  /** What all may use together in the limit's time. */
  readonly limit: number;
  /** What this process has used of it and still counts. */
  readonly used: number;
  /** The parts of it that have changed since it asked last. */
  readonly changed: readonly LimitUse[];
  /** What is wanted beyond that; granted as far as the limit allows it. */
  readonly wanted: number;
  /** How much of that nobody waits for: the rest is used as soon as it is granted. */
  readonly spare: number;
  /** When what is granted counts no more if nothing is heard of it, Unix milliseconds: a process that dies has used all of it. */
  readonly freeAt: number;
}

/** What a process gets of a shared limit. */
export interface LimitLease {
  /** What may be used from now on: 0 to `wanted`. What was granted before is void. */
  readonly granted: number;
  /** What others have used, are about to use (`granted`) and may yet use or give back (`spare`). Told where less than `wanted` was granted. */
  readonly others: readonly {
    readonly amount: number;
    readonly freeAt: number;
    readonly state: 'used' | 'granted' | 'spare';
  }[];
}

/** Rate limits that the processes of a machine share. */
export interface SharedLimits {
  /** All wishes in one step that no other process comes between. Throws RouterError where the store can't be used. */
  lease(wishes: readonly LimitWish[]): readonly LimitLease[];
  /** Gives back what this process holds. What it has used stays. */
  close(): void;
}
