/** The rows of a pair, ordered by who should go to the strong model first. */
export interface PairRow {
  readonly score: number;
  readonly weak: number;
  readonly strong: number;
}

/**
 * PGR at each share of strong calls, 0 to 1 in `rows.length` steps: the quality gained of what there is to gain by always asking the strong
 * model. Rows of equal score stand in for each other.
 */
function gainCurve(rows: readonly PairRow[]): number[] {
  const sorted = [...rows].sort((one, other) => other.score - one.score);
  const total = rows.reduce((sum, row) => sum + row.strong - row.weak, 0);
  const curve = [0];
  let gained = 0;
  for (let from = 0; from < sorted.length; ) {
    let to = from;
    let gain = 0;
    while (to < sorted.length && sorted[to]?.score === sorted[from]?.score) {
      gain += (sorted[to]?.strong ?? 0) - (sorted[to]?.weak ?? 0);
      to += 1;
    }
    for (let place = from; place < to; place += 1) {
      gained += gain / (to - from);
      curve.push(total === 0 ? 0 : gained / total);
    }
    from = to;
  }
  return curve;
}

/** The mean of PGR over all shares: random 0.5. */
export function averageGain(rows: readonly PairRow[]): number {
  const curve = gainCurve(rows);
  let sum = 0;
  for (let place = 1; place < curve.length; place += 1) sum += ((curve[place] ?? 0) + (curve[place - 1] ?? 0)) / 2;
  return sum / (curve.length - 1);
}

/** The least share of strong calls that reaches a PGR. */
export function callShareFor(rows: readonly PairRow[], wanted: number): number {
  const curve = gainCurve(rows);
  return curve.findIndex((gain) => gain >= wanted) / (curve.length - 1);
}

/** The standard error of the average gain, by resampling the rows. Deterministic for a seed. */
export function averageGainError(rows: readonly PairRow[], rounds = 100, seed = 7): number {
  const random = seededRandom(seed);
  const values: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const sample = rows.map(() => rows[Math.floor(random() * rows.length)] as PairRow);
    values.push(averageGain(sample));
  }
  const mean = values.reduce((sum, value) => sum + value, 0) / rounds;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (rounds - 1));
}

/** A point of a cost and quality plane. */
export interface Point {
  readonly cost: number;
  readonly quality: number;
}

/** The area under the non-decreasing hull of some points between two costs, over the range of costs (AIQ). */
export function hullArea(points: readonly Point[], from: number, to: number): number {
  const hull: Point[] = [];
  const sorted = [...points].sort((one, other) => one.cost - other.cost || other.quality - one.quality);
  for (const point of sorted) {
    const top = hull.at(-1);
    if (top !== undefined && point.quality <= top.quality) continue;
    while (hull.length > 1 && slope(hull.at(-2) as Point, point) >= slope(hull.at(-2) as Point, hull.at(-1) as Point))
      hull.pop();
    hull.push(point);
  }
  const last = hull.at(-1);
  if (last === undefined || to <= from) return Number.NaN;
  const line = [
    { cost: from, quality: hull[0]?.cost === from ? (hull[0]?.quality ?? 0) : 0 },
    ...hull.filter((one) => one.cost > from),
  ];
  if (last.cost < to) line.push({ cost: to, quality: last.quality });
  let area = 0;
  for (let place = 1; place < line.length; place += 1) {
    const one = line[place - 1] as Point;
    const other = line[place] as Point;
    const end = Math.min(other.cost, to);
    if (end <= one.cost) continue;
    const quality = one.quality + ((other.quality - one.quality) * (end - one.cost)) / (other.cost - one.cost);
    area += ((one.quality + quality) / 2) * (end - one.cost);
  }
  return area / (to - from);
}

const slope = (one: Point, other: Point) => (other.quality - one.quality) / (other.cost - one.cost);

/** The area under the curve of true against false positives. Ties count half. */
export function areaUnderRoc(rows: readonly { readonly score: number; readonly positive: boolean }[]): number {
  const sorted = [...rows].sort((one, other) => one.score - other.score);
  let below = 0;
  let area = 0;
  for (let from = 0; from < sorted.length; ) {
    let to = from;
    let positives = 0;
    while (to < sorted.length && sorted[to]?.score === sorted[from]?.score) {
      if (sorted[to]?.positive === true) positives += 1;
      to += 1;
    }
    const negatives = to - from - positives;
    area += positives * (below + negatives / 2);
    below += negatives;
    from = to;
  }
  const positives = rows.filter((row) => row.positive).length;
  return area / (positives * (rows.length - positives));
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
