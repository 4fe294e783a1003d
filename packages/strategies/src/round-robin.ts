import {
  aCount,
  aRecordOf,
  aStrategy,
  type Candidate,
  type OptionRules,
  type RankedCandidate,
  type Removal,
  RouterError,
  requireOptions,
  type Strategy,
} from '@signalbox/core';
import { names } from './strategy-options.ts';

/** Who takes turns, and how often. */
export interface RoundRobinOptions {
  /** Providers to go round, in this order; absent or empty: all that there are. */
  readonly providers?: readonly string[] | undefined;
  /** How many turns of a round a provider has; 1 where nothing is said. Whole numbers from 1 to 1,000. */
  readonly weights?: Readonly<Record<string, number>> | undefined;
  /** Which model answers for a provider: orders the candidates of one provider. Default: the first configured. */
  readonly within?: Strategy | undefined;
}

const TURNS = aCount(1, 1_000);
const RULES: OptionRules<RoundRobinOptions> = {
  providers: names,
  weights: aRecordOf(TURNS, `turns by provider, each ${TURNS.what}`),
  within: aStrategy,
};

/**
 * Takes providers in turns, by `Snapshot.turn`: who is next is first, the others follow in the order of their turns. A provider with
 * the weight 3 has three turns of a round, spread evenly. A provider that is out loses its turn to the next.
 * Throws RouterError `configuration` on an option that is wrong or unknown, and on turns of a provider that is not gone round to.
 */
export function roundRobin(options: RoundRobinOptions = {}): Strategy {
  requireOptions('roundRobin', options, RULES);
  const { providers = [], weights = {}, within } = options;
  const stranger = providers.length === 0 ? undefined : Object.keys(weights).find((id) => !providers.includes(id));
  if (stranger !== undefined) {
    throw new RouterError({
      kind: 'configuration',
      message: `roundRobin: weights names "${stranger}", which is not among the providers: ${providers.join(', ')}.`,
    });
  }
  return {
    name: 'round_robin',
    needs: within?.needs ?? [],
    rank(candidates, snapshot) {
      const groups = new Map<string, Candidate[]>(providers.map((id) => [id, []]));
      const removed: Removal[] = [];
      for (const candidate of candidates) {
        const group = groups.get(candidate.provider.id);
        if (group !== undefined) group.push(candidate);
        else if (providers.length === 0) groups.set(candidate.provider.id, [candidate]);
        else
          removed.push({
            candidate: candidate.id,
            kind: 'not-in-strategy',
            reason: 'its provider is not gone round to',
          });
      }
      const round = evenRound([...groups.keys()], weights);
      const start = round.length === 0 ? 0 : snapshot.turn % round.length;
      const turns = [...new Set([...round.slice(start), ...round.slice(0, start)])];
      const first: RankedCandidate[] = [];
      const rest: RankedCandidate[] = [];
      for (const provider of turns) {
        const group = groups.get(provider) ?? [];
        const [best, ...others] = within?.rank(group, snapshot).order ?? group.map((candidate) => ({ candidate }));
        if (best !== undefined) first.push({ ...best, reason: `turn ${snapshot.turn + 1}: ${provider}` });
        rest.push(...others);
      }
      const next = first[0]?.candidate.provider.id;
      const missed = turns[0] !== next && turns[0] !== undefined ? ` in the place of ${turns[0]}` : '';
      const reason = next === undefined ? 'nobody of the round is left' : `the turn of ${next}${missed}`;
      return { order: [...first, ...rest], reason, removed };
    },
  };
}

/** One round: each name as often as its weight says, spread evenly (the highest credit goes next, and pays a whole round for it). */
function evenRound(names: readonly string[], weights: Readonly<Record<string, number>>): readonly string[] {
  const entries = names.map((name) => ({ name, weight: weights[name] ?? 1, credit: 0 }));
  const total = entries.reduce((sum, entry) => sum + entry.weight, 0);
  const round: string[] = [];
  for (let turn = 0; turn < total; turn += 1) {
    for (const entry of entries) entry.credit += entry.weight;
    const next = entries.reduce((best, entry) => (entry.credit > best.credit ? entry : best));
    next.credit -= total;
    round.push(next.name);
  }
  return round;
}
