import type { Usage } from '@signalbox/core';
import type { StoredAttempt } from '@signalbox/store-sqlite';

/** What an attempt used, as it was booked; `undefined` where that is not known. */
export function usageOf(attempt: StoredAttempt): Usage | undefined {
  const { inputTokens, outputTokens, usageProvenance } = attempt;
  if (inputTokens === undefined || outputTokens === undefined) return undefined;
  return {
    inputTokens,
    outputTokens,
    cacheReadTokens: attempt.cacheReadTokens,
    cacheWrite5mTokens: attempt.cacheWrite5mTokens,
    cacheWrite1hTokens: attempt.cacheWrite1hTokens,
    reasoningTokens: attempt.reasoningTokens,
    inputAudioTokens: attempt.inputAudioTokens,
    outputAudioTokens: attempt.outputAudioTokens,
    webSearches: attempt.webSearches,
    serviceTier: attempt.serviceTier,
    provenance: usageProvenance ?? 'estimated',
  };
}

/** Whether it was paid for by somebody else: the caller's own credential was used, so that it cost us nothing whatever the price. */
export function isIncluded({ costNanoUsd, costProvenance, simulated, lane }: StoredAttempt): boolean {
  return costNanoUsd === 0 && costProvenance === 'counted' && !simulated && lane !== 'cache';
}
