import type { Candidate, NanoUsd, Pricing } from '@signalbox/core';

/** What one call costs, by the tokens of its output. */
export interface CallPrice {
  /** Rounded up, so that what is reserved covers what is asked. */
  cost(outputTokens: number): NanoUsd;
  /** Tokens of output that an amount pays for, the input paid; below zero: not even the input. */
  tokensFor(amount: NanoUsd): number;
}

const MILLION = 1_000_000;

/** `undefined` where the price is unknown. `at`: Unix milliseconds. */
export function callPrice(
  pricing: Pricing,
  candidate: Candidate,
  inputTokens: number,
  at: number,
): CallPrice | undefined {
  const input = pricing.predict(candidate.facts, inputTokens, 0, at);
  const withMillion = pricing.predict(candidate.facts, inputTokens, MILLION, at);
  if (input === undefined || withMillion === undefined) return undefined;
  const perMillion = withMillion - input;
  return {
    cost: (outputTokens) => input + Math.ceil((outputTokens * perMillion) / MILLION),
    tokensFor(amount) {
      if (amount < input) return -1;
      return perMillion === 0 ? Number.POSITIVE_INFINITY : Math.floor(((amount - input) * MILLION) / perMillion);
    },
  };
}
