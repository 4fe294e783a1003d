/** Bounds the extra load that retries are: a storm must not be answered with a bigger one. */
export interface RetryBudget {
  /** A request came in. */
  deposit(): void;
  /** Takes one retry; false when the budget is spent. */
  withdraw(): boolean;
}

/** Retries for each request, on average; and how many may be saved up for a bad moment. */
const SHARE = 0.2;
const SAVED = 20;

export function createRetryBudget(): RetryBudget {
  let balance = SAVED;
  return {
    deposit() {
      balance = Math.min(SAVED, balance + SHARE);
    },
    withdraw() {
      if (balance < 1) return false;
      balance -= 1;
      return true;
    },
  };
}
