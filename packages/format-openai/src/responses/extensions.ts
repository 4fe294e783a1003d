import { asObject, type Extensions, type JsonObject, type JsonValue } from '@signalbox/core';
import { FORMAT_ID } from './format-id.ts';

/**
 * Fields of the item that a part came from, apart from its content: `id`, `phase`, a `status` other than the usual one. On
 * a text it also says that the text is the first of its message item; texts without it belong to the item before.
 */
export type ItemFields = JsonObject;

/** An `extensions` member around fields, or nothing where there are none: to be spread into a part, message or tool. */
export function asExtensions(fields: JsonObject | undefined): { extensions?: Extensions } {
  return fields === undefined || Object.keys(fields).length === 0 ? {} : { extensions: { [FORMAT_ID]: fields } };
}

/** This format's own extension fields. */
export function ownFields(extensions: Extensions | undefined): Readonly<Record<string, JsonValue | undefined>> {
  return extensions?.[FORMAT_ID] ?? {};
}

/** The fields of the item that a part was the first of; undefined where it was not. */
export function itemFields(extensions: Extensions | undefined): ItemFields | undefined {
  return asObject(ownFields(extensions).item);
}
