import {
  asArray,
  asObject,
  type Extensions,
  type FormRules,
  formKey,
  type JsonObject,
  joinForm,
  splitForm,
} from '@signalbox/core';
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

/** What is form on a block: the model itself called, where there is nobody else to do it; citations of which there are none. */
const BLOCK: FormRules = {
  caller: (value) => asObject(value)?.type === 'direct',
  citations: (value) => asArray(value).length === 0,
};

/** Fields of a block as extensions, with what is only form kept apart. */
export function blockExtensions(fields: JsonObject | undefined): { extensions?: Extensions } {
  const extensions = splitForm(fields, FORMAT_ID, BLOCK);
  return extensions === undefined ? {} : { extensions };
}

/** This format's own fields, form and meaning. */
export function ownFields(extensions: Extensions | undefined): JsonObject | undefined {
  return joinForm(extensions, FORMAT_ID);
}

/** How a caller's request was sent: in no body, so apart from the other fields. */
const HEADERS = 'headers';

/** What a caller of this format said in its headers. */
export function callersForm(extensions: Extensions | undefined): JsonObject | undefined {
  return asObject(extensions?.[formKey(FORMAT_ID)]?.[HEADERS]);
}

/** Extensions with what the headers said; without a change where they said nothing. */
export function withCallersForm(extensions: Extensions | undefined, said: JsonObject): { extensions?: Extensions } {
  if (Object.keys(said).length === 0) return extensions === undefined ? {} : { extensions };
  const key = formKey(FORMAT_ID);
  return { extensions: { ...extensions, [key]: { ...extensions?.[key], [HEADERS]: said } } };
}
