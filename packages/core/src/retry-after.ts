import type { WireHeaders } from './wire-frame.ts';

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * Milliseconds of a duration as providers write it: `6ms`, `1.5s`, `1m30s`, `37s`; a bare number is seconds. `undefined` for
 * anything else.
 */
export function parseWireDuration(text: string): number | undefined {
  const trimmed = text.trim();
  if (/^\d+(?:\.\d+)?$/.test(trimmed)) return Math.ceil(Number(trimmed) * 1_000);
  if (!/^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+$/.test(trimmed)) return undefined;
  let milliseconds = 0;
  for (const [, amount, unit] of trimmed.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)) {
    milliseconds += Number(amount) * (UNITS[unit ?? ''] ?? 0);
  }
  return Math.ceil(milliseconds);
}

/**
 * How long an answer's headers ask to wait, in milliseconds: `retry-after-ms`, or `retry-after` as seconds, a duration or a date. A
 * date is read against the answer's own `date`, so that two clocks need not agree.
 */
export function headerRetryAfterMs(headers: WireHeaders): number | undefined {
  const exact = headers['retry-after-ms']?.trim();
  if (exact !== undefined && /^\d+(?:\.\d+)?$/.test(exact)) return Math.ceil(Number(exact));
  const header = headers['retry-after'];
  if (header === undefined) return undefined;
  const duration = parseWireDuration(header);
  if (duration !== undefined) return duration;
  const until = Date.parse(header);
  if (Number.isNaN(until)) return undefined;
  const answered = Date.parse(headers.date ?? '');
  return Math.max(0, until - (Number.isNaN(answered) ? Date.now() : answered));
}
