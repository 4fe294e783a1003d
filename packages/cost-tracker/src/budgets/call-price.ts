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
  if (input === undefined) return undefined;
  // Embeddings have no output, and so no price for it.
  const isEmbedding = candidate.facts.type === 'embedding';
  if (withMillion === undefined && !isEmbedding) return undefined;
  const perMillion = withMillion === undefined ? 0 : withMillion - input;
  return {
    cost: (outputTokens) => input + Math.ceil((outputTokens * perMillion) / MILLION),
    tokensFor(amount) {
      if (amount < input) return -1;
      return perMillion === 0 ? Number.POSITIVE_INFINITY : Math.floor(((amount - input) * MILLION) / perMillion);
    },
  };
}

/** Eighths of a doubling: a price that is looked up is at most a tenth too high. */
const STEPS = 8;
const MINUTE = 60_000;

/**
 * The same, roughly, and without any arithmetic where a call of such a size was priced within the minute: for who only wants to know that there is plenty.
 */
export function createRoughPrices(
  pricing: Pricing,
): (candidate: Candidate, inputTokens: number, at: number) => CallPrice | undefined {
  let minute = Number.NaN;
  let known = new WeakMap<Candidate, Map<number, CallPrice | undefined>>();
  return (candidate, inputTokens, at) => {
    const now = Math.floor(at / MINUTE);
    // Prices change with the hour of a day.
    if (now !== minute) {
      minute = now;
      known = new WeakMap();
    }
    let sizes = known.get(candidate);
    if (sizes === undefined) {
      sizes = new Map();
      known.set(candidate, sizes);
    }
    const size = Math.ceil(STEPS * Math.log2(Math.max(1, inputTokens)));
    if (!sizes.has(size)) sizes.set(size, callPrice(pricing, candidate, Math.ceil(2 ** (size / STEPS)), at));
    return sizes.get(size);
  };
}
