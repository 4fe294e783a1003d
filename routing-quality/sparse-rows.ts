import { extractFeatures } from '../packages/task-analysis/src/extract-features.ts';

/** Texts as rows of features, one behind the other. */
export interface SparseRows {
  readonly count: number;
  /** Where row n begins; one more than there are rows. */
  readonly starts: Uint32Array;
  readonly indices: Uint16Array;
  readonly values: Float32Array;
}

/** The features of each text, as the package extracts them. */
export function sparseRows(texts: readonly string[]): SparseRows {
  const rows = texts.map((text) => {
    const { indices, values } = extractFeatures(text);
    return { indices: indices.slice(), values: values.slice() };
  });
  const starts = new Uint32Array(rows.length + 1);
  for (const [row, { indices }] of rows.entries()) starts[row + 1] = (starts[row] ?? 0) + indices.length;
  const total = starts[rows.length] ?? 0;
  const indices = new Uint16Array(total);
  const values = new Float32Array(total);
  for (const [row, one] of rows.entries()) {
    indices.set(one.indices, starts[row]);
    values.set(one.values, starts[row]);
  }
  return { count: rows.length, starts, indices, values };
}

/** One row times a column of weights. */
export function rowProduct(rows: SparseRows, row: number, weights: Float64Array | Float32Array): number {
  const { starts, indices, values } = rows;
  let sum = 0;
  for (let at = starts[row] ?? 0, end = starts[row + 1] ?? 0; at < end; at += 1) {
    sum += (values[at] ?? 0) * (weights[indices[at] ?? 0] ?? 0);
  }
  return sum;
}

/** Adds `factor` times one row to a column. */
export function addRow(rows: SparseRows, row: number, factor: number, into: Float64Array): void {
  const { starts, indices, values } = rows;
  for (let at = starts[row] ?? 0, end = starts[row + 1] ?? 0; at < end; at += 1) {
    const index = indices[at] ?? 0;
    into[index] = (into[index] ?? 0) + (values[at] ?? 0) * factor;
  }
}

/** The rows with some of their features alone. */
export function selectFeatures(
  { count, starts, indices, values }: SparseRows,
  keeps: (index: number) => boolean,
): SparseRows {
  const kept = [...indices.keys()].filter((at) => keeps(indices[at] ?? 0));
  const ends = new Uint32Array(count + 1);
  let place = 0;
  for (let row = 0; row < count; row += 1) {
    while (place < kept.length && (kept[place] ?? 0) < (starts[row + 1] ?? 0)) place += 1;
    ends[row + 1] = place;
  }
  return {
    count,
    starts: ends,
    indices: Uint16Array.from(kept, (at) => indices[at] ?? 0),
    values: Float32Array.from(kept, (at) => values[at] ?? 0),
  };
}
