import { type Extensions, formKey, type JsonObject } from '@signalbox/core';
import { FORMAT_ID as CHAT } from '../chat/format-id.ts';

/** Fields that both of OpenAI's formats have, under one name and with one meaning. */
const SHARED: ReadonlySet<string> = new Set([
  'metadata',
  'moderation',
  'prompt_cache_options',
  'prompt_cache_retention',
  'safety_identifier',
  'store',
]);

/** The fields of a caller of Chat Completions that mean the same here, and the extensions without them. */
export function sharedFields(extensions: Extensions | undefined): {
  readonly shared: JsonObject;
  readonly others: Extensions | undefined;
} {
  const fields = { ...extensions?.[formKey(CHAT)], ...extensions?.[CHAT] };
  const shared = Object.fromEntries(Object.entries(fields).filter(([key]) => SHARED.has(key)));
  if (extensions?.[CHAT] === undefined || Object.keys(shared).length === 0) return { shared, others: extensions };
  const rest = Object.entries(extensions[CHAT]).filter(([key]) => !SHARED.has(key));
  return { shared, others: { ...extensions, [CHAT]: Object.fromEntries(rest) } };
}
