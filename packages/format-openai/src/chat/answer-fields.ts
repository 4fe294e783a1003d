import { asArray, asObject, asString, type JsonObject } from '@signalbox/core';

/** Members of an answer or chunk that the canonical form has words for, or that mean nothing outside of their chunk. */
export const ANSWER_FIELDS = new Set(['id', 'object', 'created', 'model', 'choices', 'usage', 'obfuscation', 'p']);
/** The same of a choice. */
export const CHOICE_FIELDS = new Set(['index', 'message', 'delta', 'finish_reason', 'logprobs', 'text']);
/** The same of a message or delta. */
export const MESSAGE_FIELDS = new Set([
  'role',
  'content',
  'refusal',
  'tool_calls',
  'function_call',
  'reasoning_content',
  'reasoning',
  'annotations',
  'audio',
]);

/** Readable reasoning of a message or delta under its two names. `''` where there is none. */
export function reasoningText(message: JsonObject): string {
  return asString(message.reasoning_content) || asString(message.reasoning) || '';
}

/** Readable reasoning in the details of a message or delta; Snowflake has it there alone, others say it twice. */
export function reasoningInDetails(message: JsonObject): string {
  const details = message.reasoning_details;
  if (details === undefined || details === null) return '';
  return asArray(details)
    .map((detail) => asString(asObject(detail)?.text) ?? asString(asObject(detail)?.summary) ?? '')
    .join('');
}

/** Log probabilities of a choice, flat, so that those of later chunks can be joined to them. */
export function logprobFields(choice: JsonObject): JsonObject | undefined {
  const logprobs = asObject(choice.logprobs);
  if (logprobs === undefined) return undefined;
  const content = asArray(logprobs.content);
  const refusal = asArray(logprobs.refusal);
  if (content.length + refusal.length === 0) return undefined;
  return {
    ...(content.length === 0 ? {} : { logprobs: [...content] }),
    ...(refusal.length === 0 ? {} : { refusalLogprobs: [...refusal] }),
  };
}

/** Log probabilities in a form of the endpoint's own (Together's lists beside each other): kept as they are. */
export function otherLogprobs(choice: JsonObject): { readonly logprobs: JsonObject } | undefined {
  const logprobs = asObject(choice.logprobs);
  if (logprobs === undefined || logprobs.content !== undefined || logprobs.refusal !== undefined) return undefined;
  return saysSomething(logprobs) ? { logprobs } : undefined;
}

/** Whether an object says anything: servers written in Go send every member, with `""`, `0` and `null` for nothing. */
export function saysSomething(value: JsonObject | undefined): value is JsonObject {
  if (value === undefined) return false;
  return Object.values(value).some(
    (member) => member !== '' && member !== 0 && member !== null && member !== undefined,
  );
}
