import { type Extensions, type FormRules, type JsonObject, type JsonValue, joinForm, splitForm } from '@signalbox/core';
import { FORMAT_ID } from './format-id.ts';

/** An `extensions` member around those fields, or nothing: to be spread into a part, message, tool or request. */
export function asExtensions(fields: JsonObject | undefined): { extensions?: Extensions } {
  return fields === undefined ? {} : { extensions: { [FORMAT_ID]: fields } };
}

/** This format's own extension fields, form and meaning. */
export function ownFields(extensions: Extensions | undefined): Readonly<Record<string, JsonValue | undefined>> {
  return joinForm(extensions, FORMAT_ID) ?? {};
}

/** Whether a request is known to have come in this format: it has fields of it, or the mark of none. */
export function isOwn(extensions: Extensions | undefined): boolean {
  return joinForm(extensions, FORMAT_ID) !== undefined;
}

/** What says nothing to other formats: which word an instruction came under, where one ended, padding, the defaults of `store` and `modalities`. */
const FORM: FormRules = {
  role: true,
  message: { role: true },
  stream_options: { include_obfuscation: true },
  store: (value) => value === false,
  modalities: (value) => Array.isArray(value) && value.every((kind) => kind === 'text'),
  // The call's signature says it.
  extra_content: { google: { thought_signature: true } },
};

/** The same with what is only form kept apart: for what a caller wrote. */
export function asRequestExtensions(fields: JsonObject | undefined): { extensions?: Extensions } {
  const extensions = splitForm(fields, FORMAT_ID, FORM);
  return extensions === undefined ? {} : { extensions };
}
