import { asArray, asObject, asString, type JsonObject, type WireHeaders } from '@signalbox/core';

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds of a duration as OpenAI writes it: `6ms`, `1.5s`, `1m30s`; a bare number is seconds. */
export function parseDuration(text: string): number | undefined {
  const trimmed = text.trim();
  if (/^\d+(\.\d+)?$/.test(trimmed)) return Math.ceil(Number(trimmed) * 1000);
  if (!/^(\d+(\.\d+)?(ms|s|m|h|d))+$/.test(trimmed)) return undefined;
  let milliseconds = 0;
  for (const [, amount, unit] of trimmed.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)) {
    milliseconds += Number(amount) * (UNITS[unit ?? ''] ?? 0);
  }
  return Math.ceil(milliseconds);
}

/**
 * How long a provider asks to wait, in milliseconds: `retry-after-ms`, `retry-after` (seconds or a date), the limit's reset
 * (`x-ratelimit-reset-requests`, `-tokens`), Google's `RetryInfo`, or "try again in 1.2s" in the message.
 */
export function retryAfterMs(headers: WireHeaders, error: JsonObject, message: string): number | undefined {
  return fromRetryAfter(headers) ?? fromReset(headers) ?? fromDetails(error) ?? fromMessage(message);
}

function fromRetryAfter(headers: WireHeaders): number | undefined {
  const exact = headers['retry-after-ms'];
  if (exact !== undefined && /^\d+(\.\d+)?$/.test(exact)) return Math.ceil(Number(exact));
  const header = headers['retry-after'];
  if (header === undefined) return undefined;
  const duration = parseDuration(header);
  if (duration !== undefined) return duration;
  const date = Date.parse(header);
  if (Number.isNaN(date)) return undefined;
  // Measured from the provider's own clock, where the answer tells it.
  const answered = Date.parse(headers.date ?? '');
  return Math.max(0, date - (Number.isNaN(answered) ? Date.now() : answered));
}

/** The reset of the limits that are used up; where none is said to be, the sooner of the two. */
function fromReset(headers: WireHeaders): number | undefined {
  const limits = ['requests', 'tokens'].flatMap((what) => {
    const reset = parseDuration(headers[`x-ratelimit-reset-${what}`] ?? '');
    return reset === undefined ? [] : [{ reset, empty: headers[`x-ratelimit-remaining-${what}`] === '0' }];
  });
  const empty = limits.filter((limit) => limit.empty).map((limit) => limit.reset);
  if (empty.length > 0) return Math.max(...empty);
  return limits.length === 0 ? undefined : Math.min(...limits.map((limit) => limit.reset));
}

function fromDetails(error: JsonObject): number | undefined {
  for (const detail of asArray(error.details)) {
    const delay = asString(asObject(detail)?.retryDelay);
    if (delay !== undefined) return parseDuration(delay);
  }
  return undefined;
}

function fromMessage(message: string): number | undefined {
  const match = /(?:try again|retry) (?:in|after) ((?:\d+(?:\.\d+)?(?:ms|s|m|h))+)/i.exec(message.slice(0, 2000));
  return match?.[1] === undefined ? undefined : parseDuration(match[1]);
}
