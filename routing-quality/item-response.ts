import type { OutcomeRow } from './read-pack.ts';

/** How hard each prompt is and how able each model, on one scale (logits): P(right) = sigmoid(ability - difficulty). */
export interface ItemResponse {
  readonly difficulty: Float64Array;
  /** By model, then by source; '' is the model's own over all sources. */
  readonly ability: ReadonlyMap<string, ReadonlyMap<string, number>>;
}

const ROUNDS = 40;
/** Variances of the priors, in squared logits. */
const ITEM_VARIANCE = 2.5;
const SOURCE_VARIANCE = 0.5;
const MODEL_VARIANCE = 4;

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

/**
 * Fits a Rasch model with a deviation of each model at each source, by alternating Newton steps: prompts are shrunk to their source's mean,
 * deviations to 0. Models that were run on several sources tie the scales of the sources together.
 */
export function fitItemResponse(rows: readonly OutcomeRow[]): ItemResponse {
  const difficulty = new Float64Array(rows.length);
  const own = new Map<string, number>();
  const deviation = new Map<string, number>();
  const sourceMean = new Map<string, number>();
  const key = (model: string, source: string) => `${model}\0${source}`;
  const entries = rows.map((row) => Object.entries(row.scores));
  const abilityOf = (model: string, source: string) => (own.get(model) ?? 0) + (deviation.get(key(model, source)) ?? 0);

  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [index, row] of rows.entries()) {
      const mean = sourceMean.get(row.source) ?? 0;
      const at = difficulty[index] ?? 0;
      let slope = -(at - mean) / ITEM_VARIANCE;
      let curve = -1 / ITEM_VARIANCE;
      for (const [model, score] of entries[index] ?? []) {
        const p = sigmoid(abilityOf(model, row.source) - at);
        slope -= score - p;
        curve -= p * (1 - p);
      }
      difficulty[index] = at - slope / curve;
    }
    const sums = new Map<string, [number, number]>();
    for (const [index, row] of rows.entries()) {
      const sum = sums.get(row.source) ?? [0, 0];
      sums.set(row.source, [sum[0] + (difficulty[index] ?? 0), sum[1] + 1]);
    }
    for (const [source, [sum, count]] of sums) sourceMean.set(source, sum / count);
    step(own, MODEL_VARIANCE, (model) => model);
    step(deviation, SOURCE_VARIANCE, key);
  }

  /** One Newton step for a set of parameters, each seen by the answers that `nameOf` maps to it. */
  function step(
    parameters: Map<string, number>,
    variance: number,
    nameOf: (model: string, source: string) => string,
  ): void {
    const slopes = new Map<string, [number, number]>();
    for (const [index, row] of rows.entries()) {
      for (const [model, score] of entries[index] ?? []) {
        const p = sigmoid(abilityOf(model, row.source) - (difficulty[index] ?? 0));
        const name = nameOf(model, row.source);
        const sum = slopes.get(name) ?? [0, 0];
        slopes.set(name, [sum[0] + score - p, sum[1] + p * (1 - p)]);
      }
    }
    for (const [name, [slope, curve]] of slopes) {
      const at = parameters.get(name) ?? 0;
      parameters.set(name, at + (slope - at / variance) / (curve + 1 / variance));
    }
  }

  const ability = new Map<string, Map<string, number>>();
  for (const [model, value] of own) ability.set(model, new Map([['', value]]));
  for (const row of rows) {
    for (const model of Object.keys(row.scores)) ability.get(model)?.set(row.source, abilityOf(model, row.source));
  }
  return { difficulty, ability };
}
