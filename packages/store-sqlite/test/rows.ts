import type { Attempt, Caller, Decision, LedgerRow } from '@signalbox/core';

/** A row as the router books it, with what a test wants otherwise. */
export function rowOf(
  decision: string,
  attempt: Partial<Attempt> = {},
  caller: Partial<Caller> = {},
  decided: Partial<Decision> = {},
): LedgerRow {
  return {
    decision: {
      id: decision,
      decidedAt: 1_000,
      requestedModel: 'auto',
      strategy: 'best_for_task',
      reason: 'simple_query, low complexity',
      task: {
        type: 'simple_query',
        complexity: 'low',
        difficulty: 0.2,
        expectedOutputTokens: 120,
        reason: 'is a plain question',
      },
      order: [
        {
          candidate: 'anthropic/claude-haiku-4-5',
          provider: 'anthropic',
          model: 'claude-haiku-4-5',
          score: 1.506003996003996,
          scoreParts: { cost: 0.006003996003996004, size: 1 },
          predictedCost: 55_055_000,
        },
      ],
      removed: [{ candidate: 'openai/gpt-4-turbo', kind: 'missing-key', reason: 'no API key: set OPENAI_API_KEY' }],
      ...decided,
    },
    attempt: {
      candidate: 'anthropic/claude-haiku-4-5',
      provider: 'anthropic',
      model: 'claude-haiku-4-5',
      cause: 'first',
      startedAt: 1_000,
      durationMs: 250,
      outcome: 'success',
      lane: 'bytes',
      simulated: false,
      notes: [],
      usage: { inputTokens: 100, outputTokens: 10, provenance: 'reported' },
      cost: { nanoUsd: 150_000, provenance: 'reported' },
      ...attempt,
    },
    caller: { tenant: 'local', ...caller },
  };
}
