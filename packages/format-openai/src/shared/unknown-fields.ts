import type { JsonObject } from '@signalbox/core';

/** The members of an object that the canonical form has no word for. `null` means the same as absent here. */
export function unknownFields(object: JsonObject, known: ReadonlySet<string>): JsonObject | undefined {
  let unknown: JsonObject | undefined;
  for (const key of Object.keys(object)) {
    const value = object[key];
    // Assigning "__proto__" would not make a member, and nobody means it well.
    if (value === null || value === undefined || known.has(key) || key === '__proto__') continue;
    unknown ??= {};
    unknown[key] = value;
  }
  return unknown;
}
