/** An amount of money: whole nano-dollars (10⁻⁹ USD). Safe as a number up to nine million dollars. */
export type NanoUsd = number;

/** A price: whole nano-dollars for one million tokens (or for one million of whatever is counted). */
export type NanoUsdPerMillion = number;

export const NANO_USD_PER_USD = 1_000_000_000;

/** Dollars as they stand in a configuration or catalogue, as nano-dollars. `usdToNano(0.0021)` is `2_100_000`. */
export function usdToNano(usd: number): NanoUsd {
  return Math.round(usd * NANO_USD_PER_USD);
}

/** Nano-dollars as dollars, for people's eyes and for JSON output: never for further arithmetic. */
export function nanoToUsd(nano: NanoUsd): number {
  return nano / NANO_USD_PER_USD;
}

/**
 * An amount as people write it: `$12.34`, and below ten cents as many digits as it takes to show two that count (`$0.0021`).
 */
export function formatUsd(nano: NanoUsd): string {
  const usd = nanoToUsd(nano);
  const size = Math.abs(usd);
  if (size === 0 || size >= 0.095) return `${usd < 0 ? '-' : ''}$${size.toFixed(2)}`;
  const digits = Math.min(9, 1 - Math.floor(Math.log10(size)));
  return `${usd < 0 ? '-' : ''}$${size.toFixed(digits)}`;
}
