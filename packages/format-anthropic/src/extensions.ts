import { type Extensions, formKey, type JsonObject } from '@signalbox/core';
import { FORMAT_ID } from './format-id.ts';

/** The members of an object that are not among `known`; nulls count as absent. `undefined` where none is left. */
export function leftovers(value: JsonObject, known: ReadonlySet<string>): JsonObject | undefined {
  let rest: JsonObject | undefined;
  for (const key of Object.keys(value)) {
    const member = value[key];
    if (known.has(key) || member === null || member === undefined) continue;
    rest ??= {};
    rest[key] = member;
  }
  return rest;
}

/** Fields as extensions of this format, ready to be spread into a part; nothing where there are none. */
export function asExtensions(fields: JsonObject | undefined): { extensions?: Extensions } {
  return fields === undefined ? {} : { extensions: { [FORMAT_ID]: fields } };
}

/** This format's own fields. */
export function ownFields(extensions: Extensions | undefined): JsonObject | undefined {
  return extensions?.[FORMAT_ID];
}

const FORM = formKey(FORMAT_ID);

/** How this format's caller wrote it, where that says nothing to others. */
export function formFields(extensions: Extensions | undefined): JsonObject | undefined {
  return extensions?.[FORM];
}

/** Extensions with such fields; without a change where there are none. */
export function withForm(extensions: Extensions | undefined, fields: JsonObject): { extensions?: Extensions } {
  if (Object.keys(fields).length === 0) return extensions === undefined ? {} : { extensions };
  return { extensions: { ...extensions, [FORM]: fields } };
}
