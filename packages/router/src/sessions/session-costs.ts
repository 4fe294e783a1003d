import type {
  Candidate,
  ModelFacts,
  NanoUsd,
  Pricing,
  PromptCacheTerms,
  Ranking,
  SessionCache,
  Snapshot,
  WarmCache,
} from '@signalbox/core';

/** How a model's provider keeps prompts; undefined: nothing is known of it. */
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

/** What the cache of a session did to a choice; `undefined`: nothing. `cold`: the order as it would be without it. */
export function sessionEffect(
  ranking: Ranking,
  cold: Ranking,
  warm: WarmCache,
  saved: NanoUsd,
): SessionCache | undefined {
  const first = ranking.order[0]?.candidate.id;
  const without = cold.order[0]?.candidate.id;
  const kept = first === warm.candidate;
  const other = kept ? without : first;
  if (other === undefined || other === warm.candidate) return undefined;
  const score = (id: string) => cold.order.find(({ candidate }) => candidate.id === id)?.score;
  const [mine, theirs] = [score(warm.candidate), score(other)];
  const gain = mine === undefined || theirs === undefined ? undefined : theirs - mine;
  return { kept, holder: warm.candidate, other, tokens: warm.tokens, saved, gain };
}
