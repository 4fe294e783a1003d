import type { AdmissionRequest, Attempt } from '@signalbox/core';

/** Tokens of an answer when nothing is known of it. */
export const USUAL_OUTPUT = 500;

/** What one request wants of the limits, besides being one request. */
export interface Demand {
  /** Estimated. Measures the request at the first call. */
  inputTokens(): number;
  /** Expected. */
  outputTokens(): number;
}

export function demandOf({ needs, task }: AdmissionRequest): Demand {
  return {
    inputTokens: () => needs().inputTokens,
    outputTokens: () =>
      Math.min(task?.expectedOutputTokens ?? USUAL_OUTPUT, needs().maxOutputTokens ?? Number.POSITIVE_INFINITY),
  };
}

/**
 * The tokens that an attempt really used, where that can be known: as booked, or none where the provider answered with an error. Undefined: it may
 * have read and written, and nobody says how much.
 */
export function tokensUsed({ usage, error, outcome }: Attempt): number | undefined {
  if (usage !== undefined) return usage.inputTokens + usage.outputTokens;
  const refused = outcome === 'failure' && (error?.status !== undefined || error?.kind === 'connect');
  return refused ? 0 : undefined;
}
