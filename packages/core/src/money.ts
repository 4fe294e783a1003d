/** An amount of money: whole nano-dollars (10⁻⁹ USD). Safe as a number up to nine million dollars. */
export type NanoUsd = number;

/** A price: whole nano-dollars for one million tokens (or for one million of whatever is counted). */
export type NanoUsdPerMillion = number;

/** Nano-dollars in a dollar. */
export const NANO_USD_PER_USD = 1_000_000_000;

/** Dollars as they stand in a configuration or catalogue, as nano-dollars. `usdToNano(0.0021)` is `2_100_000`. */
export function usdToNano(usd: number): NanoUsd {
  return Math.round(usd * NANO_USD_PER_USD);
}

/**
 * A decimal as a whole number of its `10^-places`, exactly: `decimalToInteger(0.003625, 9)` is `3_625_000`. A number stands for
 * the shortest decimal that means it, which is how it was written. `undefined` for what is no finite decimal, has digits beyond
 * `places`, or does not fit a safe integer.
 */
export function decimalToInteger(value: number | string, places: number): number | undefined {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d{1,4}))?$/i.exec(String(value).trim());
  if (match === null) return undefined;
  const [, sign, whole = '', fraction = '', exponent = '0'] = match;
  if (whole + fraction === '') return undefined;
  const zeros = places + Number(exponent) - fraction.length;
  let digits = (whole + fraction).replace(/^0+(?=\d)/, '');
  if (zeros < 0) {
    const kept = digits.length + zeros;
    if (/[1-9]/.test(digits.slice(Math.max(0, kept)))) return undefined;
    digits = kept > 0 ? digits.slice(0, kept) : '0';
  } else if (/[1-9]/.test(digits)) {
    if (digits.length + zeros > 16) return undefined;
    digits += '0'.repeat(zeros);
  }
  const integer = Number(digits);
  if (!Number.isSafeInteger(integer)) return undefined;
  return sign === '-' && integer !== 0 ? -integer : integer;
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
