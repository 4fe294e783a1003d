import { type Extensions, entryOf, type JsonObject } from '@signalbox/core';
import { ownFields } from './extensions.ts';
import { FORMAT_ID } from './format-id.ts';
import type { Encoding } from './notes.ts';

/** Fields that carry signed reasoning: they go only to an endpoint that is known to want them, under its quirk. */
const ISSUER_BOUND: Readonly<Record<string, string>> = {
  reasoning_details: 'reasoningDetails',
  extra_content: 'extraContent',
};

/** Own extension fields without those that only their issuer may see. */
export function permittedFields(
  encoding: Encoding,
  extensions: Extensions | undefined,
  place: string,
): JsonObject | undefined {
  if (extensions === undefined) return undefined;
  const fields = ownFields(extensions);
  const permitted = Object.entries(fields).filter(([key]) => {
    const quirk = entryOf(ISSUER_BOUND, key);
    if (quirk === undefined || encoding.context.quirks[quirk] === true) return true;
    encoding.note('dropped', `${place}.extensions.${FORMAT_ID}.${key}`, 'signed reasoning goes to its issuer alone');
    return false;
  });
  return Object.fromEntries(permitted) as JsonObject;
}
