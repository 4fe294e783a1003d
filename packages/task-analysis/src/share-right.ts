import { builtInWeights } from './built-in-heads.ts';

/** The table's scale over the logits of measured abilities: `ability = 0.42 + 0.12 × logits`. */
const TABLE_ORIGIN = 0.42;
const TABLE_UNIT = 0.12;

/**
 * The share of questions of such a hardness that a model gets right, by the calibrated curve of the training data. `ability` is on the
 * table's scale (`ABILITY_TABLE`), hardness in logits (`TaskAnalysis.hardness`).
 */
export function shareRight(ability: number, hardness: number): number {
  const { slope, shift } = builtInWeights().calibration;
  const logits = (ability - TABLE_ORIGIN) / TABLE_UNIT;
  return 1 / (1 + Math.exp(-(slope * (logits - hardness) + shift)));
}
