/** How many tokens of output an answer will hardly exceed, learned from answers. */
export interface OutputForecast {
  /** `expected`: what is known otherwise, of this kind of task. */
  expect(candidate: string, task: string | undefined, expected: number | undefined): number;
  learn(candidate: string, task: string | undefined, outputTokens: number): void;
}

/** Nine of ten answers are shorter. */
const QUANTILE = 0.9;
/** Answers that must be known before they are believed. */
const ENOUGH = 8;
/** Answers after which the older half of the weight is dropped: habits change. */
const MEMORY = 512;
/** Parts of the weight that may come before the quantile is looked for again. */
const NEWS = 1 / 64;
/** Four steps for a doubling: the quantile is at most a fifth above the truth. */
const STEPS = 4;
/** Without any knowledge: half a page. Too little is no harm where a stream gets more as it grows; too much refuses what could be paid. */
const UNKNOWN = 400;
/** What is usual for a task is exceeded by half of its answers. */
const MARGIN = 2;

/**
 * Keeps a histogram for each candidate, and for each candidate and task. A quantile and not the worst case: a budget that reserved for the
 * longest answer that a model may give would refuse most of what it can pay for.
 */
export function createOutputForecast(): OutputForecast {
  /** By candidate, then by task; `undefined`: whatever the task. */
  const histograms = new Map<string, Map<string | undefined, Histogram>>();

  function learnFor(known: Map<string | undefined, Histogram>, task: string | undefined, outputTokens: number): void {
    let histogram = known.get(task);
    if (histogram === undefined) {
      histogram = createHistogram();
      known.set(task, histogram);
    }
    histogram.add(outputTokens);
  }

  return {
    expect(candidate, task, expected) {
      const ofCandidate = histograms.get(candidate);
      const known =
        (task === undefined ? undefined : enough(ofCandidate?.get(task))) ?? enough(ofCandidate?.get(undefined));
      return known?.quantile() ?? (expected === undefined ? UNKNOWN : Math.ceil(expected * MARGIN));
    },
    learn(candidate, task, outputTokens) {
      let known = histograms.get(candidate);
      if (known === undefined) {
        known = new Map();
        histograms.set(candidate, known);
      }
      learnFor(known, undefined, outputTokens);
      if (task !== undefined) learnFor(known, task, outputTokens);
    },
  };
}

interface Histogram {
  readonly weight: () => number;
  add(value: number): void;
  quantile(): number;
}

const enough = (histogram: Histogram | undefined): Histogram | undefined =>
  histogram !== undefined && histogram.weight() >= ENOUGH ? histogram : undefined;

function createHistogram(): Histogram {
  const counts: number[] = [];
  let weight = 0;
  let quantile: number | undefined;
  let news = 0;
  return {
    weight: () => weight,
    add(value) {
      const bucket = Math.ceil(STEPS * Math.log2(Math.max(1, value)));
      counts[bucket] = (counts[bucket] ?? 0) + 1;
      weight += 1;
      news += 1;
      if (weight < MEMORY) return;
      weight = 0;
      for (const [index, count = 0] of counts.entries()) {
        counts[index] = count / 2;
        weight += count / 2;
      }
    },
    quantile() {
      if (quantile !== undefined && news <= weight * NEWS) return quantile;
      news = 0;
      let left = weight * QUANTILE;
      let bucket = 0;
      for (; bucket < counts.length - 1; bucket += 1) {
        left -= counts[bucket] ?? 0;
        if (left <= 0) break;
      }
      quantile = Math.ceil(2 ** (bucket / STEPS));
      return quantile;
    },
  };
}
