import type { OutcomeRow } from './read-pack.ts';

/** What a stronger model is good for, by prompt. */
export interface Usefulness {
  /** What the strongest third of the models of a source get right more often than its weakest third. */
  readonly gain: number;
  /** How much it differs from the usual prompt of its source: in the gain and, where a source has many models, in their failures too. */
  readonly apart: number;
  /** Models that were asked. */
  readonly models: number;
}

/** The failures of all models tell hard prompts from easy ones with less noise than the gain does, where there are enough of them. */
const MANY_MODELS = 3;

/** The usefulness of each row, by thirds of its source's models. */
export function usefulnessOf(rows: readonly OutcomeRow[]): readonly Usefulness[] {
  const sums = new Map<string, Map<string, number>>();
  for (const row of rows) {
    const ofSource = sums.get(row.source) ?? new Map<string, number>();
    for (const [model, score] of Object.entries(row.scores)) ofSource.set(model, (ofSource.get(model) ?? 0) + score);
    sums.set(row.source, ofSource);
  }
  const thirds = new Map<string, { weak: readonly string[]; strong: readonly string[] }>();
  for (const [source, ofSource] of sums) {
    const models = [...ofSource].sort((one, other) => one[1] - other[1]).map(([model]) => model);
    const size = Math.max(1, Math.floor(models.length / 3));
    thirds.set(source, { weak: models.slice(0, size), strong: models.slice(-size) });
  }
  const measured = rows.map((row) => {
    const { weak = [], strong = [] } = thirds.get(row.source) ?? {};
    const mean = (models: readonly string[]) =>
      models.reduce((sum, model) => sum + (row.scores[model] ?? 0), 0) / Math.max(1, models.length);
    return { gain: mean(strong) - mean(weak), failure: 1 - mean(Object.keys(row.scores)) };
  });
  const means = new Map<string, { count: number; gain: number; failure: number }>();
  for (const [row, { source }] of rows.entries()) {
    const mean = means.get(source) ?? { count: 0, gain: 0, failure: 0 };
    mean.count += 1;
    mean.gain += measured[row]?.gain ?? 0;
    mean.failure += measured[row]?.failure ?? 0;
    means.set(source, mean);
  }
  return rows.map(({ source, scores }, row) => {
    const { gain = 0, failure = 0 } = measured[row] ?? {};
    const mean = means.get(source) ?? { count: 1, gain: 0, failure: 0 };
    const gained = gain - mean.gain / mean.count;
    const failed = failure - mean.failure / mean.count;
    const models = Object.keys(scores).length;
    return { gain, apart: models >= MANY_MODELS ? (gained + failed) / 2 : gained, models };
  });
}
