import type { Complexity, TaskType } from './task-profile.ts';

/**
 * Who says that an answer was good or bad: a person (`feedback`), a person who compared several answers (`comparison`), a model that was asked to judge them
 * (`judge-model`), or the fact that the same question was asked again soon after it had been answered (`asked-again`).
 */
export type OutcomeSource = 'feedback' | 'comparison' | 'judge-model' | 'asked-again';

/** How much each word counts: what a person said outright is one observation, what is only read off behaviour a part of one. */
export const OUTCOME_WEIGHTS: Readonly<Record<OutcomeSource, number>> = {
  feedback: 1,
  comparison: 1,
  'judge-model': 0.25,
  'asked-again': 0.25,
};

/** What became of one answer. */
export interface Outcome {
  /** `provider/model id`. */
  readonly candidate: string;
  readonly taskType: TaskType;
  readonly complexity: Complexity;
  readonly good: boolean;
  readonly source: OutcomeSource;
  /** Unix milliseconds. */
  readonly at: number;
}

/** How a model's expected quality came about, where more than the table of abilities has a say. */
export interface QualityEvidence {
  /** By the table of abilities, 0 to 1. */
  readonly prior: number;
  /** Outcomes of this model at this kind of task, decayed. */
  readonly outcomes: number;
  /** The prior corrected by the outcomes. */
  readonly posterior: number;
  /** The posterior corrected by heads that were learned; absent where none are in use. */
  readonly learned?: number | undefined;
}
