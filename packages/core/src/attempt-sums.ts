import type { NanoUsd } from './money.ts';
import type { Provenance } from './usage.ts';

/** Sums over attempts. */
export interface AttemptSums {
  /** Decisions that these attempts served: a request with a failover is one request of two attempts. */
  readonly requests: number;
  readonly attempts: number;
  /** Attempts that failed or were aborted. */
  readonly failures: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Part of the input. */
  readonly cacheReadTokens: number;
  /** The sum of the costs that are known. */
  readonly nanoUsd: NanoUsd;
  /** The weakest of the costs' provenances; absent where no cost is known. */
  readonly provenance?: Provenance | undefined;
  /** Attempts that used tokens at a price that is unknown: they are not in `nanoUsd`. */
  readonly unknownPrices: number;
}
