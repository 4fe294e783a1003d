import { asObject, type Extensions, formKey, type JsonObject, type ModelRequest } from '@signalbox/core';

/** Fields that both of OpenAI's formats have, under one name and with one meaning. */
const SHARED: ReadonlySet<string> = new Set([
  'metadata',
  'moderation',
  'prompt_cache_options',
  'prompt_cache_retention',
  'safety_identifier',
  'store',
]);

type Report = (action: 'mapped' | 'dropped', field: string, reason: string) => void;

/**
 * A request whose caller spoke the other of the two formats, with what means the same in this one as this one's own fields. `unknownHere`: members of
 * the prompt cache's options that this format has not.
 */
export function withSharedFields(
  request: ModelRequest,
  from: string,
  to: string,
  note: Report,
  unknownHere: readonly string[] = [],
): ModelRequest {
  const { extensions } = request;
  if (extensions === undefined) return request;
  const theirs = { ...extensions[formKey(from)], ...extensions[from] };
  const shared: JsonObject = {};
  for (const [key, value] of Object.entries(theirs)) {
    if (!SHARED.has(key)) continue;
    // To store nothing is what the other format's endpoint does, or is told, unasked.
    if (key === 'store' && value === false) continue;
    const known = key === 'prompt_cache_options' ? without(asObject(value), unknownHere, from, note) : value;
    if (known === undefined) continue;
    shared[key] = known;
    note('mapped', `extensions.${from}.${key}`, `the same "${key}" here`);
  }
  if (Object.keys(shared).length === 0) return request;
  return { ...request, extensions: { ...withoutShared(extensions, from), [to]: { ...extensions[to], ...shared } } };
}

function without(
  options: JsonObject | undefined,
  unknownHere: readonly string[],
  from: string,
  note: Report,
): JsonObject | undefined {
  if (options === undefined) return undefined;
  for (const key of unknownHere) {
    if (options[key] === undefined) continue;
    note('dropped', `extensions.${from}.prompt_cache_options.${key}`, `only ${from} has this field`);
  }
  return Object.fromEntries(Object.entries(options).filter(([key]) => !unknownHere.includes(key)));
}

function withoutShared(extensions: Extensions, from: string): Extensions {
  const fields = extensions[from];
  if (fields === undefined) return extensions;
  return { ...extensions, [from]: Object.fromEntries(Object.entries(fields).filter(([key]) => !SHARED.has(key))) };
}
