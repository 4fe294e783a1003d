import {
  anObject,
  nanoToUsd,
  type OptionRules,
  type RankedCandidate,
  requireOptions,
  type Strategy,
} from '@signalbox/core';
import { expectedLatencies } from './expected-latency.ts';
import { DEFAULT_PREFERENCES, type PreferenceTable, preferenceFor } from './preferences.ts';
import { aShare, aWait, aWeight, names, opinions } from './strategy-options.ts';

/** How much each part of the score counts. */
export interface ScoreWeights {
  readonly quality: number;
  readonly preference: number;
  /** For ten times the money. */
  readonly cost: number;
  /** For ten times the waiting. */
  readonly latency: number;
  /** For calls that always fail; half of it where half of them do. */
  readonly failures: number;
}

/** What a score is made of. */
export interface BestForTaskOptions {
  readonly weights?: Partial<ScoreWeights> | undefined;
  readonly preferences?: PreferenceTable | undefined;
  /** Providers in order of preference where everything else is equal. */
  readonly providerOrder?: readonly string[] | undefined;
  /** Quality above this earns nothing, so that of two models that are good enough the cheaper one wins. 0 to 1. */
  readonly enoughQuality?: number | undefined;
  /** A model of less expected quality loses four times what it lacks. 0 to 1. */
  readonly minQuality?: number | undefined;
  /** Milliseconds to the end of the answer: who is expected to take longer is asked only where nobody is quicker. */
  readonly maxLatencyMs?: number | undefined;
  /** Models, fastest first: a person's word on it. */
  readonly speedPriority?: readonly string[] | undefined;
}

/** How much each part of a score counts unless told otherwise. */
export const DEFAULT_WEIGHTS: ScoreWeights = { quality: 1, preference: 1, cost: 0.1, latency: 0.03, failures: 0.5 };

const RULES: OptionRules<BestForTaskOptions> = {
  weights: anObject('an object of weights, such as { cost: 0.3 }'),
  preferences: opinions,
  providerOrder: names,
  enoughQuality: aShare,
  minQuality: aShare,
  maxLatencyMs: aWait,
  speedPriority: names,
};
const WEIGHT_RULES: OptionRules<ScoreWeights> = {
  quality: aWeight,
  preference: aWeight,
  cost: aWeight,
  latency: aWeight,
  failures: aWeight,
};

/** What a score is the sum of. */
type Part = keyof ScoreWeights | 'order' | 'bounds';

/** What is expected of a model that nothing is known of. */
const UNKNOWN_QUALITY = 0.5;
/** What a retired model loses: whoever lists it may know better than the catalogue, but of two equals the other is asked. */
const RETIRED = -0.05;
/** How much a lack of quality below `minQuality` counts. */
const SHORTFALL_WEIGHT = -4;
/** What a model loses that is expected to take longer than `maxLatencyMs`. */
const TOO_LATE = -10;
const ORDER_WEIGHT = 0.02;

/**
 * Maximises
 *
 *     score = quality·Q + preference·P − cost·log10(1 + C) − latency·log10(1 + L) − failures·F + order + bounds
 *
 * - Q: expected quality of the model for the task, 0 to 1 (`Snapshot.quality`), at most `enoughQuality`;
 * - P: the editorial table, by task type and provider;
 * - C: predicted cost in hundredths of a cent; an unknown price counts as the dearest known one;
 * - L: seconds to the end of the answer, expected;
 * - F: share of its calls that are expected to fail, by what was measured lately;
 * - order: up to 0.02 for the earlier provider of `providerOrder`;
 * - bounds: −4 times what Q lacks of `minQuality`, −10 beyond `maxLatencyMs`, −0.05 for a model that its provider has retired.
 *
 * The logarithms make a doubling of cost or time count the same at any size, so that a dear model has to be better by as
 * much for a small task as for a large one. `scoreParts` holds the terms with their signs: they add up to the score.
 *
 * Throws RouterError `configuration` on an option that is wrong or unknown.
 */
export function bestForTask(options: BestForTaskOptions = {}): Strategy {
  requireOptions('bestForTask', options, RULES);
  requireOptions('bestForTask weights', options.weights, WEIGHT_RULES);
  const {
    preferences = DEFAULT_PREFERENCES,
    providerOrder = [],
    enoughQuality = 1,
    minQuality = 0,
    speedPriority,
  } = options;
  const { maxLatencyMs = Number.POSITIVE_INFINITY } = options;
  const weights = weightsOf(options.weights);
  return {
    name: 'best_for_task',
    needs: ['task', 'quality', 'cost', 'latency'],
    rank(candidates, snapshot) {
      const { task, cost } = snapshot;
      if (task === undefined) {
        return { order: candidates.map((candidate) => ({ candidate })), reason: 'the task was not analysed' };
      }
      const dearest = Math.max(0, ...(cost?.values() ?? []));
      const latencies = expectedLatencies(candidates, snapshot, speedPriority);
      const ranked = candidates.map((candidate): RankedCandidate => {
        const quality = snapshot.quality?.get(candidate.id) ?? UNKNOWN_QUALITY;
        const money = nanoToUsd(cost?.get(candidate.id) ?? dearest) * 10_000;
        const milliseconds = latencies.get(candidate.id) ?? 0;
        const place = providerOrder.indexOf(candidate.provider.id);
        const scoreParts: Record<Part, number> = {
          quality: weights.quality * Math.min(enoughQuality, quality),
          preference: weights.preference * preferenceFor(candidate, task, preferences),
          cost: -weights.cost * Math.log10(1 + money),
          latency: -weights.latency * Math.log10(1 + milliseconds / 1_000),
          failures: -weights.failures * (snapshot.failureShare?.get(candidate.id) ?? 0),
          order: place === -1 ? 0 : ORDER_WEIGHT * (1 - place / providerOrder.length),
          bounds:
            SHORTFALL_WEIGHT * Math.max(0, minQuality - quality) +
            (milliseconds > maxLatencyMs ? TOO_LATE : 0) +
            (candidate.facts.status === 'retired' ? RETIRED : 0),
        };
        return {
          candidate,
          latencyMs: milliseconds,
          score: sumOf(scoreParts),
          scoreParts,
        };
      });
      // Array.sort is stable: equals stay in the order in which they are configured.
      ranked.sort((one, other) => (other.score ?? 0) - (one.score ?? 0));
      const allLate = ranked.length > 0 && ranked.every(({ latencyMs = 0 }) => latencyMs > maxLatencyMs);
      const bound = allLate ? `; nobody would answer within ${maxLatencyMs / 1_000} s` : '';
      return { order: ranked, reason: `${task.type}, ${task.complexity} complexity: ${task.reason}${bound}` };
    },
  };
}

/** In the order in which they are shown: other orders round otherwise. */
function sumOf({
  quality,
  preference,
  cost,
  latency,
  failures,
  order,
  bounds,
}: Readonly<Record<Part, number>>): number {
  return quality + preference + cost + latency + failures + order + bounds;
}

/** The default where nothing is said, `undefined` included. */
function weightsOf(own: Partial<ScoreWeights> = {}): ScoreWeights {
  const said = Object.entries(own).filter(([, weight]) => weight !== undefined);
  return { ...DEFAULT_WEIGHTS, ...Object.fromEntries(said) };
}
