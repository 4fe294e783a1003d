/** Where a figure comes from: the provider said so, we counted it, or we estimated it. */
export type Provenance = 'reported' | 'counted' | 'estimated';

/**
 * Tokens of one call. `inputTokens` and `outputTokens` are totals; the other figures are parts of them, whatever the
 * provider's own arithmetic is (Anthropic counts cached tokens outside its input figure, Gemini thoughts outside its output).
 */
export interface Usage {
  /** All input tokens, cached ones included. */
  readonly inputTokens: number;
  /** All output tokens, reasoning included. */
  readonly outputTokens: number;
  /** Part of the input: read from the provider's prompt cache. */
  readonly cacheReadTokens?: number | undefined;
  /** Part of the input: written to a cache with a life of five minutes (or the provider's only kind). */
  readonly cacheWrite5mTokens?: number | undefined;
  /** Part of the input: written to a cache with a life of one hour. */
  readonly cacheWrite1hTokens?: number | undefined;
  /** Part of the output. */
  readonly reasoningTokens?: number | undefined;
  readonly inputAudioTokens?: number | undefined;
  readonly outputAudioTokens?: number | undefined;
  /** Searches run by the provider, billed apart. */
  readonly webSearches?: number | undefined;
  /** The tier the provider says it billed (`standard`, `batch`, `flex`, `priority`). */
  readonly serviceTier?: string | undefined;
  readonly provenance: Provenance;
}

const WEAKEST_FIRST: readonly Provenance[] = ['estimated', 'counted', 'reported'];

/** The weaker of two provenances: a sum is only as sure as its least sure part. */
export function weakerProvenance(one: Provenance, other: Provenance): Provenance {
  return WEAKEST_FIRST.indexOf(one) < WEAKEST_FIRST.indexOf(other) ? one : other;
}

/** The figures of a usage that are parts of its totals, or billed beside them; all of them may be absent. */
export const USAGE_PARTS = [
  'cacheReadTokens',
  'cacheWrite5mTokens',
  'cacheWrite1hTokens',
  'reasoningTokens',
  'inputAudioTokens',
  'outputAudioTokens',
  'webSearches',
] as const;

/** The sum of the usage of two calls (attempts of one request). */
export function addUsage(one: Usage, other: Usage): Usage {
  const sum: { -readonly [Key in keyof Usage]: Usage[Key] } = {
    inputTokens: one.inputTokens + other.inputTokens,
    outputTokens: one.outputTokens + other.outputTokens,
    provenance: weakerProvenance(one.provenance, other.provenance),
  };
  for (const key of USAGE_PARTS) {
    const total = (one[key] ?? 0) + (other[key] ?? 0);
    if (one[key] !== undefined || other[key] !== undefined) sum[key] = total;
  }
  if (one.serviceTier === other.serviceTier) sum.serviceTier = one.serviceTier;
  return sum;
}
