import { createResponseFold, isJsonObject, type ModelResponse, ProviderError } from '@signalbox/core';
import { errorInAnswer, isErrorBody } from '../shared/decode-error.ts';
import { createEventReader } from './event-reader.ts';

/**
 * A whole answer. Throws ProviderError `invalid-response` where the body is not one, and the error itself where one came under
 * a good status or the response failed.
 */
export function decodeResponse(body: unknown, context: { readonly provider: string }): ModelResponse {
  const { provider } = context;
  if (!isJsonObject(body)) {
    throw new ProviderError({ kind: 'invalid-response', message: 'The answer is not a JSON object.', provider });
  }
  if (isErrorBody(body) && body.status !== 'failed') throw errorInAnswer(body, provider);
  if (body.status !== 'failed' && !Array.isArray(body.output)) {
    const message = 'The answer has no list "output": it is not an answer of the Responses API.';
    throw new ProviderError({ kind: 'invalid-response', message, provider });
  }
  const fold = createResponseFold();
  for (const event of createEventReader(provider).read('response.completed', { response: body })) fold.add(event);
  return fold.response();
}
