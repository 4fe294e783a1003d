/** The interval that holds a mean with 95 % of confidence. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Sums of what belongs together: requests of one session are alike, so they are drawn together. Two lists, since a hundred thousand objects would be megabytes. */
export interface Clusters {
  readonly sums: readonly number[];
  /** How many requests are in the sum of the same place. */
  readonly counts: readonly number[];
}

const RESAMPLES = 1_000;
/** Below this a resampling says nothing. */
const LEAST_CLUSTERS = 10;
/** More than this say the same, and take longer: they are put together in so many. */
const MOST_CLUSTERS = 2_000;

/**
 * A percentile bootstrap over clusters, of the mean over all that is in them. The same data give the same interval. `undefined`: too few clusters to say.
 *
 * @example bootstrapMean(sessions, 1) // { low: -0.0031, high: -0.0024 }
 */
export function bootstrapMean(given: Clusters, seed: number): Interval | undefined {
  if (given.sums.length < LEAST_CLUSTERS) return undefined;
  const sums = joined(given.sums);
  const counts = joined(given.counts);
  const random = mulberry32(seed);
  const means = new Float64Array(RESAMPLES);
  for (let resample = 0; resample < RESAMPLES; resample += 1) {
    let sum = 0;
    let count = 0;
    for (let draw = 0; draw < sums.length; draw += 1) {
      const index = Math.floor(random() * sums.length);
      sum += sums[index] ?? 0;
      count += counts[index] ?? 0;
    }
    means[resample] = sum / count;
  }
  means.sort();
  return { low: means[Math.floor(0.025 * RESAMPLES)] ?? 0, high: means[Math.ceil(0.975 * RESAMPLES) - 1] ?? 0 };
}

function joined(figures: readonly number[]): Float64Array {
  const bins = new Float64Array(Math.min(figures.length, MOST_CLUSTERS));
  for (const [index, figure] of figures.entries()) {
    const bin = index % bins.length;
    bins[bin] = (bins[bin] ?? 0) + figure;
  }
  return bins;
}

/** A small generator of numbers in [0, 1), by Tommy Ettinger (public domain): enough to draw with, and the same everywhere. */
function mulberry32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
