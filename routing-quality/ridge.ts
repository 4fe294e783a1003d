import { FEATURE_COUNT } from '../packages/task-analysis/src/extract-features.ts';
import { addRow, rowProduct, type SparseRows } from './sparse-rows.ts';

/**
 * Weights that predict `targets` from the rows `members`, with a penalty on their squares: conjugate gradients on
 * (XᵀCX + λ) w = Xᵀ C y, where C weighs the rows. Deterministic.
 */
export function fitRidge(
  rows: SparseRows,
  members: readonly number[],
  targets: (row: number) => number,
  penalty: number,
  weightOf: (row: number) => number = () => 1,
  steps = 25,
): Float64Array {
  const weights = new Float64Array(FEATURE_COUNT);
  const residual = new Float64Array(FEATURE_COUNT);
  for (const row of members) addRow(rows, row, targets(row) * weightOf(row), residual);
  const direction = residual.slice();
  let size = dot(residual, residual);
  const enough = size * 1e-8;
  for (let step = 0; step < steps && size > enough; step += 1) {
    const image = new Float64Array(FEATURE_COUNT);
    for (const row of members) addRow(rows, row, rowProduct(rows, row, direction) * weightOf(row), image);
    addScaled(image, direction, penalty);
    const length = size / dot(direction, image);
    addScaled(weights, direction, length);
    addScaled(residual, image, -length);
    const next = dot(residual, residual);
    const ratio = next / size;
    for (let index = 0; index < FEATURE_COUNT; index += 1) {
      direction[index] = (residual[index] ?? 0) + ratio * (direction[index] ?? 0);
    }
    size = next;
  }
  return weights;
}

function dot(one: Float64Array, other: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < one.length; index += 1) sum += (one[index] ?? 0) * (other[index] ?? 0);
  return sum;
}

function addScaled(into: Float64Array, from: Float64Array, factor: number): void {
  for (let index = 0; index < into.length; index += 1) into[index] = (into[index] ?? 0) + factor * (from[index] ?? 0);
}
