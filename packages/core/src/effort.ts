import { asObject } from './json.ts';
import type { ReasoningEffort } from './model-request.ts';

const WORDS: ReadonlySet<unknown> = new Set(['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max']);

/** A word for an effort as the formats write it, in any case; undefined for anything else. */
export function readEffort(value: unknown): ReasoningEffort | undefined {
  const word = typeof value === 'string' ? value.toLowerCase() : undefined;
  return WORDS.has(word) ? (word as ReasoningEffort) : undefined;
}

/** The effort that a budget of thinking tokens comes to. 0 means none; a negative one leaves it to the model. */
export function effortOfBudget(tokens: unknown): ReasoningEffort | undefined {
  if (typeof tokens !== 'number' || tokens < 0) return undefined;
  if (tokens === 0) return 'none';
  return tokens <= 4_000 ? 'low' : tokens <= 12_000 ? 'medium' : tokens <= 24_000 ? 'high' : 'xhigh';
}

/** A field of an object that may not be one. */
export function fieldOf(value: unknown, ...names: readonly string[]): unknown {
  const object = asObject(value);
  const name = names.find((one) => object?.[one] !== undefined);
  return name === undefined ? undefined : object?.[name];
}
