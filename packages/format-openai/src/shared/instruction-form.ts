import { asObject, type Extensions, formKey, type JsonObject } from '@signalbox/core';

/**
 * How the other of OpenAI's two formats began a message of instructions: both have the roles system and developer. Undefined where the
 * part or the message did not come from there.
 */
export function instructionForm(extensions: Extensions | undefined, otherFormat: string): JsonObject | undefined {
  const form = extensions?.[formKey(otherFormat)];
  const { role } = asObject(form?.message) ?? form ?? {};
  if (form === undefined) return undefined;
  return role === 'developer' ? { role } : {};
}
