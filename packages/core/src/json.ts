/** A value that JSON can hold. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;

/** A JSON object. `undefined` members are left out when it is written. */
export interface JsonObject {
  [key: string]: JsonValue | undefined;
}

/** Whether a value is a JSON object (not an array, not null). */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Parses JSON text; `undefined` when it is not JSON. For text of strangers: a stream's event, an error body. */
export function parseJson(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}

/** Levels that a request may be nested. Codecs, schemas and `JSON.stringify` itself go down level by level, on a stack that ends. */
export const DEEPEST_JSON = 500;

/**
 * Whether a value is nested more than `levels` deep. Goes from object to object: long texts, which most of a request is made of, cost nothing.
 *
 * @example
 * ```ts
 * isDeeperThan(DEEPEST_JSON, parseJson(body) ?? null);
 * ```
 */
export function isDeeperThan(levels: number, value: JsonValue): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  if (!isJsonObject(value)) return value.some((item) => typeof item === 'object' && isDeeperThan(levels - 1, item));
  for (const key in value) {
    const item = value[key];
    if (typeof item === 'object' && isDeeperThan(levels - 1, item)) return true;
  }
  return false;
}

/** `base` with the members of `more` laid over it; objects that both have are merged, everything else is replaced. */
export function mergeObjects(base: JsonObject, more: JsonObject): JsonObject {
  const merged: JsonObject = { ...base };
  for (const [key, value] of Object.entries(more)) {
    const before = merged[key];
    merged[key] = isJsonObject(before) && isJsonObject(value) ? mergeObjects(before, value) : value;
  }
  return merged;
}

/** `value` if it is a string, else undefined. */
export function asString(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** `value` if it is a finite number, else undefined. */
export function asNumber(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** `value` as a count (of tokens, say): negative figures, NaN and whatever is no number are no counts. */
export function asCount(value: unknown): number | undefined {
  const isCount = typeof value === 'number' && value >= 0 && value <= Number.MAX_SAFE_INTEGER;
  return isCount ? Math.round(value) : undefined;
}

/** `value` if it is a JSON object, else undefined. */
export function asObject(value: unknown): JsonObject | undefined {
  return isJsonObject(value) ? value : undefined;
}

/** `value` if it is an array, else an empty one. */
export function asArray(value: unknown): readonly JsonValue[] {
  return Array.isArray(value) ? (value as JsonValue[]) : [];
}
