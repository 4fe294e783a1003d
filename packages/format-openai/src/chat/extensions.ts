import type { Extensions, JsonObject, JsonValue } from '@signalbox/core';
import { FORMAT_ID } from './format-id.ts';

/** An `extensions` member around those fields, or nothing: to be spread into a part, message, tool or request. */
export function asExtensions(fields: JsonObject | undefined): { extensions?: Extensions } {
  return fields === undefined ? {} : { extensions: { [FORMAT_ID]: fields } };
}

/** This format's own extension fields. */
export function ownFields(extensions: Extensions | undefined): Readonly<Record<string, JsonValue | undefined>> {
  return extensions?.[FORMAT_ID] ?? {};
}
