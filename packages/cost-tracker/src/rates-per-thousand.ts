import { decimalToInteger, type NanoUsdPerMillion, RATE_KINDS, type Rates, RouterError } from '@signalbox/core';

/** Prices as configurations give them: dollars per thousand tokens. */
export interface DollarsPerThousandTokens {
  readonly input?: number | undefined;
  readonly output?: number | undefined;
  readonly cacheRead?: number | undefined;
  /** Writes to a cache with a life of five minutes, and of one hour. */
  readonly cacheWrite5m?: number | undefined;
  readonly cacheWrite1h?: number | undefined;
  readonly reasoning?: number | undefined;
  readonly inputAudio?: number | undefined;
  readonly outputAudio?: number | undefined;
}

/** Searches are no tokens. */
const KINDS = RATE_KINDS.filter((kind) => kind !== 'webSearch');

/** A dollar for a thousand tokens is 10¹² nano-dollars for a million. */
const PLACES = 12;

/**
 * Dollars per thousand tokens as nano-dollars per million, exactly; digits beyond a nano-dollar are rounded half up.
 * Throws RouterError `configuration` on what is not a price.
 *
 * @example perThousandTokens(0.00025) // 250_000_000
 */
export function perThousandTokens(dollars: number, what = 'The price'): NanoUsdPerMillion {
  const nano = decimalToInteger(dollars, PLACES) ?? Math.round(dollars * 10 ** PLACES);
  if (!(nano >= 0) || !Number.isSafeInteger(nano)) {
    throw new RouterError({
      kind: 'configuration',
      message: `${what} is ${dollars}: write dollars per thousand tokens, zero to 9000, such as 0.003.`,
    });
  }
  return nano;
}

/**
 * A block of prices (`cost_per_1k_tokens`) as rates. Throws RouterError `configuration` on what is not a price.
 *
 * @example ratesPerThousandTokens({ input: 0.015, output: 0.075 }) // { input: 15_000_000_000, output: 75_000_000_000 }
 */
export function ratesPerThousandTokens(prices: DollarsPerThousandTokens): Rates {
  const rates: { -readonly [Kind in keyof Rates]: Rates[Kind] } = {};
  for (const kind of KINDS) {
    const dollars = prices[kind];
    if (dollars !== undefined) rates[kind] = perThousandTokens(dollars, `The price of ${kind}`);
  }
  return rates;
}
