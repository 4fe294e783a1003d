import type { ProviderError, ProviderErrorKind } from '@signalbox/core';

/** How often and how long apart a call is repeated at the same place. */
export interface RetryPolicy {
  /** Attempts at one candidate at most, the first included. Default 3. */
  readonly maxAttempts: number;
  /** How waits grow. Default exponential. */
  readonly backoff: 'exponential' | 'linear' | 'constant';
  /** The longest wait that a provider may ask for and get, in milliseconds; a longer one means the next candidate. Default 10,000. */
  readonly maxWaitMs: number;
}

/** Three attempts at a candidate, exponential waits with full jitter, 10 s at most. */
export const DEFAULT_RETRY_POLICY: RetryPolicy = { maxAttempts: 3, backoff: 'exponential', maxWaitMs: 10_000 };

/** Milliseconds: the first wait at most, what no wait is shorter than, and the most that backoff alone grows to. */
const FIRST_WAIT_MS = 500;
const SHORTEST_WAIT_MS = 100;
const LONGEST_BACKOFF_MS = 8_000;

/**
 * Kinds of failure after which the same place is tried again, and how often at most. A timeout is not among them: whoever was silent
 * once for as long as we wait is not asked to be silent again. `connect` is repeated only where nobody else is left.
 */
const RETRIES: Readonly<Partial<Record<ProviderErrorKind, number>>> = {
  'rate-limit': Number.POSITIVE_INFINITY,
  overloaded: Number.POSITIVE_INFINITY,
  server: Number.POSITIVE_INFINITY,
  'connection-lost': Number.POSITIVE_INFINITY,
  'stream-cut': 1,
  'invalid-response': 1,
  connect: 1,
};

export interface RetryQuestion {
  readonly error: ProviderError;
  /** Attempts made at this candidate so far. */
  readonly made: number;
  /** Whether another candidate could be tried. */
  readonly othersLeft: boolean;
  /** 0 (inclusive) to 1 (exclusive). */
  readonly random: number;
  /** Milliseconds that the caller is known to wait for an answer at most, from now on. */
  readonly patienceMs?: number | undefined;
}

/**
 * Milliseconds to wait before the same candidate is tried again; undefined: don't. Backoff has full jitter, so that many callers do not come
 * back at once; what a provider asks for is never undercut, and neither is our own wait where it asks for less. Nobody waits for longer
 * than the caller does.
 */
export function retryWait(policy: RetryPolicy, question: RetryQuestion): number | undefined {
  const wait = waitAsked(policy, question);
  return wait === undefined || wait >= (question.patienceMs ?? Number.POSITIVE_INFINITY) ? undefined : wait;
}

function waitAsked(policy: RetryPolicy, { error, made, othersLeft, random }: RetryQuestion): number | undefined {
  const retries = RETRIES[error.kind];
  if (retries === undefined || made > retries || made >= policy.maxAttempts) return undefined;
  if (error.kind === 'connect' && othersLeft) return undefined;
  const growth = policy.backoff === 'exponential' ? 2 ** (made - 1) : policy.backoff === 'linear' ? made : 1;
  const longest = Math.min(LONGEST_BACKOFF_MS, FIRST_WAIT_MS * growth);
  const backoff = SHORTEST_WAIT_MS + (longest - SHORTEST_WAIT_MS) * random;
  if (error.retryAfterMs === undefined) return backoff;
  if (error.retryAfterMs > policy.maxWaitMs) return undefined;
  // A little above what was asked: a clock that runs a millisecond fast must not count as a breach.
  return Math.max(backoff, error.retryAfterMs + Math.min(200, error.retryAfterMs * 0.05) * (0.5 + random / 2));
}
