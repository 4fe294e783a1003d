/** How a provider keeps the beginnings of prompts. */
export interface PromptCacheTerms {
  /** Whether it caches what nobody marked. */
  readonly unasked: boolean;
  /** Milliseconds for which a beginning stays after its last use. */
  readonly ttlMs: number;
  /** The same where the longer of two lifetimes was asked for. */
  readonly longTtlMs?: number | undefined;
  /** Tokens that a beginning needs at least, where the model's facts say nothing. */
  readonly minTokens: number;
}
