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

const NANO = 1_000_000_000;
const ZERO = 0x30;

/** All digits, no exponent: `0.00021`. By whole numbers: `toFixed` and an expression for the zeros at its end take ten times as long. */
function dollars(nanoUsd: number): string {
  const whole = Math.round(nanoUsd);
  const parts = String(NANO + (whole % NANO));
  let end = parts.length;
  while (end > 1 && parts.charCodeAt(end - 1) === ZERO) end -= 1;
  const units = String(Math.floor(whole / NANO));
  return end === 1 ? units : `${units}.${parts.slice(1, end)}`;
}
