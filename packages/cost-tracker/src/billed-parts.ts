import type { Rates, Usage } from '@signalbox/core';

/** Tokens (or searches) that are billed at one rate. */
export interface BilledPart {
  /** The kind whose rate is asked for first. */
  readonly kind: keyof Rates;
  /** The kind that it is part of: its rate holds where `kind` has none. */
  readonly partOf: 'input' | 'output' | undefined;
  /** A whole number above zero. */
  readonly count: number;
}

/** Parts of the input, in the order in which they claim it when their sum is above the total. */
const INPUT_PARTS = [
  ['cacheWrite1h', 'cacheWrite1hTokens'],
  ['cacheWrite5m', 'cacheWrite5mTokens'],
  ['cacheRead', 'cacheReadTokens'],
  ['inputAudio', 'inputAudioTokens'],
] as const;

const OUTPUT_PARTS = [
  ['outputAudio', 'outputAudioTokens'],
  ['reasoning', 'reasoningTokens'],
] as const;

/**
 * Splits a usage into parts that don't overlap: every token is in exactly one. Parts that together exceed their total are cut to
 * it (cached audio, for one, is reported both as cached and as audio), so that no remainder is negative. `undefined` where a
 * total is not a finite number.
 */
export function billedParts(usage: Usage): readonly BilledPart[] | undefined {
  if (!Number.isFinite(usage.inputTokens) || !Number.isFinite(usage.outputTokens)) return undefined;
  const parts: BilledPart[] = [];
  let rest = whole(usage.inputTokens);
  for (const [kind, field] of INPUT_PARTS) {
    const count = Math.min(rest, whole(usage[field]));
    if (count > 0) parts.push({ kind, partOf: 'input', count });
    rest -= count;
  }
  if (rest > 0) parts.push({ kind: 'input', partOf: undefined, count: rest });
  rest = whole(usage.outputTokens);
  for (const [kind, field] of OUTPUT_PARTS) {
    const count = Math.min(rest, whole(usage[field]));
    if (count > 0) parts.push({ kind, partOf: 'output', count });
    rest -= count;
  }
  if (rest > 0) parts.push({ kind: 'output', partOf: undefined, count: rest });
  const searches = whole(usage.webSearches);
  if (searches > 0) parts.push({ kind: 'webSearch', partOf: undefined, count: searches });
  return parts;
}

/** Counts are whole and not negative; an estimate's fraction counts as a token. */
function whole(count: number | undefined): number {
  return count !== undefined && Number.isFinite(count) && count > 0 ? Math.ceil(count) : 0;
}
