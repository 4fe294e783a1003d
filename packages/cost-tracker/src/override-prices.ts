import type { PricePeriod, Rates } from '@signalbox/core';

const INPUT_KINDS = ['input', 'cacheRead', 'cacheWrite5m', 'cacheWrite1h', 'inputAudio'] as const;
const OUTPUT_KINDS = ['output', 'reasoning', 'outputAudio'] as const;

/**
 * A model's prices with the user's own rates in the place of the catalogue's. Kinds, size tiers and service tiers that the
 * user does not name keep the proportion to input or output that they have in the catalogue; kinds that the user names hold in
 * every period, and grow with its tiers. An override holds at every moment, also where the catalogue has no price.
 *
 * @example overridePrices(facts.prices, ratesPerThousandTokens({ input: 0.00025, output: 0.00125 }))
 */
export function overridePrices(prices: readonly PricePeriod[], override: Rates): readonly PricePeriod[] {
  // A kind that is there and undefined is absent: spreading it would take the catalogue's rate away.
  const named: Rates = Object.fromEntries(Object.entries(override).filter(([, rate]) => rate !== undefined));
  return [named, ...prices.map((period) => overridePeriod(period, named))];
}

function overridePeriod(period: PricePeriod, override: Rates): PricePeriod {
  const changed = (rates: Rates) => overrideRates(rates, period, override);
  return {
    ...period,
    ...changed(period),
    ...override,
    tiers: period.tiers?.map((tier) => ({ aboveInputTokens: tier.aboveInputTokens, ...changed(tier) })),
    batch: period.batch && changed(period.batch),
    flex: period.flex && changed(period.flex),
    priority: period.priority && changed(period.priority),
  };
}

/** Each rate times what the user pays for its kind, or for the total it is part of, over what the catalogue says of that. */
function overrideRates(rates: Rates, standard: Rates, override: Rates): Rates {
  const result: { -readonly [Kind in keyof Rates]: Rates[Kind] } = {};
  if (rates.webSearch !== undefined) result.webSearch = override.webSearch ?? rates.webSearch;
  for (const [total, kinds] of [
    ['input', INPUT_KINDS],
    ['output', OUTPUT_KINDS],
  ] as const) {
    for (const kind of kinds) {
      const rate = rates[kind];
      if (rate === undefined) continue;
      const basis = override[kind] === undefined ? total : kind;
      result[kind] = inProportion(rate, override[basis], standard[basis]);
    }
  }
  return result;
}

/** `rate * paid / listed`, rounded half up; the rate itself where there is nothing to compare it with. */
function inProportion(rate: number, paid: number | undefined, listed: number | undefined): number {
  if (paid === undefined || listed === undefined || paid === listed) return rate;
  if (listed === 0) return paid;
  return Number((BigInt(rate) * BigInt(paid) * 2n + BigInt(listed)) / (2n * BigInt(listed)));
}
