import {
  asObject,
  type Extensions,
  type FormRules,
  type JsonObject,
  type JsonValue,
  joinForm,
  splitForm,
} from '@signalbox/core';
import { FORMAT_ID } from './format-id.ts';

/**
 * Fields of the item that a part came from, apart from its content: `id`, `phase`, a `status` other than the usual one. On
 * a text it also says that the text is the first of its message item; texts without it belong to the item before.
 */
export type ItemFields = JsonObject;

/** An `extensions` member around fields, or nothing where there are none: to be spread into a part, message or tool. */
export function asExtensions(fields: JsonObject | undefined): { extensions?: Extensions } {
  if (fields === undefined || Object.keys(fields).length === 0) return {};
  const extensions = splitForm(fields, FORMAT_ID, FORM);
  return extensions === undefined ? {} : { extensions };
}

/**
 * Fields of items that only say how the conversation was written down. `phase` is OpenAI's label for its own models' turns; the last
 * one is Codex's note to itself (0.169.0 sends it with each message).
 */
const ITEM: FormRules = { id: true, role: true, phase: true, internal_chat_message_metadata_passthrough: true };

/** What is form on a part, a message or a tool, which other formats need not hear of. */
const FORM: FormRules = {
  ...ITEM,
  item: ITEM,
  message: ITEM,
  leading: true,
  // The text of reasoning is the part's, whatever lists it came in.
  content: true,
  summary: true,
  // Tools are offered at once where they can't be searched for, and by themselves where there are no groups and no items of tools.
  defer_loading: true,
  group: { description: true },
  additional: true,
};

/** This format's own extension fields, form and meaning. */
export function ownFields(extensions: Extensions | undefined): Readonly<Record<string, JsonValue | undefined>> {
  return joinForm(extensions, FORMAT_ID) ?? {};
}

/** The fields of the item that a part was the first of; undefined where it was not. */
export function itemFields(extensions: Extensions | undefined): ItemFields | undefined {
  return asObject(ownFields(extensions).item);
}
