import type { JsonObject } from '@signalbox/core';
import { leftovers } from './extensions.ts';
import { usageLeftovers } from './usage.ts';

const MESSAGE = new Set(['id', 'type', 'role', 'model', 'content', 'stop_reason', 'stop_sequence', 'usage']);

/** The fields of an answer that the canonical form has no word for, its usage's among them under `usage`. */
export function responseFields(message: JsonObject): JsonObject | undefined {
  const rest = leftovers(message, MESSAGE);
  const usage = usageLeftovers(message.usage);
  if (usage === undefined) return rest;
  return { ...rest, usage };
}
