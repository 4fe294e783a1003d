import {
  type Attempt,
  type AttemptCause,
  type Caller,
  type Candidate,
  type Cost,
  type Decision,
  estimateTokens,
  type Inbound,
  type Ledger,
  type Needs,
  type Pricing,
  type ProviderError,
  type Usage,
} from '@signalbox/core';
import { completeUsage, soundUsage } from '../lanes/complete-usage.ts';
import type { Progress } from '../lanes/lane.ts';

/** What an attempt leaves behind when it is over. */
export interface AttemptEnd {
  readonly candidate: Candidate;
  readonly lane: 'bytes' | 'canonical';
  readonly startedAt: number;
  readonly endedAt: number;
  readonly firstContentAt: number | undefined;
  /** Absent: the request never left. */
  readonly progress: Progress | undefined;
  readonly error: ProviderError | undefined;
  readonly inbound: Inbound;
  readonly needs: Needs | undefined;
  readonly cause: AttemptCause;
  readonly providerKey: string | undefined;
}

/** The attempt as a value, with its usage and cost. */
export function describeAttempt(end: AttemptEnd, pricing: Pricing | undefined): Attempt {
  const { candidate, progress, error } = end;
  const usage = settledUsage(end);
  return {
    candidate: candidate.id,
    provider: candidate.provider.id,
    model: candidate.model,
    cause: end.cause,
    providerKey: end.providerKey,
    answeredBy: progress?.answeredBy,
    startedAt: end.startedAt,
    firstContentMs: end.firstContentAt === undefined ? undefined : end.firstContentAt - end.startedAt,
    durationMs: end.endedAt - end.startedAt,
    outcome: error === undefined ? 'success' : error.kind === 'aborted' ? 'aborted' : 'failure',
    lane: end.lane,
    simulated: candidate.provider.simulated,
    finish: progress?.finish,
    usage,
    cost: settledCost(end, usage, pricing),
    notes: progress?.notes ?? [],
    error:
      error === undefined
        ? undefined
        : { kind: error.kind, message: error.message, status: error.status, code: error.code },
  };
}

/**
 * The provider's figures, or an estimate where it gave none although an answer had begun: an aborted or cut stream was
 * generated and will be billed. A call that failed before any content is booked without usage.
 */
function settledUsage(end: AttemptEnd): Usage | undefined {
  const { progress, firstContentAt, error } = end;
  if (firstContentAt === undefined && (error !== undefined || progress === undefined))
    return soundUsage(progress?.usage);
  const output = () => progress?.outputText() ?? '';
  const usage = completeUsage(progress?.usage, end, output);
  if (error === undefined) return usage;
  // Broken off: the input was reported at the start, the output figure of that moment is too small.
  const generated = estimateTokens(output());
  return usage.outputTokens >= generated ? usage : { ...usage, outputTokens: generated, provenance: 'estimated' };
}

function settledCost(end: AttemptEnd, usage: Usage | undefined, pricing: Pricing | undefined): Cost | undefined {
  // What is simulated, or is on the caller's own bill, costs us nothing.
  const { simulated, callerCredentials } = end.candidate.provider;
  if (simulated || callerCredentials === true) return { nanoUsd: 0, provenance: 'counted' };
  if (usage === undefined) return end.error === undefined ? undefined : { nanoUsd: 0, provenance: 'estimated' };
  return pricing?.cost(end.candidate.facts, usage, end.startedAt);
}

/** Writes an attempt down. The books must never break a request. */
export function book(ledger: Ledger | undefined, decision: Decision, attempt: Attempt, caller: Caller): void {
  ledger?.append({ decision, attempt, caller });
}
