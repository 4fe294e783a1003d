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

/** One call to a provider, and what became of it: a value, ready for JSON and the ledger. */
export interface Attempt {
  /** `provider/model id`. */
  readonly candidate: string;
  readonly provider: string;
  /** The id that was sent. */
  readonly model: string;
  /** The model that answered, as the provider named it. */
  readonly answeredBy?: string | undefined;
  /** Unix milliseconds. */
  readonly startedAt: number;
  /** Milliseconds from the start to the first content. */
  readonly firstContentMs?: number | undefined;
  /** Milliseconds from the start to the end. */
  readonly durationMs: number;
  readonly outcome: 'success' | 'failure' | 'aborted';
  readonly lane: 'bytes' | 'canonical';
  readonly simulated: boolean;
  readonly finish?: Finish | undefined;
  readonly usage?: Usage | undefined;
  /** Absent where the price is unknown. Simulated calls cost zero. */
  readonly cost?: Cost | undefined;
  readonly notes: readonly TranslationNote[];
  readonly error?: AttemptError | undefined;
}

export interface AttemptError {
  readonly kind: ProviderErrorKind;
  readonly message: string;
  readonly status?: number | undefined;
  readonly code?: string | undefined;
}
