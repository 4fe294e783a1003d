import { aCount, aListOf, aNumber, anObject, type OptionRule, type OptionRules } from '@signalbox/core';

/** What may be used of one provider, by one of its keys, or of one model. What is absent is not limited. */
export interface Limits {
  /** Requests in a time; all of them hold. */
  readonly requests?: readonly RequestLimit[] | undefined;
  /** Tokens of input and output together. */
  readonly tokensPerMinute?: number | undefined;
  /** Calls under way at once. */
  readonly maxConcurrent?: number | undefined;
}

/** So many requests in any span of so many milliseconds. */
export interface RequestLimit {
  readonly requests: number;
  readonly perMs: number;
}

/** A provider's limits. Each of its keys has all of them for itself, since providers count by key. */
export interface ProviderLimits extends Limits {
  /** Connections to the provider at most, over all keys: more calls at once would wait for one where nobody sees them. */
  readonly connections?: number | undefined;
  /** Limits of single models beside the provider's, by the id that is sent. */
  readonly models?: Readonly<Record<string, Limits>> | undefined;
}

const A_REQUEST_LIMIT: OptionRule = {
  what: 'a limit of requests, such as { requests: 50, perMs: 60_000 }',
  holds: (value) => {
    const { requests, perMs } = (value ?? {}) as Partial<RequestLimit>;
    return aCount(1).holds(requests) && aNumber(1).holds(perMs);
  },
};

/** What limits may be. */
export const LIMITS_RULES: OptionRules<Limits> = {
  requests: aListOf(A_REQUEST_LIMIT, 'a list of limits, such as [{ requests: 50, perMs: 60_000 }]'),
  tokensPerMinute: aNumber(1),
  maxConcurrent: aCount(1),
};

/** What a provider's limits may be; those of its models are looked at one by one. */
export const PROVIDER_LIMITS_RULES: OptionRules<ProviderLimits> = {
  ...LIMITS_RULES,
  connections: aCount(1),
  models: anObject('limits by model'),
};

const UNITS: ReadonlyMap<number, string> = new Map([
  [1_000, 'a second'],
  [60_000, 'a minute'],
  [3_600_000, 'an hour'],
  [86_400_000, 'a day'],
]);

/** `50 requests a minute`. */
export function inWords(amount: number, what: string, perMs: number): string {
  return `${amount} ${amount === 1 ? what.slice(0, -1) : what} ${UNITS.get(perMs) ?? `in ${perMs / 1_000} s`}`;
}
