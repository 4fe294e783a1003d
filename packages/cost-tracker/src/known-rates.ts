import { type BilledRequest, type PricePeriod, type Rates, ratesAt } from '@signalbox/core';

/** The rates of a model for a request at a moment (Unix milliseconds), as `ratesAt` gives them. */
export type RatesFor = (at: number, request: BilledRequest) => Rates | undefined;

/** Periods and hours begin and end with whole minutes. */
const MINUTE = 60_000;

/**
 * Finds rates once a minute and not for each request: the last answer holds for every request of the same minute, service tier and size between
 * two tiers of the prices.
 */
export function createKnownRates(prices: readonly PricePeriod[]): RatesFor {
  const sizes = [...new Set(prices.flatMap(({ tiers = [] }) => tiers.map((tier) => tier.aboveInputTokens)))];
  let known: { readonly rates: Rates | undefined } | undefined;
  let minute = Number.NaN;
  let service: string | undefined;
  let above = 0;
  let upTo = 0;
  return (at, request) => {
    const now = Math.floor(at / MINUTE);
    const { inputTokens: size = 0, serviceTier } = request;
    if (known !== undefined && now === minute && serviceTier === service && size > above && size <= upTo)
      return known.rates;
    known = { rates: ratesAt(prices, at, request) };
    minute = now;
    service = serviceTier;
    above = sizes.reduce((most, one) => (one < size ? Math.max(most, one) : most), Number.NEGATIVE_INFINITY);
    upTo = sizes.reduce((least, one) => (one < size ? least : Math.min(least, one)), Number.POSITIVE_INFINITY);
    return known.rates;
  };
}
