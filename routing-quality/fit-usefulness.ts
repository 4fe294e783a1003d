import { FEATURE_COUNT } from '../packages/task-analysis/src/extract-features.ts';
import type { FamilyWeights } from '../packages/task-analysis/src/families.ts';
import { fitFamilies } from './fit-families.ts';
import type { FittedHead } from './fitted-head.ts';
import type { OutcomeRow } from './read-pack.ts';
import { fitRidge } from './ridge.ts';
import { sparseRows } from './sparse-rows.ts';
import { usefulnessOf } from './usefulness.ts';

/** A source with more rows than this counts as if it had so many: no source drowns the others. */
const ROWS_OF_A_SOURCE = 700;
const WORDS_PENALTY = 10;
/** How far what the words say within a family counts. It is noisy: one answer a model. */
const WORDS_SHARE = 0.6;

export interface FittedUsefulness {
  /** What words and cues say within a family, whichever it is. */
  readonly head: FittedHead;
  readonly families: FamilyWeights;
}

/**
 * How useful a stronger model is, in two parts that are added: the family a prompt belongs to with its mean gain and its own cues, and one ridge head over all
 * features for what sets the prompts of a source apart.
 */
export function fitUsefulness(rows: readonly OutcomeRow[]): FittedUsefulness {
  const none = { bias: 0, weights: new Float64Array(FEATURE_COUNT) };
  if (rows.length === 0) return { head: none, families: { families: [], buckets: '' } };
  const useful = usefulnessOf(rows);
  const counts = new Map<string, number>();
  for (const { source } of rows) counts.set(source, (counts.get(source) ?? 0) + 1);
  const weightOf = (row: number) => Math.min(1, ROWS_OF_A_SOURCE / (counts.get(rows[row]?.source ?? '') ?? 1));
  const features = sparseRows(rows.map((row) => row.prompt));
  const members = rows.map((_, row) => row);
  const words = fitRidge(features, members, (row) => useful[row]?.apart ?? 0, WORDS_PENALTY, weightOf);
  return {
    head: { bias: 0, weights: words.map((value) => WORDS_SHARE * value) },
    families: fitFamilies(rows, features, useful, weightOf),
  };
}
