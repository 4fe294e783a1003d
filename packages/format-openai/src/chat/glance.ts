import { type AnswerGlance, asString, isJsonObject, type JsonValue } from '@signalbox/core';
import { isErrorBody } from '../shared/decode-error.ts';
import { decodeFinish, stopSequenceOf } from './finish.ts';
import { decodeUsage } from './usage.ts';

/** Members of a message whose content needs the decoder. */
const OTHER_CONTENT = [
  'tool_calls',
  'function_call',
  'refusal',
  'reasoning_content',
  'reasoning',
  'reasoning_details',
  'audio',
] as const;

/**
 * A whole answer of one choice that brings a text and nothing else, as nearly all are: what the decoder would say of it, without building the parts. Undefined for any
 * other answer, and for what is none.
 */
export function glance(body: unknown): AnswerGlance | undefined {
  if (!isJsonObject(body) || isErrorBody(body) || !Array.isArray(body.choices) || body.choices.length !== 1) {
    return undefined;
  }
  const [choice] = body.choices;
  if (!isJsonObject(choice) || isJsonObject(choice.error) || choice.finish_reason === 'error') return undefined;
  const { message } = choice;
  if (!isJsonObject(message) || typeof message.content !== 'string') return undefined;
  for (const name of OTHER_CONTENT) if (!isNothing(message[name])) return undefined;
  return {
    id: asString(body.id) || undefined,
    model: asString(body.model) || undefined,
    usage: decodeUsage(body),
    finish: decodeFinish({
      rawReason: asString(choice.finish_reason),
      calledTools: false,
      refused: false,
      stopSequence: stopSequenceOf(choice),
    }),
    output: message.content,
  };
}

function isNothing(value: JsonValue | undefined): boolean {
  return value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);
}
