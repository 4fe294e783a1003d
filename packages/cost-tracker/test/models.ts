import type { ModelFacts, PricePeriod } from '@signalbox/core';

/** A model with these prices, for tests. */
export function modelWith(prices: readonly PricePeriod[], id = 'model-1', provider = 'acme'): ModelFacts {
  return { id, provider, name: id, type: 'chat', status: 'active', capabilities: {}, prices };
}

const DOLLAR = 1_000_000_000;

/** Dollars per million tokens. */
export const dollars = (amount: number): number => amount * DOLLAR;
