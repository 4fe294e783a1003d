import type { ProviderErrorKind } from './errors.ts';
import type { Finish } from './finish.ts';
import type { NanoUsd } from './money.ts';
import type { TranslationNote } from './translation-note.ts';
import type { Provenance, Usage } from './usage.ts';

/** Money of one attempt, with where the figure comes from. `undefined` amounts are unknown, never zero. */
export interface Cost {
  readonly nanoUsd: NanoUsd;
  readonly provenance: Provenance;
}

/**
 * Why an attempt was made: the decision's first choice, the same candidate again, another candidate, one more beside an attempt that was
 * slow (`hedge`), the rest of an answer that broke off, or none at all, since the answer was kept (`cache`).
 */
export type AttemptCause = 'first' | 'retry' | 'failover' | 'hedge' | 'continuation' | 'cache';

/** One call to a provider, and what became of it: a value, ready for JSON and the ledger. */
export interface Attempt {
  /** `provider/model id`. */
  readonly candidate: string;
  readonly provider: string;
  /** The id that was sent. */
  readonly model: string;
  readonly cause: AttemptCause;
  /** The name of the provider's key that was used, where it has several: never the key itself. */
  readonly providerKey?: string | undefined;
  /** The model that answered, as the provider named it. */
  readonly answeredBy?: string | undefined;
  /** Unix milliseconds. */
  readonly startedAt: number;
  /** Milliseconds from the start to the first content. */
  readonly firstContentMs?: number | undefined;
  /** Milliseconds from the start to the end. */
  readonly durationMs: number;
  readonly outcome: 'success' | 'failure' | 'aborted';
  /** `cache`: the answer was kept from an earlier call; none was made. */
  readonly lane: 'bytes' | 'canonical' | 'cache';
  readonly simulated: boolean;
  readonly finish?: Finish | undefined;
  readonly usage?: Usage | undefined;
  /** Absent where the price is unknown. Simulated calls cost zero. */
  readonly cost?: Cost | undefined;
  /** What the call would have cost, where a kept answer made it needless. */
  readonly saved?: Cost | undefined;
  readonly notes: readonly TranslationNote[];
  readonly error?: AttemptError | undefined;
}

/** Why an attempt failed, as a plain value: the parts of a ProviderError that a ledger keeps. */
export interface AttemptError {
  readonly kind: ProviderErrorKind;
  readonly message: string;
  readonly status?: number | undefined;
  readonly code?: string | undefined;
}
