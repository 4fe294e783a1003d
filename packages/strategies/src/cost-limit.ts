import {
  aNumber,
  aStrategy,
  type Candidate,
  formatUsd,
  type NanoUsd,
  type Removal,
  requireOptions,
  type Strategy,
} from '@signalbox/core';

const RULES = { strategy: aStrategy, maxCost: aNumber(0, undefined, 'of nano-dollars') };

/**
 * A strategy that never sees a candidate whose predicted cost is above a limit. A candidate whose price is unknown stays: nothing
 * can be predicted for it.
 */
export function withCostLimit(strategy: Strategy, maxCost: NanoUsd): Strategy {
  requireOptions('withCostLimit', { strategy, maxCost }, RULES, ['strategy', 'maxCost']);
  return {
    ...strategy,
    needs: [...new Set([...strategy.needs, 'task', 'cost'] as const)],
    rank(candidates, snapshot) {
      const removed: Removal[] = [];
      const kept: Candidate[] = [];
      for (const candidate of candidates) {
        const cost = snapshot.cost?.get(candidate.id);
        if (cost === undefined || cost <= maxCost) kept.push(candidate);
        else {
          const reason = `would cost about ${formatUsd(cost)}, more than the ${formatUsd(maxCost)} that one request may`;
          removed.push({ candidate: candidate.id, kind: 'budget', reason, byStrategy: true });
        }
      }
      const ranking = strategy.rank(kept, snapshot);
      return { ...ranking, removed: [...removed, ...(ranking.removed ?? [])] };
    },
  };
}
