import * as z from 'zod';
import { parseBoolean, parseByteSize, parseCount, parseNumber, parseShare, parseUsd } from './amounts.ts';
import { parseDuration, parseRateLimit, parseRetention, parseTimeout } from './durations.ts';
import { canonicalStrategy } from './strategy-names.ts';

// Every message that begins with "expected" gets ", found ..." from the reader of the issues, which knows what may be shown.

/**
 * A setting whose text and number forms are read by one function. The types are for editors; variables make all of them text. `title` is what the value is, in a word: editors show it,
 * and the reference of the configuration.
 */
function leaf<Value>(
  title: string,
  expected: string,
  types: readonly [z.ZodType, z.ZodType, ...z.ZodType[]],
  parse: (value: unknown) => Value | undefined,
) {
  const written = z.union(types, { error: `expected ${expected}` }).meta({ title });
  return written.transform((value, context) => {
    const parsed = parse(value);
    if (parsed !== undefined) return parsed;
    context.issues.push({ code: 'custom', message: `expected ${expected}`, input: value });
    return z.NEVER;
  });
}

export const flag = leaf('true or false', 'true or false', [z.boolean(), z.string()], parseBoolean);
export const count = leaf('whole number', 'a whole number above 0', [z.number(), z.string()], parseCount);
export const amount = leaf('dollars', 'an amount of dollars such as 50.00', [z.number(), z.string()], parseUsd);
export const share = leaf('share', 'a share such as 80, 0.80 or "80%"', [z.number(), z.string()], parseShare);
export const timeout = leaf(
  'time',
  'a time such as 30s or 500ms (a bare number is seconds, 3600 at most)',
  [z.string(), z.number()],
  parseTimeout,
);
export const byteSize = leaf(
  'size',
  'a size such as 256MB or 268435456 (bytes)',
  [z.string(), z.number()],
  parseByteSize,
);
export const wait = leaf(
  'time, or 0',
  'a time such as 30s, or 0 (a bare number is seconds, 3600 at most)',
  [z.string(), z.number()],
  (value) => (value === 0 || value === '0' ? 0 : parseTimeout(value)),
);
export const duration = leaf('time', 'a time such as 1h or 3600 (seconds)', [z.number(), z.string()], parseDuration);
export const retention = leaf(
  'time of days',
  'a time such as 90d, 12w, 6mo (months of 30 days) or 2y, one day at least',
  [z.number(), z.string()],
  parseRetention,
);

/** Above it nano-dollars for a million tokens are no longer exact. */
const MOST_RATE = 9_000;

/** Dollars for 1,000 tokens: kept as written, since a price is rounded once, by whoever turns it into a rate. */
export const rate = leaf(
  'dollars',
  'dollars for 1,000 tokens such as 0.003 (9000 at most)',
  [z.number(), z.string()],
  (value) => {
    const number = parseNumber(value);
    return number !== undefined && number >= 0 && number <= MOST_RATE ? number : undefined;
  },
);

/** A number within bounds. */
export function numberBetween(least: number, most: number) {
  return leaf(
    `number from ${least} to ${most}`,
    `a number from ${least} to ${most}`,
    [z.number(), z.string()],
    (value) => {
      const number = parseNumber(value);
      return number !== undefined && number >= least && number <= most ? number : undefined;
    },
  );
}

const isText = (value: string) => value.trim() !== '';

export const text = z
  .string()
  .refine(isText, { error: 'expected text' })
  .transform((value) => value.trim());

export const rateLimit = z
  .string({ error: 'expected requests in a time such as 50/minute' })
  .meta({ title: 'requests in a time' })
  .transform((value, context) => {
    const parsed = parseRateLimit(value);
    if (parsed !== undefined) return parsed;
    context.issues.push({
      code: 'custom',
      message: 'expected requests in a time such as 50/minute',
      input: value,
    });
    return z.NEVER;
  });

export const strategy = z
  .string()
  .meta({ title: 'strategy' })
  .refine(isText, { error: 'expected text' })
  .transform(canonicalStrategy);
