/** Rows of a logistic regression: sparse features, a known part of the logits, and what came of it. */
export interface LogisticRows {
  /** Features of a row: `values[row][n]` stands at `indices[row][n]`. */
  readonly indices: readonly Int32Array[];
  readonly values: readonly Float32Array[];
  /** Logits that are known before. */
  readonly offsets: Float64Array;
  /** 1: good, 0: not. */
  readonly labels: Float64Array;
  readonly weights: Float64Array;
}

/** Rounds over all features; the change is below a thousandth by then. */
const ROUNDS = 12;

/**
 * Ridge logistic regression by coordinates: in each round each feature takes one Newton step. No chance in it, so that the same rows always give the same
 * weights; the cost is the number of features in all rows times the rounds. `ridge`: the penalty of a feature; `uses`: which features may have a weight at all.
 */
export function fitLogistic(
  rows: LogisticRows,
  width: number,
  ridge: (feature: number) => number,
  uses: (feature: number) => boolean = () => true,
): Float64Array {
  const { offsets, labels, weights } = rows;
  const columns = transpose(rows, width).filter((column) => uses(column.feature));
  const found = new Float64Array(width);
  const margins = Float64Array.from(offsets);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const { feature, rows: places, values } of columns) {
      const before = found[feature] ?? 0;
      const penalty = ridge(feature);
      let gradient = penalty * before;
      let curvature = penalty;
      for (let n = 0; n < places.length; n += 1) {
        const row = places[n] ?? 0;
        const value = values[n] ?? 0;
        const share = 1 / (1 + Math.exp(-(margins[row] ?? 0)));
        const weight = weights[row] ?? 0;
        gradient += weight * (share - (labels[row] ?? 0)) * value;
        curvature += weight * share * (1 - share) * value * value;
      }
      const step = Math.max(-1, Math.min(1, gradient / curvature));
      if (step === 0) continue;
      found[feature] = before - step;
      for (let n = 0; n < places.length; n += 1) {
        const row = places[n] ?? 0;
        margins[row] = (margins[row] ?? 0) - step * (values[n] ?? 0);
      }
    }
  }
  return found;
}

interface Column {
  readonly feature: number;
  readonly rows: readonly number[];
  readonly values: readonly number[];
}

/** The rows by feature, those that are in any. */
function transpose({ indices, values }: LogisticRows, width: number): readonly Column[] {
  const byFeature = new Map<number, { rows: number[]; values: number[] }>();
  for (const [row, features] of indices.entries()) {
    for (let n = 0; n < features.length; n += 1) {
      const feature = features[n] ?? 0;
      const value = values[row]?.[n] ?? 0;
      if (value === 0 || feature >= width) continue;
      const column = byFeature.get(feature);
      if (column === undefined) byFeature.set(feature, { rows: [row], values: [value] });
      else {
        column.rows.push(row);
        column.values.push(value);
      }
    }
  }
  return [...byFeature].sort(([one], [other]) => one - other).map(([feature, column]) => ({ feature, ...column }));
}
