import type { Extensions, JsonObject, JsonValue } from '@signalbox/core';
import { FORMAT_ID } from './format-id.ts';

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

/** An `extensions` member around those fields, or nothing: to be spread into a part, message, tool or request. */
export function asExtensions(fields: JsonObject | undefined): { extensions?: Extensions } {
  return fields === undefined ? {} : { extensions: { [FORMAT_ID]: fields } };
}

/** This format's own extension fields. */
export function ownFields(extensions: Extensions | undefined): Readonly<Record<string, JsonValue | undefined>> {
  return extensions?.[FORMAT_ID] ?? {};
}
