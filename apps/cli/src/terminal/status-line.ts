import { type Attempt, addUsage, type Decision, formatUsd, type NanoUsd, type Usage } from '@signalbox/core';

/** Sums over all attempts of a request. */
export interface RequestTotals {
  readonly usage: Usage | undefined;
  /** Known costs summed; undefined when nothing is known. */
  readonly cost: NanoUsd | undefined;
  /** Whether some attempt's cost is unknown or estimated. */
  readonly exact: boolean;
  /** What kept answers made needless; undefined where there was none, or its price is unknown. */
  readonly saved: NanoUsd | undefined;
  readonly durationMs: number;
  readonly simulated: boolean;
}

/** What a request took altogether, failed attempts included. */
export function requestTotals(attempts: readonly Attempt[]): RequestTotals {
  const usages = attempts.map((attempt) => attempt.usage).filter((usage) => usage !== undefined);
  const costs = attempts.map((attempt) => attempt.cost).filter((cost) => cost !== undefined);
  const saved = attempts.map((attempt) => attempt.saved).filter((cost) => cost !== undefined);
  const first = attempts[0];
  const last = attempts.at(-1);
  return {
    usage: usages.length === 0 ? undefined : usages.reduce(addUsage),
    cost: costs.length === 0 ? undefined : costs.reduce((sum, cost) => sum + cost.nanoUsd, 0),
    exact: costs.length === attempts.length && costs.every((cost) => cost.provenance !== 'estimated'),
    saved: saved.length === 0 ? undefined : saved.reduce((sum, cost) => sum + cost.nanoUsd, 0),
    durationMs: first === undefined || last === undefined ? 0 : last.startedAt + last.durationMs - first.startedAt,
    simulated: attempts.some((attempt) => attempt.simulated),
  };
}

/**
 * The line that says what happened:
 * `→ anthropic/claude-sonnet-4-5 (best_for_task: …) · 412 in / 96 out · $0.0021 · 1.8 s`. A `~` marks what was estimated.
 */
export function statusLine(decision: Decision, attempts: readonly Attempt[]): string {
  const answering = attempts.at(-1);
  const totals = requestTotals(attempts);
  const { usage, cost } = totals;
  const parts = [`→ ${answering?.candidate ?? 'nobody'} (${decision.strategy}: ${decision.reason})`];
  if (answering?.lane === 'cache') {
    parts.push(totals.saved === undefined ? 'from the cache' : `from the cache, saved ${formatUsd(totals.saved)}`);
  } else if (usage !== undefined) {
    const mark = usage.provenance === 'estimated' ? '~' : '';
    parts.push(`${mark}${usage.inputTokens} in / ${mark}${usage.outputTokens} out`);
  }
  if (totals.simulated) parts.push('simulated, $0');
  else parts.push(cost === undefined ? 'cost unknown' : `${totals.exact ? '' : '~'}${formatUsd(cost)}`);
  parts.push(formatSeconds(totals.durationMs));
  const failed = attempts.filter((attempt) => attempt.outcome === 'failure').length;
  if (failed > 0) parts.push(`${failed} failed ${failed === 1 ? 'attempt' : 'attempts'} before`);
  const cut = answering?.finish?.reason;
  if (cut === 'length' || cut === 'content-filter' || cut === 'refusal') parts.push(FINISH_WORDS[cut]);
  return parts.join(' · ');
}

const FINISH_WORDS = {
  length: 'cut at the output limit',
  'content-filter': "stopped by the provider's content filter",
  refusal: 'the model refused',
} as const;

function formatSeconds(milliseconds: number): string {
  return milliseconds < 1_000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1_000).toFixed(1)} s`;
}
