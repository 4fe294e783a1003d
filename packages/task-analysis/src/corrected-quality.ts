import type { Candidate, QualityEstimate, QualityEvidence, TaskProfile } from '@signalbox/core';
import { type LearnedShift, logistic, logit, sketchOnce } from './learned-heads.ts';
import type { OutcomeCorrection } from './outcome-correction.ts';
import { sketchOf } from './task-sketch.ts';

/** What corrects a table at the moment; asked at every request, so that new outcomes count without a restart. */
export interface QualityCorrections {
  readonly outcomes?: OutcomeCorrection | undefined;
  readonly learned?: LearnedShift | undefined;
}

/**
 * Expected quality by a table, corrected by the user's own outcomes and by heads that were learned from them.
 *
 * @example
 * ```ts
 * const quality = createCorrectedQuality(createExpectedQuality(), () => ({ outcomes: createOutcomeCorrection(judged, prior, Date.now()) }));
 * ```
 */
export function createCorrectedQuality(table: QualityEstimate, corrections: () => QualityCorrections): QualityEstimate {
  function corrected(candidate: Candidate, task: TaskProfile): QualityEvidence | undefined {
    const prior = table.expect(candidate, task);
    if (prior === undefined) return undefined;
    const { outcomes, learned } = corrections();
    const seen = outcomes?.correct(prior, candidate.id, task.type, task.complexity);
    const posterior = seen?.posterior ?? prior;
    const shift = learned === undefined ? undefined : learnedShift(learned, candidate.id, task);
    return {
      prior,
      outcomes: seen?.outcomes ?? 0,
      posterior,
      ...(shift === undefined ? {} : { learned: logistic(logit(posterior) + shift) }),
    };
  }

  return {
    expect(candidate, task) {
      const found = corrected(candidate, task);
      return found?.learned ?? found?.posterior;
    },
    evidence(candidate, task) {
      const { outcomes, learned } = corrections();
      if (learned === undefined && (outcomes === undefined || outcomes.count === 0)) return undefined;
      const found = corrected(candidate, task);
      return found === undefined || (found.outcomes === 0 && found.learned === undefined) ? undefined : found;
    },
  };
}

function learnedShift(learned: LearnedShift, candidate: string, task: TaskProfile): number | undefined {
  const bytes = sketchOf(task);
  const sketch = bytes === undefined ? undefined : sketchOnce(bytes);
  return sketch === undefined ? undefined : learned(candidate, sketch);
}
