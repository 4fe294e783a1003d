import type { BatchResult, Caller, Candidate, LedgerRow, Pricing } from '@signalbox/core';

/** One result of a batch, with what has to be known to book it. */
export interface CollectedResult {
  readonly candidate: Candidate;
  readonly batchId: string;
  /** Unix milliseconds: decides at which prices it is billed. */
  readonly submittedAt: number;
  /** Unix milliseconds: when it was fetched, which is when it is booked. */
  readonly collectedAt: number;
  readonly result: BatchResult;
}

/** The id of the decision that a result is booked under: always the same for the same result, so that it can be booked once. */
export function batchDecisionId(batchId: string, itemId: string): string {
  return `batch:${batchId}:${itemId}`;
}

/**
 * A result as a row of the ledger, at the price of the batch tier. Time is nothing that a batch has an opinion on, so it takes no part in what is known of a model's speed. What failed costs
 * nothing: providers charge for answers alone.
 */
export function ledgerRow(collected: CollectedResult, pricing: Pricing, caller: Caller): LedgerRow {
  const { candidate, batchId, submittedAt, collectedAt, result } = collected;
  const { outcome } = result;
  const { provider, model } = candidate;
  const usage =
    'response' in outcome && outcome.response.usage !== undefined
      ? { ...outcome.response.usage, serviceTier: 'batch' }
      : undefined;
  const cost = provider.simulated
    ? { nanoUsd: 0, provenance: 'counted' as const }
    : 'error' in outcome
      ? { nanoUsd: 0, provenance: 'counted' as const }
      : usage && pricing.cost(candidate.facts, usage, submittedAt);
  const id = batchDecisionId(batchId, result.id);
  return {
    caller,
    decision: {
      id,
      decidedAt: submittedAt,
      requestedModel: model,
      strategy: 'batch',
      reason: 'a request of a batch',
      order: [{ candidate: candidate.id, provider: provider.id, model }],
      removed: [],
    },
    attempt: {
      candidate: candidate.id,
      provider: provider.id,
      model,
      cause: 'first',
      answeredBy: 'response' in outcome ? outcome.response.model : undefined,
      startedAt: collectedAt,
      // Zero: no time is written down.
      durationMs: 0,
      outcome: 'response' in outcome ? 'success' : 'failure',
      lane: 'canonical',
      simulated: provider.simulated,
      finish: 'response' in outcome ? outcome.response.finish : undefined,
      usage,
      cost,
      notes: [],
      error:
        'error' in outcome
          ? {
              kind: outcome.error.kind,
              message: outcome.error.message,
              status: outcome.error.status,
              code: outcome.error.code,
            }
          : undefined,
    },
  };
}
