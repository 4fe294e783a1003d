import { type Extensions, type FormRules, type JsonObject, type JsonValue, splitForm } from '@signalbox/core';
import { FORMAT_ID } from './format-id.ts';

/** What `include` may ask for without asking other formats for anything: they have other words for both. */
const INCLUDED_ELSEWHERE: ReadonlySet<JsonValue> = new Set([
  'reasoning.encrypted_content',
  'message.output_text.logprobs',
]);

const REQUEST: FormRules = {
  // To store nothing is what others do unasked.
  store: (value) => value === false,
  background: (value) => value === false,
  truncation: (value) => value === 'disabled',
  include: (value) => Array.isArray(value) && value.every((entry) => INCLUDED_ELSEWHERE.has(entry)),
  client_metadata: true,
  // Which of its own earlier thoughts a model sees again, and how their summary is worded.
  reasoning: { context: true, summary: true },
  stream_options: { include_obfuscation: true },
};
/** The fields of a request, with what is only form kept apart. The object of this format is always there: it says who wrote the request. */
export function requestExtensions(fields: JsonObject): Extensions {
  return { [FORMAT_ID]: {}, ...splitForm(fields, FORMAT_ID, REQUEST) };
}
