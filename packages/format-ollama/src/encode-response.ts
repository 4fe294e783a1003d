import {
  asObject,
  type JsonObject,
  type ModelResponse,
  restatedAnswer,
  type ServerContext,
  writeTokenLogprobs,
} from '@signalbox/core';
import { writeCounts } from './counts.ts';
import { writeDoneReason } from './done-reason.ts';
import { encodeAnswerMessage } from './encode-answer-message.ts';
import { OLLAMA_CHAT } from './ollama-id.ts';

/** Milliseconds from 1970 that a date can be away (ECMAScript, Time Values). */
const LAST_MOMENT = 8.64e15;

/**
 * Writes a whole answer, as `stream: false` has it. Durations are there only where an Ollama server measured them: how long
 * another provider's model took to read and to write can't be seen from a finished answer.
 */
export function encodeResponse(response: ModelResponse, context: ServerContext): JsonObject {
  const { message, ...own } = response.extensions?.[OLLAMA_CHAT] ?? {};
  const createdAt = (response.createdAt ?? Number.NaN) * 1000;
  return {
    model: response.model ?? context.model,
    // What a provider calls a time may be none.
    created_at: new Date(Math.abs(createdAt) <= LAST_MOMENT ? createdAt : context.now()).toISOString(),
    message: { ...encodeAnswerMessage(restatedAnswer(response, OLLAMA_CHAT).parts), ...asObject(message) },
    done: true,
    done_reason: writeDoneReason(response.finish),
    ...writeLogprobs(response),
    ...writeCounts(response.usage),
    ...own,
  };
}

function writeLogprobs({ parts }: ModelResponse): JsonObject {
  const tokens = parts.flatMap((part) => (part.type === 'text' ? (part.logprobs ?? []) : []));
  return tokens.length === 0 ? {} : { logprobs: writeTokenLogprobs(tokens) };
}
