import type { Attempt, Decision } from '@signalbox/core';

/**
 * What a whole answer cost, all attempts together, in dollars: `x-signalbox-cost: 0.00021`. Nothing where a price is not known: a part would look like the whole.
 */
export function costHeader(attempts: readonly Attempt[]): Record<string, string> {
  let nanoUsd = 0;
  for (const { cost, usage } of attempts) {
    if (cost === undefined && usage !== undefined) return {};
    nanoUsd += cost?.nanoUsd ?? 0;
  }
  return { 'x-signalbox-cost': dollars(nanoUsd) };
}

/** What a stream is expected to cost: what it did is known when its head is long gone, and stands in the ledger under the decision's id. */
export function predictedCostHeader({ order }: Decision, candidate: string): Record<string, string> {
  const predicted = order.find((entry) => entry.candidate === candidate)?.predictedCost;
  return predicted === undefined ? {} : { 'x-signalbox-predicted-cost': dollars(predicted) };
}

/** All digits, no exponent: `0.00021`. */
const dollars = (nanoUsd: number) => (nanoUsd / 1e9).toFixed(9).replace(/\.?0+$/, '');
