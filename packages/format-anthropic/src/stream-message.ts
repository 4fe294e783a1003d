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
  readonly id: string | undefined;
  readonly model: string | undefined;
  /** Whether a stop reason came: the answer is complete, even if `message_stop` is missing. */
  readonly stopped: boolean;
  usage(): Usage | undefined;
  finish(calledTool: boolean): Finish;
  /** Fields that the canonical form has no word for. */
  fields(): JsonObject | undefined;
}

/** Follows one stream's message. */
export function createStreamMessage(): StreamMessage {
  return new Message();
}

/** A class, because getters in an object literal are dear where one is made for each stream. */
class Message implements StreamMessage {
  #message: JsonObject = {};

  get id(): string | undefined {
    return asString(this.#message.id);
  }

  get model(): string | undefined {
    return asString(this.#message.model);
  }

  get stopped(): boolean {
    return typeof this.#message.stop_reason === 'string';
  }

  started(event: JsonObject): void {
    this.#message = { ...asObject(event.message) };
  }

  changed(event: JsonObject): void {
    const before = this.#message;
    // The later usage is cumulative, and what it leaves out still holds.
    const usage = overlay(asObject(before.usage), asObject(event.usage));
    this.#message = { ...before, ...asObject(event.delta), ...leftovers(event, EVENT), ...(usage && { usage }) };
  }

  usage(): Usage | undefined {
    return decodeUsage(this.#message.usage);
  }

  finish(calledTool: boolean): Finish {
    return decodeFinish(this.#message, calledTool);
  }

  fields(): JsonObject | undefined {
    return responseFields(this.#message);
  }
}

function overlay(before: JsonObject | undefined, after: JsonObject | undefined): JsonObject | undefined {
  if (before === undefined || after === undefined) return after ?? before;
  const merged = { ...before };
  for (const [key, value] of Object.entries(after)) {
    if (value !== null && value !== undefined) merged[key] = value;
  }
  return merged;
}
