import type { Candidate, Complexity, RankedCandidate, Strategy, TaskProfile } from '@signalbox/core';
import { DEFAULT_PREFERENCES, type PreferenceTable } from './preferences.ts';

export interface BestForTaskOptions {
  readonly preferences?: PreferenceTable | undefined;
  /** Providers in order of preference where everything else is equal. */
  readonly providerOrder?: readonly string[] | undefined;
}

/** The place within a provider's own range of models, weakest 0, strongest 1, that a complexity asks for. */
const WANTED_SIZE: Readonly<Record<Complexity, number>> = { low: 0, medium: 0.6, high: 1 };

/** What a retired model loses: it is chosen only where nothing else is left. */
const RETIRED = -2;
const COST_WEIGHT = 0.1;
const ORDER_WEIGHT = 0.02;

/**
 * Picks by rules: score = size + preference + cost + order + served, where
 *
 * - size: 1 minus the distance between the model's place in its provider's range (by output price) and the place that the
 *   task's complexity asks for;
 * - preference: the editorial table, by task type and provider;
 * - cost: up to 0.1 for the cheapest prediction;
 * - order: up to 0.02 for the earlier provider;
 * - served: -2 for a model that its provider has retired.
 */
export function bestForTask(options: BestForTaskOptions = {}): Strategy {
  const preferences = options.preferences ?? DEFAULT_PREFERENCES;
  const providerOrder = options.providerOrder ?? [];
  return {
    name: 'best_for_task',
    needs: ['task', 'cost'],
    rank(candidates, snapshot) {
      const { task, cost } = snapshot;
      if (task === undefined) {
        return { order: candidates.map((candidate) => ({ candidate })), reason: 'the task was not analysed' };
      }
      const sizes = placesByProvider(candidates);
      const cheapest = Math.min(...[...(cost?.values() ?? [])], Number.POSITIVE_INFINITY);
      const ranked = candidates.map((candidate): RankedCandidate => {
        const size = 1 - Math.abs((sizes.get(candidate.id) ?? 0.5) - WANTED_SIZE[task.complexity]);
        const preference = preferenceOf(candidate, task, preferences);
        const predicted = cost?.get(candidate.id);
        const cheapness =
          predicted === undefined ? 0 : predicted <= cheapest ? COST_WEIGHT : COST_WEIGHT * (cheapest / predicted);
        const place = providerOrder.indexOf(candidate.provider.id);
        const order = place === -1 ? 0 : ORDER_WEIGHT * (1 - place / providerOrder.length);
        const served = candidate.facts.status === 'retired' ? RETIRED : 0;
        const scoreParts = { size, preference, cost: cheapness, order, served };
        return { candidate, score: size + preference + cheapness + order + served, scoreParts };
      });
      // Array.sort is stable: equals stay in the order in which they are configured.
      ranked.sort((one, other) => (other.score ?? 0) - (one.score ?? 0));
      return { order: ranked, reason: `${task.type}, ${task.complexity} complexity: ${task.reason}` };
    },
  };
}

function preferenceOf(candidate: Candidate, task: TaskProfile, table: PreferenceTable): number {
  const provider = candidate.provider.id;
  return table[task.type]?.[provider] ?? table.any?.[provider] ?? 0;
}

/** Each candidate's place, 0 to 1, among the candidates of its provider, by output price. Alone: 0.5. */
function placesByProvider(candidates: readonly Candidate[]): ReadonlyMap<string, number> {
  const groups = new Map<string, Candidate[]>();
  for (const candidate of candidates) {
    const group = groups.get(candidate.provider.id);
    if (group === undefined) groups.set(candidate.provider.id, [candidate]);
    else group.push(candidate);
  }
  const places = new Map<string, number>();
  for (const group of groups.values()) {
    const sorted = [...group].sort((one, other) => outputPrice(one) - outputPrice(other));
    for (const [index, candidate] of sorted.entries()) {
      places.set(candidate.id, sorted.length === 1 ? 0.5 : index / (sorted.length - 1));
    }
  }
  return places;
}

function outputPrice(candidate: Candidate): number {
  return candidate.facts.prices.at(-1)?.output ?? 0;
}
