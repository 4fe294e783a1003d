import type { Candidate, NanoUsd, Pricing } from '@signalbox/core';

/** A call by which models are compared: a thousand tokens in, half as many out. */
const INPUT = 1_000;
const OUTPUT = 500;
const HOUR = 3_600_000;

/**
 * Which models are expensive: dearer than the median of the models at hand whose price is known (of an even number the lower middle one), and those
 * whose price is unknown. Looked up anew each hour: prices change.
 */
export function createExpensive(
  candidates: () => readonly Candidate[],
  pricing: Pricing,
): (candidate: Candidate, now: number) => boolean {
  let median: NanoUsd | undefined;
  let until = Number.NEGATIVE_INFINITY;
  const priceOf = (candidate: Candidate, now: number) => pricing.predict(candidate.facts, INPUT, OUTPUT, now);
  return (candidate, now) => {
    if (now >= until) {
      const prices = candidates()
        .map((one) => priceOf(one, now))
        .filter((price) => price !== undefined)
        .sort((one, other) => one - other);
      median = prices[Math.floor((prices.length - 1) / 2)];
      until = now + HOUR;
    }
    const price = priceOf(candidate, now);
    return price === undefined || (median !== undefined && price > median);
  };
}
