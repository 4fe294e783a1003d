import { isJsonObject, type JsonObject, type ModelResponse, ProviderError } from '@signalbox/core';
import { addOwnFields, ownExtensions, readCreatedAt } from './answer-fields.ts';
import { readMessage } from './answer-message.ts';
import { readCounts } from './counts.ts';
import { answerError } from './decode-error.ts';
import { readDoneReason } from './done-reason.ts';

/**
 * Reads the answer to `stream: false`. Throws ProviderError: `invalid-response`, or what an error in the body says. Durations
 * (nanoseconds) and log probabilities are kept under the extension `ollama-chat`.
 */
export function decodeResponse(body: unknown, context: { readonly provider: string }): ModelResponse {
  const { provider } = context;
  if (!isJsonObject(body)) throw invalid(provider, 'an answer that is not a JSON object');
  const error = answerError(body, provider);
  if (error !== undefined) throw error;
  if (!isJsonObject(body.message)) throw invalid(provider, 'an answer without a message');
  if (body.done === false) throw invalid(provider, 'an answer that is not done');
  const parts = readMessage(body, 0, provider);
  const own: JsonObject = {};
  addOwnFields(own, body);
  const hasCalls = parts.some((part) => part.type === 'tool-call');
  return {
    model: typeof body.model === 'string' ? body.model : undefined,
    createdAt: readCreatedAt(body),
    parts,
    finish: readDoneReason(typeof body.done_reason === 'string' ? body.done_reason : undefined, hasCalls),
    usage: readCounts(body),
    extensions: ownExtensions(own),
  };
}

function invalid(provider: string, what: string): ProviderError {
  return new ProviderError({ kind: 'invalid-response', message: `${provider} sent ${what}.`, provider });
}
