import { asArray, fieldOf, type HeadFields, readEffort, scanRequestHead, type WireFormat } from '@signalbox/core';
import { embedding } from '../embeddings/embedding.ts';
import { decodeError } from '../shared/decode-error.ts';
import { encodeError } from '../shared/encode-error.ts';
import { IDENTITY_KEYS, requestIdentity } from '../shared/request-identity.ts';
import { decodeRequest } from './decode-request.ts';
import { decodeResponse } from './decode-response.ts';
import { encodeRequest } from './encode-request.ts';
import { encodeResponse } from './encode-response.ts';
import { FORMAT_ID } from './format-id.ts';
import { forwardRequest } from './forward-request.ts';
import { glance } from './glance.ts';
import { createObserver } from './observer.ts';
import { createStreamDecoder } from './stream-decoder.ts';
import { createStreamEncoder } from './stream-encoder.ts';
import { completeUsage } from './usage.ts';

/** `reasoning` is how OpenRouter's callers write it. */
const HEAD_FIELDS: HeadFields = {
  keys: ['reasoning_effort', 'reasoning', 'models', ...IDENTITY_KEYS],
  read: (value) => ({
    effort: readEffort(value('reasoning_effort') ?? fieldOf(value('reasoning'), 'effort')),
    // OpenRouter goes on to these where the first fails (https://openrouter.ai/docs, model routing).
    otherModels: otherModels(value('models')),
    ...requestIdentity(value),
  }),
};

function otherModels(value: unknown): readonly string[] | undefined {
  const names = asArray(value).filter((name) => typeof name === 'string');
  return names.length === 0 ? undefined : names;
}

/**
 * OpenAI Chat Completions (`POST /chat/completions`), both directions, for OpenAI and for the many endpoints that speak the
 * format with deviations. Deviations of requests are quirks (data, see the README); those of answers are understood as they
 * come.
 *
 * @example
 * ```ts
 * const { body, notes } = openaiChat.client.encodeRequest(request, {
 *   model: 'gpt-5.1', stream: true, provider: 'openai', quirks: {},
 * });
 * ```
 */
export const openaiChat: WireFormat = {
  id: FORMAT_ID,
  streamFraming: 'sse',
  client: {
    encodeRequest,
    decodeResponse,
    createStreamDecoder,
    decodeError: (...answer) => decodeError(FORMAT_ID, ...answer),
  },
  server: {
    streamContentType: 'text/event-stream; charset=utf-8',
    scanHead: (body) => scanRequestHead(body, HEAD_FIELDS),
    decodeRequest: (body) => decodeRequest(body),
    forwardRequest: (body, head, model) => forwardRequest(body, head, model),
    encodeResponse,
    createStreamEncoder,
    encodeError: (error) => encodeError(FORMAT_ID, error),
  },
  embedding,
  observe: createObserver,
  glance,
  completeUsage,
};
