import type { Candidate, Pricing, Ranking, SessionCache, Snapshot, WarmCache } from '@signalbox/core';
import { type PromptCaches, sessionCosts, sessionEffect } from '../sessions/session-costs.ts';
import { predictCosts } from './predictions.ts';

/** The order, with what the session's prompt cache spares where it is, and what it costs to begin anew elsewhere. */
export function rankInSession(
  rank: (snapshot: Snapshot) => Ranking,
  kept: readonly Candidate[],
  snapshot: Snapshot,
  warm: WarmCache | undefined,
  {
    pricing,
    promptCaches,
  }: { readonly pricing?: Pricing | undefined; readonly promptCaches?: PromptCaches | undefined },
): { readonly ranking: Ranking; readonly session?: SessionCache | undefined; readonly cost: Snapshot['cost'] } {
  const cold = rank(snapshot);
  if (warm === undefined || promptCaches === undefined || !kept.some(({ id }) => id === warm.candidate)) {
    return { ranking: cold, cost: snapshot.cost };
  }
  const plain = snapshot.cost ?? predictCosts(kept, snapshot.needs, snapshot.task, pricing, snapshot.now);
  const { cost, saved } = sessionCosts(kept, plain, warm, snapshot, pricing, promptCaches);
  const ranking = rank({ ...snapshot, warm, cost: snapshot.cost && cost });
  return { ranking, session: sessionEffect(ranking, cold, warm, saved), cost };
}
