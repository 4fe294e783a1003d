import { extractFeatures } from '../packages/task-analysis/src/extract-features.ts';
import { createHeads, type HeadScores, type HeadWeights } from '../packages/task-analysis/src/heads.ts';
import {
  fitHeads,
  fitLabelled,
  fitOutcomes,
  joinHeads,
  type LabelledPrompt,
  roundHeads,
  strangersOf,
} from './fit-heads.ts';
import type { OutcomeRow } from './read-pack.ts';
import { seededRandom } from './router-curves.ts';

/** What heads say of a row that they have not seen, and with which calibration. */
export interface Prediction {
  readonly scores: HeadScores;
  readonly weights: HeadWeights;
}

const FOLDS = 5;

/** Each row scored by heads that were fitted on the other four fifths, rounded as they ship. */
export function foldedPredictions(rows: readonly OutcomeRow[], labelled: readonly LabelledPrompt[]): Prediction[] {
  const random = seededRandom(3);
  const folds = rows.map(() => Math.floor(random() * FOLDS));
  return predictBy(rows, labelled, (row) => String(folds[row]));
}

/** Each row scored by heads that never saw its source. */
export function sourcelessPredictions(rows: readonly OutcomeRow[], labelled: readonly LabelledPrompt[]): Prediction[] {
  return predictBy(rows, labelled, (row) => rows[row]?.source ?? '');
}

function predictBy(
  rows: readonly OutcomeRow[],
  labelled: readonly LabelledPrompt[],
  groupOf: (row: number) => string,
): Prediction[] {
  const predictions: Prediction[] = [];
  const strangers = strangersOf(labelled);
  // Learned from our own examples alone: none of the rows is among them.
  const complexity = fitLabelled(labelled, ['complexity']);
  for (const group of new Set(rows.map((_, row) => groupOf(row)))) {
    const weights = roundHeads(
      joinHeads(
        complexity,
        fitOutcomes(
          rows.filter((_, row) => groupOf(row) !== group),
          strangers,
        ),
      ),
    );
    const heads = createHeads(weights);
    for (const [row, { prompt }] of rows.entries()) {
      if (groupOf(row) === group) predictions[row] = { scores: heads(extractFeatures(prompt)), weights };
    }
  }
  return predictions;
}

/** Labelled prompts scored by heads that saw none of their group. */
export function labelledPredictions(
  labelled: readonly LabelledPrompt[],
  groupOf: (row: number) => string,
): (HeadScores | undefined)[] {
  const predictions: (HeadScores | undefined)[] = [];
  for (const group of new Set(labelled.map((_, row) => groupOf(row)))) {
    if (group === '') continue;
    const heads = createHeads(
      roundHeads(
        fitHeads(
          labelled.filter((_, row) => groupOf(row) !== group),
          [],
        ),
      ),
    );
    for (const [row, { prompt }] of labelled.entries()) {
      if (groupOf(row) === group) predictions[row] = heads(extractFeatures(prompt));
    }
  }
  return predictions;
}
