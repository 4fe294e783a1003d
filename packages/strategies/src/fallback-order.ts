import { aStrategy, type RankedCandidate, requireOptions, type Strategy } from '@signalbox/core';
import { names } from './strategy-options.ts';

/**
 * A strategy whose fallbacks go to other providers first, in a given order: when a provider is down, another model of it is
 * no help. The first choice stays; then the best of each other provider, in `providers` order and after that as ranked; then
 * the rest as ranked.
 */
export function withFallbackOrder(strategy: Strategy, providers: readonly string[]): Strategy {
  requireOptions('withFallbackOrder', { strategy, providers }, { strategy: aStrategy, providers: names }, [
    'strategy',
    'providers',
  ]);
  if (providers.length === 0) return strategy;
  return {
    ...strategy,
    rank(candidates, snapshot) {
      const ranking = strategy.rank(candidates, snapshot);
      const [first, ...rest] = ranking.order;
      if (first === undefined) return ranking;
      const seen = new Set([first.candidate.provider.id]);
      const best: RankedCandidate[] = [];
      const others: RankedCandidate[] = [];
      for (const ranked of rest) {
        const { id } = ranked.candidate.provider;
        if (seen.has(id)) others.push(ranked);
        else best.push(ranked);
        seen.add(id);
      }
      const place = (ranked: RankedCandidate) => {
        const index = providers.indexOf(ranked.candidate.provider.id);
        return index === -1 ? providers.length : index;
      };
      best.sort((one, other) => place(one) - place(other));
      return { ...ranking, order: [first, ...best, ...others] };
    },
  };
}
