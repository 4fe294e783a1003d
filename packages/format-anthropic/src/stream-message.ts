import { asObject, asString, type Finish, type JsonObject, type Usage } from '@signalbox/core';
import { leftovers } from './extensions.ts';
import { decodeFinish } from './finish.ts';
import { responseFields } from './response-fields.ts';
import { decodeUsage } from './usage.ts';

const EVENT = new Set(['type', 'delta', 'usage']);

/** What a stream says about its message as a whole, in `message_start` and `message_delta`. */
export interface StreamMessage {
  started(event: JsonObject): void;
  changed(event: JsonObject): void;
  id(): string | undefined;
  model(): string | undefined;
  /** Whether a stop reason came: the answer is complete, even if `message_stop` is missing. */
  stopped(): boolean;
  usage(): Usage | undefined;
  finish(calledTool: boolean): Finish;
  /** Fields that the canonical form has no word for. */
  fields(): JsonObject | undefined;
}

/** Follows one stream's message. */
export function createStreamMessage(): StreamMessage {
  let message: JsonObject = {};
  return {
    id: () => asString(message.id),
    model: () => asString(message.model),
    stopped: () => typeof message.stop_reason === 'string',
    started(event) {
      message = { ...asObject(event.message) };
    },
    changed(event) {
      // The later usage is cumulative, and what it leaves out still holds.
      const usage = overlay(asObject(message.usage), asObject(event.usage));
      message = { ...message, ...asObject(event.delta), ...leftovers(event, EVENT), ...(usage && { usage }) };
    },
    usage: () => decodeUsage(message.usage),
    finish: (calledTool) => decodeFinish(message, calledTool),
    fields: () => responseFields(message),
  };
}

function overlay(before: JsonObject | undefined, after: JsonObject | undefined): JsonObject | undefined {
  if (before === undefined || after === undefined) return after ?? before;
  const merged = { ...before };
  for (const [key, value] of Object.entries(after)) {
    if (value !== null && value !== undefined) merged[key] = value;
  }
  return merged;
}
