import {
  asArray,
  asObject,
  asString,
  headerRetryAfterMs,
  type JsonObject,
  type ProviderErrorKind,
  parseWireDuration,
  type WireHeaders,
} from '@signalbox/core';

/**
 * How long a provider asks to wait, in milliseconds: `retry-after-ms`, `retry-after` (seconds or a date), the limit's reset
 * (`x-ratelimit-reset-requests`, `-tokens`), Google's `RetryInfo`, or "try again in 1.2s" in the message. OpenAI tells how its limits
 * stand in every answer: when they begin anew is a wait only where one of them is why it refused.
 */
export function retryAfterMs(
  kind: ProviderErrorKind,
  headers: WireHeaders,
  error: JsonObject,
  message: string,
): number | undefined {
  const reset = kind === 'rate-limit' ? fromReset(headers) : undefined;
  return headerRetryAfterMs(headers) ?? reset ?? fromDetails(error) ?? fromMessage(message);
}

/** The reset of the limits that are used up; where none is said to be, the sooner of the two. */
function fromReset(headers: WireHeaders): number | undefined {
  const limits = ['requests', 'tokens'].flatMap((what) => {
    const reset = parseWireDuration(headers[`x-ratelimit-reset-${what}`] ?? '');
    return reset === undefined ? [] : [{ reset, empty: headers[`x-ratelimit-remaining-${what}`] === '0' }];
  });
  const empty = limits.filter((limit) => limit.empty).map((limit) => limit.reset);
  if (empty.length > 0) return Math.max(...empty);
  return limits.length === 0 ? undefined : Math.min(...limits.map((limit) => limit.reset));
}

function fromDetails(error: JsonObject): number | undefined {
  for (const detail of asArray(error.details)) {
    const delay = asString(asObject(detail)?.retryDelay);
    if (delay !== undefined) return parseWireDuration(delay);
  }
  return undefined;
}

function fromMessage(message: string): number | undefined {
  const match = /(?:try again|retry) (?:in|after) ((?:\d+(?:\.\d+)?(?:ms|s|m|h))+)/i.exec(message.slice(0, 2000));
  return match?.[1] === undefined ? undefined : parseWireDuration(match[1]);
}
