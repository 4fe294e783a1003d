import { aStrategy, aText, requireOptions, type Strategy } from '@signalbox/core';

/**
 * A strategy behind whose order one more candidate stands, which it does not see itself: who is asked when everybody else is out or has failed. `id`: the candidate's.
 */
export function withLastResort(strategy: Strategy, id: string): Strategy {
  requireOptions('withLastResort', { strategy, id }, { strategy: aStrategy, id: aText() }, ['strategy', 'id']);
  return {
    ...strategy,
    rank(candidates, snapshot) {
      const last = candidates.find((candidate) => candidate.id === id);
      const ranking = strategy.rank(
        candidates.filter((candidate) => candidate !== last),
        snapshot,
      );
      if (last === undefined) return ranking;
      const onlyOne = ranking.order.length === 0;
      return {
        ...ranking,
        order: [...ranking.order, { candidate: last, reason: 'the default model, as the last resort' }],
        reason: onlyOne ? 'the default model: nobody else is left' : ranking.reason,
      };
    },
  };
}
