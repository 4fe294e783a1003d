import { type Complexity, OUTCOME_WEIGHTS, type Outcome, type TaskType } from '@signalbox/core';

/** An outcome counts half after so long: models are changed behind their names, and so is what people ask. */
const HALF_LIFE_MS = 30 * 86_400_000;
/** The prior counts as much as so many outcomes: that many good words beside as many bad ones leave half of the surprise. */
const PRIOR_OUTCOMES = 20;
/** However many there are, they move what is expected by this at most: a table that is further off should be corrected by hand. */
const FURTHEST = 0.4;

const LEAST_QUALITY = 0.02;
const MOST_QUALITY = 0.99;

/** What is expected of a model at a kind and size of task without any outcome, 0 to 1. */
export type PriorQuality = (candidate: string, type: TaskType, complexity: Complexity) => number | undefined;

/** What a user's own outcomes say beside a prior. */
export interface OutcomeCorrection {
  /** `prior`: what the table expects of this very request. */
  correct(prior: number, candidate: string, type: TaskType, complexity: Complexity): CorrectedQuality;
  /** Outcomes that were counted. */
  readonly count: number;
}

/** An expected quality after the user's own outcomes, 0 to 1. */
export interface CorrectedQuality {
  readonly posterior: number;
  /** Outcomes of the model at this kind of task, decayed; 0: nothing was corrected. */
  readonly outcomes: number;
}

interface Sums {
  weight: number;
  /** Of (good − prior), weighted: how much better it went than was expected. */
  surplus: number;
}

/**
 * Corrects expected quality by outcomes, shrunk twice: what is seen of a model at a kind of task is shrunk towards the prior, and what is seen of it there at one
 * size of work towards what is seen of it at others. Without outcomes the prior stands; they move it by
 *
 *     Σ w · (good − prior) / (20 + Σ w),   w = weight of the source · 2^(−age / 30 days)
 *
 * which is the mean of a beta distribution whose prior is worth twenty outcomes. What is compared is the surplus over the prior of the task that was judged, so that
 * a small model that does well at small work is not taken for a large one.
 */
export function createOutcomeCorrection(
  outcomes: Iterable<Outcome>,
  prior: PriorQuality,
  now: number,
): OutcomeCorrection {
  const byType = new Map<string, Sums>();
  const bySize = new Map<string, Sums>();
  let count = 0;
  for (const { candidate, taskType, complexity, good, source, at } of outcomes) {
    const expected = prior(candidate, taskType, complexity);
    if (expected === undefined) continue;
    count += 1;
    const weight = OUTCOME_WEIGHTS[source] * 2 ** (-Math.max(0, now - at) / HALF_LIFE_MS);
    const surplus = weight * ((good ? 1 : 0) - expected);
    add(byType, typeKey(candidate, taskType), weight, surplus);
    add(bySize, sizeKey(candidate, taskType, complexity), weight, surplus);
  }
  return {
    count,
    correct(given, candidate, type, complexity) {
      const ofType = count === 0 ? undefined : byType.get(typeKey(candidate, type));
      if (ofType === undefined) return { posterior: given, outcomes: 0 };
      const ofSize = bySize.get(sizeKey(candidate, type, complexity)) ?? NOTHING;
      // Those of other sizes alone: nothing is to count twice.
      const elsewhere = (ofType.surplus - ofSize.surplus) / (PRIOR_OUTCOMES + ofType.weight - ofSize.weight);
      const shift = (PRIOR_OUTCOMES * elsewhere + ofSize.surplus) / (PRIOR_OUTCOMES + ofSize.weight);
      const bounded = Math.max(-FURTHEST, Math.min(FURTHEST, shift));
      // A table that is surer than the bounds is not made less sure by them.
      const posterior = Math.max(
        Math.min(LEAST_QUALITY, given),
        Math.min(Math.max(MOST_QUALITY, given), given + bounded),
      );
      return { posterior, outcomes: ofType.weight };
    },
  };
}

const NOTHING: Sums = { weight: 0, surplus: 0 };
const typeKey = (candidate: string, type: TaskType) => `${candidate} ${type}`;
const sizeKey = (candidate: string, type: TaskType, complexity: Complexity) => `${candidate} ${type} ${complexity}`;

function add(sums: Map<string, Sums>, key: string, weight: number, surplus: number): void {
  const known = sums.get(key);
  if (known === undefined) sums.set(key, { weight, surplus });
  else {
    known.weight += weight;
    known.surplus += surplus;
  }
}
