import { asArray, asObject, type JsonObject, type JsonValue } from '@signalbox/core';
import { saysSomething } from './answer-fields.ts';

/** Gathers the fields of a message that the canonical form has no word for, over all of its chunks. */
export interface MessageFields {
  /** A message or delta, and those of its fields that are unknown. */
  add(message: JsonObject, unknown: JsonObject | undefined): void;
  merge(fields: JsonObject): void;
  fields(): JsonObject | undefined;
  /** The answer's speech: its pieces joined. */
  audio(): JsonObject | undefined;
}

export function createMessageFields(): MessageFields {
  const gathered: JsonObject = {};
  let audio: JsonObject | undefined;

  function merge(fields: JsonObject): void {
    for (const [key, value] of Object.entries(fields)) {
      const before = gathered[key];
      if (key === 'reasoning_details') gathered[key] = joinDetails(asArray(before), asArray(value));
      else if (Array.isArray(before) && Array.isArray(value)) before.push(...value);
      else gathered[key] = Array.isArray(value) ? [...value] : value;
    }
  }

  return {
    merge,
    add(message, unknown) {
      if (unknown !== undefined) merge(unknown);
      const piece = asObject(message.audio);
      if (saysSomething(piece)) audio = joinTexts(audio ?? {}, piece, ['data', 'transcript']);
    },
    fields: () => (Object.keys(gathered).length === 0 ? undefined : gathered),
    audio: () => audio,
  };
}

/** Later pieces of the same detail join the last one, as OpenRouter streams them. */
function joinDetails(before: readonly JsonValue[], more: readonly JsonValue[]): JsonValue[] {
  const details = before as JsonValue[];
  for (const entry of more) {
    const piece = asObject(entry);
    const last = asObject(details.at(-1));
    if (piece !== undefined && last !== undefined && last.index === piece.index && last.type === piece.type) {
      details[details.length - 1] = joinTexts(last, piece, ['text', 'summary', 'data']);
    } else details.push(entry);
  }
  return details;
}

/** One object with the texts of both; its other fields are the later one's, where that has a value. */
function joinTexts(one: JsonObject, other: JsonObject, textKeys: readonly string[]): JsonObject {
  const joined: JsonObject = { ...one };
  for (const [key, value] of Object.entries(other)) {
    const before = joined[key];
    if (textKeys.includes(key) && typeof before === 'string' && typeof value === 'string') joined[key] = before + value;
    else if (value !== null && value !== undefined) joined[key] = value;
  }
  return joined;
}
