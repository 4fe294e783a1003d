import { FEATURE_COUNT } from '../packages/task-analysis/src/extract-features.ts';
import type { FittedHead } from './fit-heads.ts';
import type { OutcomeRow } from './read-pack.ts';
import { fitRidge } from './ridge.ts';
import { sparseRows } from './sparse-rows.ts';

/** What a stronger model is good for, by prompt. */
interface Usefulness {
  /** What the strongest third of the models of a source get right more often than its weakest third. */
  readonly gain: number;
  /** How often the weakest third fails. */
  readonly weakFailure: number;
}

/** A source with more rows than this counts as if it had so many: no source drowns the others. */
const ROWS_OF_A_SOURCE = 700;
const BETWEEN_PENALTY = 1;
const WITHIN_PENALTY = 10;
/** How far differences within a source count beside those between sources. They are noisy: one answer a model. */
const WITHIN_SHARE = 0.6;

/**
 * The head that says how useful a stronger model is. Two ridge fits, added: one learns the mean gain of each source of prompts from what its
 * prompts look like, the other what sets the prompts of a source apart. Trained on the gain and, where a source has many models,
 * on the weak ones' failures, which tell hard prompts from easy ones with less noise.
 */
export function fitUsefulness(rows: readonly OutcomeRow[]): FittedHead {
  if (rows.length === 0) return { bias: 0, weights: new Float64Array(FEATURE_COUNT) };
  const useful = usefulness(rows);
  const sources = new Map<string, { count: number; gain: number; weakFailure: number }>();
  for (const [row, { source }] of rows.entries()) {
    const sum = sources.get(source) ?? { count: 0, gain: 0, weakFailure: 0 };
    sum.count += 1;
    sum.gain += useful[row]?.gain ?? 0;
    sum.weakFailure += useful[row]?.weakFailure ?? 0;
    sources.set(source, sum);
  }
  const sourceOf = (row: number) => sources.get(rows[row]?.source ?? '') ?? { count: 1, gain: 0, weakFailure: 0 };
  const weightOf = (row: number) => Math.min(1, ROWS_OF_A_SOURCE / sourceOf(row).count);
  const meanOf = (row: number) => sourceOf(row).gain / sourceOf(row).count;
  const members = rows.map((_, row) => row);
  let sum = 0;
  let weight = 0;
  for (const row of members) {
    sum += meanOf(row) * weightOf(row);
    weight += weightOf(row);
  }
  const bias = sum / weight;
  const features = sparseRows(rows.map((row) => row.prompt));
  const between = fitRidge(features, members, (row) => meanOf(row) - bias, BETWEEN_PENALTY, weightOf);
  const manyModels = (row: number) => Object.keys(rows[row]?.scores ?? {}).length > 2;
  const within = (row: number) => {
    const { gain = 0, weakFailure = 0 } = useful[row] ?? {};
    const gained = gain - meanOf(row);
    const failed = weakFailure - sourceOf(row).weakFailure / sourceOf(row).count;
    return manyModels(row) ? (gained + failed) / 2 : gained;
  };
  const apart = fitRidge(features, members, within, WITHIN_PENALTY, weightOf);
  return { bias, weights: between.map((value, index) => value + WITHIN_SHARE * (apart[index] ?? 0)) };
}

/** The gain and the weak models' failures of each row, by thirds of its source's models. */
function usefulness(rows: readonly OutcomeRow[]): readonly Usefulness[] {
  const means = new Map<string, Map<string, number>>();
  for (const row of rows) {
    const sums = means.get(row.source) ?? new Map<string, number>();
    for (const [model, score] of Object.entries(row.scores)) sums.set(model, (sums.get(model) ?? 0) + score);
    means.set(row.source, sums);
  }
  const thirds = new Map<string, { weak: readonly string[]; strong: readonly string[] }>();
  for (const [source, sums] of means) {
    const models = [...sums].sort((one, other) => one[1] - other[1]).map(([model]) => model);
    const size = Math.max(1, Math.floor(models.length / 3));
    thirds.set(source, { weak: models.slice(0, size), strong: models.slice(-size) });
  }
  return rows.map((row) => {
    const { weak = [], strong = [] } = thirds.get(row.source) ?? {};
    const mean = (models: readonly string[]) =>
      models.reduce((sum, model) => sum + (row.scores[model] ?? 0), 0) / Math.max(1, models.length);
    return { gain: mean(strong) - mean(weak), weakFailure: 1 - mean(weak) };
  });
}
