import {
  type Candidate,
  formatUsd,
  type ModelFacts,
  type NanoUsd,
  type Pricing,
  type PromptCacheTerms,
  type RankedCandidate,
  type Ranking,
  type Snapshot,
  type WarmCache,
} from '@signalbox/core';

export type PromptCaches = (facts: ModelFacts) => PromptCacheTerms | undefined;

export interface SessionCosts {
  /** Predicted costs by candidate id: who has the prefix reads it for less, another has to be sent it anew. */
  readonly cost: ReadonlyMap<string, NanoUsd>;
  /** What the cache spares at the model that has it. */
  readonly saved: NanoUsd;
}

/** What a request costs at each candidate, with its prefix in the cache of one of them. */
export function sessionCosts(
  candidates: readonly Candidate[],
  plain: ReadonlyMap<string, NanoUsd>,
  warm: WarmCache,
  { needs, task, now }: Snapshot,
  pricing: Pricing | undefined,
  promptCaches: PromptCaches,
): SessionCosts {
  const outputTokens = Math.min(task?.expectedOutputTokens ?? 0, needs.maxOutputTokens ?? Number.POSITIVE_INFINITY);
  const prefix = Math.min(warm.tokens, needs.inputTokens);
  const holder = candidates.find((candidate) => candidate.id === warm.candidate);
  const marked = holder !== undefined && promptCaches(holder.facts)?.unasked === false;
  const cost = new Map<string, NanoUsd>();
  for (const candidate of candidates) {
    const isHolder = candidate.id === warm.candidate;
    // Whoever marks the prefix pays for writing it elsewhere, too.
    const writes = !isHolder && marked && promptCaches(candidate.facts)?.unasked === false;
    const usage = {
      inputTokens: needs.inputTokens,
      outputTokens,
      cacheReadTokens: isHolder ? prefix : undefined,
      cacheWrite5mTokens: writes ? prefix : undefined,
      provenance: 'estimated' as const,
    };
    const found = pricing?.cost(candidate.facts, usage, now)?.nanoUsd ?? plain.get(candidate.id);
    if (found !== undefined) cost.set(candidate.id, found);
  }
  const saved = Math.max(0, (plain.get(warm.candidate) ?? 0) - (cost.get(warm.candidate) ?? 0));
  return { cost, saved };
}

/** What the cache of a session did to a choice, in words; `undefined`: nothing. `cold`: the order as it would be without it. */
export function sessionReason(ranking: Ranking, cold: Ranking, warm: WarmCache, saved: NanoUsd): string | undefined {
  const first = ranking.order[0]?.candidate.id;
  const other = cold.order[0];
  if (first === undefined || other === undefined) return undefined;
  const cache = `warm prompt cache of about ${warm.tokens} tokens`;
  if (first === warm.candidate) {
    if (other.candidate.id === first) return undefined;
    return `kept: ${cache}, saves ${formatUsd(saved)}; switching to ${other.candidate.id} would gain ${gain(cold, other, first)}`;
  }
  if (!ranking.order.some(({ candidate }) => candidate.id === warm.candidate)) return undefined;
  return `left: the ${cache} at ${warm.candidate} would save ${formatUsd(saved)}; ${first} gains ${gain(cold, ranking.order[0], warm.candidate)}`;
}

/** How much better one stands without the cache, in whatever the strategy goes by. */
function gain(cold: Ranking, one: RankedCandidate | undefined, other: string): string {
  const better = cold.order.find(({ candidate }) => candidate.id === one?.candidate.id);
  const worse = cold.order.find(({ candidate }) => candidate.id === other);
  if (better?.score !== undefined && worse?.score !== undefined)
    return `${(better.score - worse.score).toFixed(3)} in score`;
  const reasons = [better?.reason, worse?.reason].filter((reason) => reason !== undefined);
  return reasons.length === 2 ? `(${reasons[0]}) over (${reasons[1]})` : 'its place in the order';
}
