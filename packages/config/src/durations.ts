const DAY_MS = 86_400_000;
const UNITS: ReadonlyMap<string, number> = new Map(
  Object.entries({
    ms: 1,
    s: 1000,
    m: 60_000,
    h: 3_600_000,
    d: DAY_MS,
    w: 7 * DAY_MS,
    mo: 30 * DAY_MS,
    y: 365 * DAY_MS,
  }),
);
const LONG_UNITS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    sec: 's',
    second: 's',
    seconds: 's',
    min: 'm',
    minute: 'm',
    minutes: 'm',
    hour: 'h',
    hours: 'h',
    day: 'd',
    days: 'd',
    week: 'w',
    weeks: 'w',
    month: 'mo',
    months: 'mo',
    year: 'y',
    years: 'y',
  }),
);

function unitMs(unit: string): number | undefined {
  const short = unit.toLowerCase();
  return UNITS.get(LONG_UNITS.get(short) ?? short);
}

/** Milliseconds of `30s`, `500ms`, `1m30s`, `2w`, `6mo` (months of 30 days); a bare number is seconds. `undefined` for anything else, zero included. */
export function parseDuration(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) && value > 0 ? Math.round(value * 1000) : undefined;
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  if (/^\d+(?:\.\d+)?$/.test(text)) return parseDuration(Number(text));
  if (!/^(?:\d+(?:\.\d+)?\s*[a-z]+\s*)+$/i.test(text)) return undefined;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)\s*([a-z]+)/gi)) {
    const size = unitMs(unit ?? '');
    if (size === undefined) return undefined;
    total += Number(amount) * size;
  }
  return total > 0 ? Math.round(total) : undefined;
}

/** The longest timeout that is believed without a unit, in seconds: a greater number was meant as milliseconds. */
const LONGEST_BARE_SECONDS = 3600;

/** `parseDuration` for timeouts: refuses a bare number of more than an hour, which is milliseconds by mistake. */
export function parseTimeout(value: unknown): number | undefined {
  const bare = typeof value === 'string' && /^\s*\d+(?:\.\d+)?\s*$/.test(value) ? Number(value) : value;
  if (typeof bare === 'number' && bare > LONGEST_BARE_SECONDS) return undefined;
  return parseDuration(value);
}

/** `parseDuration` for how long something is kept: one day at least, since who writes `6m` does not mean minutes. */
export function parseRetention(value: unknown): number | undefined {
  const length = parseDuration(value);
  return length === undefined || length < DAY_MS ? undefined : length;
}

/** `50/minute`, `5/s`, `1000 per hour` as requests in milliseconds. */
export function parseRateLimit(value: unknown): { readonly requests: number; readonly perMs: number } | undefined {
  if (typeof value !== 'string') return undefined;
  const [, amount, unit] = /^\s*(\d+)\s*(?:\/|\bper\b)\s*([a-z]+)\s*$/i.exec(value) ?? [];
  const perMs = unitMs(unit ?? '');
  const requests = Number(amount);
  if (perMs === undefined || perMs === 1 || perMs > DAY_MS || !(requests > 0)) return undefined;
  return { requests, perMs };
}
