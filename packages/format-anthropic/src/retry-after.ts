import type { WireHeaders } from '@signalbox/core';

/**
 * Milliseconds to wait, from `retry-after-ms` (milliseconds) or `retry-after` (seconds, or a date, which is read against the
 * answer's own `date` so that two clocks need not agree).
 */
export function retryAfterMs(headers: WireHeaders): number | undefined {
  const milliseconds = positive(headers['retry-after-ms']);
  if (milliseconds !== undefined) return milliseconds;
  const value = headers['retry-after'];
  if (value === undefined) return undefined;
  const seconds = positive(value);
  if (seconds !== undefined) return Math.round(seconds * 1000);
  const until = Date.parse(value);
  if (Number.isNaN(until)) return undefined;
  const answered = Date.parse(headers.date ?? '');
  return Math.max(0, until - (Number.isNaN(answered) ? Date.now() : answered));
}

function positive(text: string | undefined): number | undefined {
  if (text === undefined || text.trim() === '') return undefined;
  const value = Number(text);
  return Number.isFinite(value) && value >= 0 ? value : undefined;
}
