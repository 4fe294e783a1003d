import { type PricePeriod, RATE_KINDS, type Rates } from './price.ts';

/** What decides, besides the moment, at which rates a request is billed. */
export interface BilledRequest {
  /** All input tokens, cached ones included; decides the tier. Default 0. */
  readonly inputTokens?: number | undefined;
  /** `batch`, `flex` or `priority`; every other name is the standard tier. */
  readonly serviceTier?: string | undefined;
}

/**
 * The rates that hold for a request at a moment (Unix milliseconds), or `undefined` where no period covers it: the price is
 * unknown then, not zero.
 *
 * The last period that fits the moment wins. Its highest tier below the size of the input holds for the whole request. A
 * service tier's own rates replace the standard ones; where a size tier holds as well, they grow in the same proportion (a
 * batch at half the price stays at half the price of a long request).
 *
 * @example ratesAt(facts.prices, Date.now(), { inputTokens: 300_000, serviceTier: 'batch' })?.input
 */
export function ratesAt(prices: readonly PricePeriod[], at: number, request: BilledRequest = {}): Rates | undefined {
  const period = periodAt(prices, at);
  if (period === undefined) return undefined;
  const size = request.inputTokens ?? 0;
  let tier: Rates | undefined;
  let above = -1;
  for (const one of period.tiers ?? []) {
    if (size > one.aboveInputTokens && one.aboveInputTokens > above) {
      tier = one;
      above = one.aboveInputTokens;
    }
  }
  const service = serviceRates(period, request.serviceTier);
  const rates: { -readonly [Kind in keyof Rates]: Rates[Kind] } = {};
  for (const kind of RATE_KINDS) {
    const standard = period[kind];
    const sized = tier?.[kind] ?? standard;
    const served = service?.[kind];
    const rate = served === undefined ? sized : tier === undefined ? served : inProportion(served, standard, sized);
    if (rate !== undefined) rates[kind] = rate;
  }
  return rates;
}

function serviceRates(period: PricePeriod, serviceTier: string | undefined): Rates | undefined {
  if (serviceTier === 'batch') return period.batch;
  if (serviceTier === 'flex') return period.flex;
  return serviceTier === 'priority' ? period.priority : undefined;
}

function inProportion(served: number, standard: number | undefined, sized: number | undefined): number {
  if (!standard || sized === undefined || sized === standard) return served;
  if (![served, standard, sized].every(Number.isSafeInteger)) return served;
  // The product of two prices does not fit a safe integer.
  return Number((BigInt(served) * BigInt(sized) * 2n + BigInt(standard)) / (2n * BigInt(standard)));
}

function periodAt(prices: readonly PricePeriod[], at: number): PricePeriod | undefined {
  let moment: string | undefined;
  for (let index = prices.length - 1; index >= 0; index -= 1) {
    const period = prices[index];
    if (period === undefined) continue;
    const { effectiveFrom, effectiveUntil, hoursUtc } = period;
    if (effectiveFrom === undefined && effectiveUntil === undefined && hoursUtc === undefined) return period;
    moment ??= new Date(at).toISOString();
    const day = moment.slice(0, 10);
    if (effectiveFrom !== undefined && day < effectiveFrom) continue;
    if (effectiveUntil !== undefined && day >= effectiveUntil) continue;
    if (hoursUtc === undefined || isWithin(moment.slice(11, 16), hoursUtc.from, hoursUtc.to)) return period;
  }
  return undefined;
}

/** Hours whose end is not after their beginning go past midnight. */
function isWithin(time: string, from: string, to: string): boolean {
  return from < to ? time >= from && time < to : time >= from || time < to;
}
