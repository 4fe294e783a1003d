import { isJsonObject, type JsonObject } from '@signalbox/core';

/** `base` with the members of `more` laid over it; objects that both have are merged, everything else is replaced. */
export function mergeObjects(base: JsonObject, more: JsonObject): JsonObject {
  const merged: JsonObject = { ...base };
  for (const [key, value] of Object.entries(more)) {
    const before = merged[key];
    merged[key] = isJsonObject(before) && isJsonObject(value) ? mergeObjects(before, value) : value;
  }
  return merged;
}
