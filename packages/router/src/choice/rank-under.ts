import type { AdmissionStanding, Candidate, Pricing, Ranking, Snapshot, Strategy } from '@signalbox/core';

/** Tokens by which candidates are compared where nothing is known of the request. */
const TYPICAL_INPUT = 1_000;
const TYPICAL_OUTPUT = 500;

/**
 * The strategy's order; cheapest first where a budget asks for it. A choice that a person made (`manual`) is not overruled, only blocked: that is
 * for removals. What costs the same, or nobody knows the price of, stays in the strategy's order, the latter at the end.
 */
export function rankUnder(
  standing: AdmissionStanding | undefined,
  candidates: readonly Candidate[],
  { strategy, cheaper }: { readonly strategy: Strategy; readonly cheaper?: Strategy | undefined },
  snapshot: Snapshot,
  pricing: Pricing | undefined,
): Ranking {
  const why = standing?.cheaperFirst;
  if (why === undefined || strategy.name === 'manual') return strategy.rank(candidates, snapshot);
  if (cheaper !== undefined) {
    const ranking = cheaper.rank(candidates, snapshot);
    if (ranking.order.length > 0) return { ...ranking, reason: `${ranking.reason}, since ${why}` };
  }
  const ranking = strategy.rank(candidates, snapshot);
  const { task, needs, now } = snapshot;
  const input = needs.inputTokens === 0 ? TYPICAL_INPUT : needs.inputTokens;
  const output = Math.min(
    task?.expectedOutputTokens ?? TYPICAL_OUTPUT,
    needs.maxOutputTokens ?? Number.POSITIVE_INFINITY,
  );
  const costs = new Map(
    ranking.order.map(({ candidate }) => [candidate.id, pricing?.predict(candidate.facts, input, output, now)]),
  );
  const costOf = (id: string) => costs.get(id) ?? Number.POSITIVE_INFINITY;
  const order = ranking.order.toSorted((one, other) => {
    const [mine, others] = [costOf(one.candidate.id), costOf(other.candidate.id)];
    return mine === others ? 0 : mine - others;
  });
  return { ...ranking, order, reason: `the cheapest first, since ${why}; ${ranking.reason}` };
}
