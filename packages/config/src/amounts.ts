import { type NanoUsd, usdToNano } from '@signalbox/core';

/** A number, also as text (a variable's value is text). */
export function parseNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value !== 'string' || !/^\s*-?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?\s*$/i.test(value)) return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}

/** A whole number above zero. */
export function parseCount(value: unknown): number | undefined {
  const number = parseNumber(value);
  return number !== undefined && Number.isSafeInteger(number) && number > 0 ? number : undefined;
}

const BYTES: ReadonlyMap<string, number> = new Map(
  Object.entries({ '': 1, b: 1, kb: 1e3, mb: 1e6, gb: 1e9, kib: 1024, mib: 1024 ** 2, gib: 1024 ** 3 }),
);

/** Bytes of `256MB`, `1.5 GiB` or a bare number of bytes; whole and above zero. */
export function parseByteSize(value: unknown): number | undefined {
  const [, amount, unit = ''] = /^\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*$/i.exec(String(value)) ?? [];
  const bytes = Math.round(Number(amount) * (BYTES.get(unit.toLowerCase()) ?? Number.NaN));
  return Number.isSafeInteger(bytes) && bytes > 0 ? bytes : undefined;
}

/** A share as 0 to 1: `0.8`, `80` and `"80%"` are the same, and `1` is all of it. */
export function parseShare(value: unknown): number | undefined {
  const percent = typeof value === 'string' && value.trim().endsWith('%');
  const number = parseNumber(percent ? value.trim().slice(0, -1) : value);
  if (number === undefined) return undefined;
  const share = percent || number > 1 ? number / 100 : number;
  return share >= 0 && share <= 1 ? share : undefined;
}

/** Dollars above which an amount is a slip: nano-dollars stay exact below nine millions. */
const MOST_USD = 9_000_000;

/** Dollars, `50`, `"50.00"` or `"$50"`, as nano-dollars. Not negative. */
export function parseUsd(value: unknown): NanoUsd | undefined {
  const number = parseNumber(typeof value === 'string' ? value.trim().replace(/^\$\s*/, '') : value);
  return number !== undefined && number >= 0 && number <= MOST_USD ? usdToNano(number) : undefined;
}

/** `true` or `false`, also as text. */
export function parseBoolean(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value;
  if (value === 'true') return true;
  return value === 'false' ? false : undefined;
}

const SWITCHES: ReadonlyMap<string, boolean> = new Map(
  Object.entries({
    true: true,
    '1': true,
    yes: true,
    on: true,
    false: false,
    '0': false,
    no: false,
    off: false,
  }),
);

/** `parseBoolean` for environment variables, where `1`, `yes` and `on` are customary. */
export function parseSwitch(value: string): boolean | undefined {
  return SWITCHES.get(value.trim().toLowerCase());
}
