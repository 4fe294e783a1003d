import {
  anObject,
  aRecordOf,
  type Cost,
  type ModelFacts,
  type NanoUsd,
  type OptionRules,
  type PricePeriod,
  type Pricing,
  type Rates,
  requireOptions,
  type Usage,
} from '@signalbox/core';
import { billedParts } from './billed-parts.ts';
import { createKnownRates, type RatesFor } from './known-rates.ts';
import { overridePrices } from './override-prices.ts';

/** Whose prices hold beside the catalogue's. */
export interface PricingOptions {
  /**
   * The user's own prices by `provider/model id`, e.g. from `ratesPerThousandTokens`. They set the rates of input and output;
   * what the catalogue knows besides (cached input, sizes, service tiers) keeps its proportion to them.
   */
  readonly overrides?: Readonly<Record<string, Rates>> | undefined;
}

const RULES: OptionRules<PricingOptions> = {
  overrides: aRecordOf(anObject('rates, such as ratesPerThousandTokens() gives'), 'rates by provider/model id'),
};

/**
 * Money for tokens: implements core's `Pricing`.
 *
 * A cost is a sum of whole numbers, rounded once, half up, to a nano-dollar. Kinds without a rate of their own are billed as the
 * total they are part of. `undefined` where a rate that is needed is unknown (or is no whole number of nano-dollars, zero or more). Web searches at an unknown rate are left out,
 * and the cost is marked `estimated`: a known part of a cost is worth more to a budget than no cost.
 *
 * @example
 * const pricing = createPricing();
 * pricing.cost(facts, { inputTokens: 2000, outputTokens: 1000, provenance: 'reported' }, Date.now());
 * // { nanoUsd: 105_000_000, provenance: 'reported' } with Claude Opus 4
 */
export function createPricing(options: PricingOptions = {}): Pricing {
  requireOptions('createPricing', options, RULES);
  const overrides = options.overrides ?? {};
  const overridden = new WeakMap<ModelFacts, RatesFor>();
  const ratesOf = (facts: ModelFacts): RatesFor => {
    const known = overridden.get(facts);
    if (known !== undefined) return known;
    const key = `${facts.provider}/${facts.id}`;
    const override = Object.hasOwn(overrides, key) ? overrides[key] : undefined;
    const prices: readonly PricePeriod[] =
      override === undefined ? facts.prices : overridePrices(facts.prices, override);
    const rates = createKnownRates(prices);
    overridden.set(facts, rates);
    return rates;
  };
  return {
    cost: (facts, usage, at) => costOf(ratesOf(facts), usage, at),
    predict: (facts, inputTokens, outputTokens, at) =>
      costOf(ratesOf(facts), { inputTokens, outputTokens, provenance: 'estimated' }, at)?.nanoUsd,
  };
}

const MILLION = 1_000_000n;
const HALF = 500_000;

function costOf(ratesFor: RatesFor, usage: Usage, at: number): Cost | undefined {
  const parts = billedParts(usage);
  const rates = ratesFor(at, usage);
  if (parts === undefined || rates === undefined) return undefined;
  // In plain numbers as long as they are exact, which they are below nine million dollars.
  let total = 0;
  let beyond = 0n;
  let { provenance } = usage;
  for (const { kind, partOf, count } of parts) {
    const rate = rates[kind] ?? (partOf === undefined ? undefined : rates[partOf]);
    if (isRate(rate)) {
      const product = count * rate;
      if (Number.isSafeInteger(product) && Number.isSafeInteger(total + product + HALF)) total += product;
      else beyond += BigInt(count) * BigInt(rate);
    } else if (kind === 'webSearch') provenance = 'estimated';
    else return undefined;
  }
  const nanoUsd: NanoUsd =
    beyond === 0n ? Math.floor((total + HALF) / 1_000_000) : Number((BigInt(total) + beyond + BigInt(HALF)) / MILLION);
  return { nanoUsd, provenance };
}

function isRate(rate: number | undefined): rate is number {
  return rate !== undefined && Number.isSafeInteger(rate) && rate >= 0;
}
