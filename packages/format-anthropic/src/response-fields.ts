import type { JsonObject, JsonValue } from '@signalbox/core';
import { leftovers } from './extensions.ts';
import { isKnownReason } from './finish.ts';
import { usageLeftovers } from './usage.ts';

const MESSAGE = new Set(['id', 'type', 'role', 'model', 'content', 'stop_reason', 'stop_sequence', 'usage']);

/** The fields of an answer that the canonical form has no word for, its usage's among them under `usage`. */
export function responseFields(message: JsonObject): JsonObject | undefined {
  const rest = withUnknownReason(leftovers(message, MESSAGE), message.stop_reason);
  const usage = usageLeftovers(message.usage);
  if (usage === undefined) return rest;
  return { ...rest, usage };
}

/** A stop reason of tomorrow is Anthropic's own word: a caller of its format gets it as it came. */
function withUnknownReason(rest: JsonObject | undefined, reason: JsonValue | undefined): JsonObject | undefined {
  return typeof reason !== 'string' || isKnownReason(reason) ? rest : { ...rest, stop_reason: reason };
}
