import {
  aBoolean,
  type Candidate,
  formatUsd,
  type OptionRules,
  type RankedCandidate,
  requireOptions,
  type Snapshot,
  type Strategy,
} from '@signalbox/core';
import { expectedLatencyMs } from './expected-latency.ts';
import { DEFAULT_MIN_QUALITY, enoughFor, qualityOf, splitByQuality } from './good-enough.ts';
import { type PreferenceTable, preferenceFor } from './preferences.ts';
import { aShare, aWait, opinions } from './strategy-options.ts';

/** What is good enough, and what else counts beside the cost. */
export interface CostOptimizedOptions {
  /** Expected quality from which a model is good enough, 0 to 1. Default 0.8. */
  readonly minQuality?: number | undefined;
  /** `false`: of the models that are good enough the best, not the cheapest. Default `true`. */
  readonly preferCheaper?: boolean | undefined;
  /** Opinions decide between near costs: who is preferred by 0.5 may cost 1.6 times as much, by 1 two and a half times. Default: none. */
  readonly preferences?: PreferenceTable | undefined;
  /** Milliseconds to the end of the answer, expected: of the good ones, who would take longer stands behind who would not. */
  readonly maxLatencyMs?: number | undefined;
}

const RULES: OptionRules<CostOptimizedOptions> = {
  minQuality: aShare,
  preferCheaper: aBoolean,
  preferences: opinions,
  maxLatencyMs: aWait,
};

/** The logarithm of how much more somebody may cost who is preferred by 1. */
const PREFERENCE_WEIGHT = 0.4;
/**
 * A retired model counts as so much dearer, in nano-USD: it may well be gone, and then the request has waited for nothing, which costs the same
 * whatever the model's price. So of small tasks none goes to a model that was cheap once.
 */
const RETIRED_NANO_USD = 2_000_000;

/**
 * The cheapest model whose expected quality is enough; behind it the other good ones by cost, then the rest, the best first. Where nobody
 * is good enough, the best one is asked. An unknown price counts as the dearest. Throws RouterError `configuration` on an option that is wrong or unknown.
 */
export function costOptimized(options: CostOptimizedOptions = {}): Strategy {
  requireOptions('costOptimized', options, RULES);
  const { minQuality = DEFAULT_MIN_QUALITY, preferCheaper = true, maxLatencyMs, preferences = {} } = options;
  return {
    name: 'cost_optimized',
    needs: ['task', 'quality', 'cost', ...(maxLatencyMs === undefined ? [] : (['latency'] as const))],
    rank(candidates, snapshot) {
      const { enough, below } = splitByQuality(candidates, snapshot, minQuality);
      const cost = (candidate: Candidate) => countedCost(candidate, snapshot, preferences);
      const byCost = (one: Candidate, other: Candidate) => compare(cost(one), cost(other));
      const byQuality = (one: Candidate, other: Candidate) =>
        compare(qualityOf(other, snapshot), qualityOf(one, snapshot));
      const late = (candidate: Candidate) =>
        Number(maxLatencyMs !== undefined && expectedLatencyMs(candidate, snapshot) > maxLatencyMs);
      enough.sort(
        (one, other) =>
          late(one) - late(other) ||
          (preferCheaper ? byCost(one, other) || byQuality(one, other) : byQuality(one, other) || byCost(one, other)),
      );
      const order = [...enough, ...below].map((candidate) =>
        described(candidate, snapshot, minQuality, cost(candidate)),
      );
      const superlative = preferCheaper ? 'cheapest' : 'best';
      const reason =
        enough.length > 0
          ? `the ${superlative} of ${enough.length} that ${enough.length === 1 ? 'is' : 'are'} ${enoughFor(snapshot)}`
          : `nobody is ${enoughFor(snapshot)}: the best there is`;
      return { order, reason };
    },
  };
}

/** The predicted cost as it counts in the comparison; an unknown one is infinite. */
function countedCost(candidate: Candidate, snapshot: Snapshot, preferences: PreferenceTable): number {
  const { task } = snapshot;
  const preference = task === undefined ? 0 : preferenceFor(candidate, task, preferences);
  const predicted = snapshot.cost?.get(candidate.id) ?? Number.POSITIVE_INFINITY;
  const waiting = candidate.facts.status === 'retired' ? RETIRED_NANO_USD : 0;
  return predicted * 10 ** (-PREFERENCE_WEIGHT * preference) + waiting;
}

function described(candidate: Candidate, snapshot: Snapshot, minQuality: number, counted: number): RankedCandidate {
  const quality = qualityOf(candidate, snapshot);
  const cost = snapshot.cost?.get(candidate.id);
  const price = cost === undefined ? 'price unknown' : `${formatUsd(cost)}${countedWords(candidate, cost, counted)}`;
  return {
    candidate,
    latencyMs: expectedLatencyMs(candidate, snapshot),
    scoreParts: { quality },
    reason: `${price}, expected quality ${quality.toFixed(2)}${quality < minQuality ? ` (below ${minQuality})` : ''}`,
  };
}

/** Why somebody does not stand where the predicted cost alone would put them. */
function countedWords({ facts }: Candidate, cost: number, counted: number): string {
  const isRetired = facts.status === 'retired';
  const isPreferred = counted - (isRetired ? RETIRED_NANO_USD : 0) < cost;
  if (!isRetired && !isPreferred) return '';
  const why = [...(isPreferred ? ['preferred for such tasks'] : []), ...(isRetired ? ['no longer served'] : [])];
  return ` (counts as ${formatUsd(counted)}: ${why.join(', ')})`;
}

/** Two infinities are equal, which a subtraction would not say. */
function compare(one: number, other: number): number {
  return one === other ? 0 : one < other ? -1 : 1;
}
