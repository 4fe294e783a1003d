import { asObject, asString, type Extensions, type JsonObject } from '@signalbox/core';
import { OLLAMA_CHAT } from './ollama-id.ts';

/** Fields that the canonical answer has words for. */
const KNOWN = new Set([
  'model',
  'created_at',
  'message',
  'done',
  'done_reason',
  'prompt_eval_count',
  'eval_count',
  'error',
]);

/** The same of its message. */
const KNOWN_OF_MESSAGE = new Set(['role', 'content', 'thinking', 'images', 'tool_calls', 'tool_name']);

/** Unix seconds of `created_at`; undefined where it is no time. */
export function readCreatedAt(answer: JsonObject): number | undefined {
  const time = Date.parse(asString(answer.created_at) ?? '');
  return Number.isNaN(time) ? undefined : Math.floor(time / 1000);
}

/** Adds the fields that only Ollama has (durations, log probabilities); arrays are joined: log probabilities come line by line. Those of the message are under `message`. */
export function addOwnFields(own: JsonObject, answer: JsonObject): void {
  gather(own, answer, KNOWN);
  const message = asObject(answer.message);
  if (message === undefined || Object.keys(message).every((key) => KNOWN_OF_MESSAGE.has(key))) return;
  const ofMessage: JsonObject = { ...asObject(own.message) };
  gather(ofMessage, message, KNOWN_OF_MESSAGE);
  if (Object.keys(ofMessage).length > 0) own.message = ofMessage;
}

function gather(own: JsonObject, fields: JsonObject, known: ReadonlySet<string>): void {
  for (const [key, value] of Object.entries(fields)) {
    if (known.has(key) || value === null || value === undefined) continue;
    const before = own[key];
    if (Array.isArray(before) && Array.isArray(value)) before.push(...value);
    else own[key] = Array.isArray(value) ? [...value] : value;
  }
}

/** The fields as an extension; undefined where there are none. */
export function ownExtensions(own: JsonObject): Extensions | undefined {
  return Object.keys(own).length === 0 ? undefined : { [OLLAMA_CHAT]: own };
}
