/** Bounds the extra load that repeated and doubled calls are: a storm must not be answered with a bigger one. */
export interface ExtraCalls {
  /** A request came in. */
  deposit(): void;
  /** Takes one extra call; false when there is none left. */
  withdraw(): boolean;
}

/** How many retries may be saved up for a bad moment, and how many there are for each request. */
export const RETRIES = { share: 0.2, saved: 20 } as const;

/** `share`: extra calls for each request, on average; `saved`: how many may be saved up, and are there at the start. */
export function createExtraCalls({ share, saved }: { readonly share: number; readonly saved: number }): ExtraCalls {
  let balance = saved;
  return {
    deposit() {
      balance = Math.min(saved, balance + share);
    },
    withdraw() {
      if (balance < 1) return false;
      balance -= 1;
      return true;
    },
  };
}
