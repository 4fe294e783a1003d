import { FEATURE_COUNT } from '../packages/task-analysis/src/extract-features.ts';
import type { HeadWeights } from '../packages/task-analysis/src/heads.ts';
import type { FittedHead } from './fitted-head.ts';
import { fitItemResponse } from './item-response.ts';
import type { OutcomeRow } from './read-pack.ts';
import { fitRidge } from './ridge.ts';
import { seededRandom } from './router-curves.ts';
import { rowProduct, sparseRows } from './sparse-rows.ts';

const PENALTY = 3;
const FOLDS = 5;
const ROWS_OF_A_SOURCE = 1_500;

export interface FittedHardness {
  readonly head: FittedHead;
  readonly calibration: HeadWeights['calibration'];
  readonly abilities: HeadWeights['abilities'];
}

/**
 * The head that says how hard a prompt is, in logits on the scale of the models' abilities, learned from a Rasch model's difficulties; and
 * what its word is worth: the calibration is fitted on predictions for prompts that the predicting fit had not seen.
 */
export function fitHardness(rows: readonly OutcomeRow[]): FittedHardness {
  if (rows.length === 0) {
    return {
      head: { bias: 0, weights: new Float64Array(FEATURE_COUNT) },
      calibration: { slope: 1, shift: 0 },
      abilities: {},
    };
  }
  const { difficulty, ability } = fitItemResponse(rows);
  const features = sparseRows(rows.map((row) => row.prompt));
  const counts = new Map<string, number>();
  for (const { source } of rows) counts.set(source, (counts.get(source) ?? 0) + 1);
  const weightOf = (row: number) => Math.min(1, ROWS_OF_A_SOURCE / (counts.get(rows[row]?.source ?? '') ?? 1));
  const target = (row: number) => difficulty[row] ?? 0;
  const fitted = (members: readonly number[]): FittedHead => {
    const weight = members.reduce((sum, row) => sum + weightOf(row), 0);
    const bias = members.reduce((sum, row) => sum + weightOf(row) * target(row), 0) / weight;
    return { bias, weights: fitRidge(features, members, (row) => target(row) - bias, PENALTY, weightOf) };
  };
  const everybody = rows.map((_, row) => row);
  const random = seededRandom(11);
  const folds = rows.map(() => Math.floor(random() * FOLDS));
  const predicted = new Float64Array(rows.length);
  for (let fold = 0; fold < FOLDS; fold += 1) {
    const { bias, weights } = fitted(everybody.filter((row) => folds[row] !== fold));
    for (const row of everybody) {
      if (folds[row] === fold) predicted[row] = bias + rowProduct(features, row, weights);
    }
  }
  const abilities = Object.fromEntries(
    [...ability].map(([model, own]) => [model, Number((own.get('') ?? 0).toFixed(3))]),
  );
  return { head: fitted(everybody), calibration: calibrate(rows, predicted, abilities, weightOf), abilities };
}

/** Slope and shift of a logistic curve over ability minus hardness, by Newton steps. */
function calibrate(
  rows: readonly OutcomeRow[],
  hardness: Float64Array,
  abilities: Readonly<Record<string, number>>,
  weightOf: (row: number) => number,
): HeadWeights['calibration'] {
  let slope = 1;
  let shift = 0;
  for (let round = 0; round < 15; round += 1) {
    let bySlope = 0;
    let byShift = 0;
    let curveSlope = 1e-6;
    let curveShift = 1e-6;
    let curveBoth = 0;
    for (const [row, { scores }] of rows.entries()) {
      for (const [model, score] of Object.entries(scores)) {
        const x = (abilities[model] ?? 0) - (hardness[row] ?? 0);
        const p = 1 / (1 + Math.exp(-(slope * x + shift)));
        const error = weightOf(row) * (score - p);
        const curve = weightOf(row) * p * (1 - p);
        bySlope += error * x;
        byShift += error;
        curveSlope += curve * x * x;
        curveShift += curve;
        curveBoth += curve * x;
      }
    }
    const determinant = curveSlope * curveShift - curveBoth * curveBoth;
    slope += (curveShift * bySlope - curveBoth * byShift) / determinant;
    shift += (curveSlope * byShift - curveBoth * bySlope) / determinant;
  }
  return { slope: Number(slope.toFixed(4)), shift: Number(shift.toFixed(4)) };
}
