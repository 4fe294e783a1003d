import type { WireFormat } from '@signalbox/core';
import { decodeError } from '../shared/decode-error.ts';
import { encodeError } from '../shared/encode-error.ts';
import { decodeRequest } from './decode-request.ts';
import { decodeResponse } from './decode-response.ts';
import { encodeRequest } from './encode-request.ts';
import { encodeResponse } from './encode-response.ts';
import { FORMAT_ID } from './format-id.ts';
import { forwardRequest } from './forward-request.ts';
import { keptAnswers } from './kept-answers.ts';
import { keptState } from './kept-state.ts';
import { namedItems } from './named-items.ts';
import { createObserver } from './observer.ts';
import { responsesIssuer } from './reasoning-issuer.ts';
import { scanHead } from './request-head.ts';
import { serverState } from './server-state.ts';
import { createStreamDecoder } from './stream-decoder.ts';
import { createStreamEncoder } from './stream-encoder.ts';
import { tokenCounting } from './token-counting.ts';
import { completeUsage } from './usage.ts';

/**
 * OpenAI's Responses API (`POST /responses`), both directions. Encrypted reasoning goes back to the endpoint that
 * issued it alone (`openai-responses:<provider>`). What a request leaves with its provider is named by `serverState`.
 *
 * @example
 * ```ts
 * const { body, notes } = openaiResponses.client.encodeRequest(request, {
 *   model: 'gpt-5.1', stream: true, provider: 'openai', quirks: {},
 * });
 * ```
 */
export const openaiResponses: WireFormat = {
  id: FORMAT_ID,
  streamFraming: 'sse',
  reasoningIssuer: responsesIssuer,
  keptState,
  namedItems,
  keptAnswers,
  client: {
    encodeRequest,
    decodeResponse,
    createStreamDecoder,
    decodeError: (...answer) => decodeError(FORMAT_ID, ...answer),
  },
  server: {
    streamContentType: 'text/event-stream; charset=utf-8',
    scanHead: (body) => scanHead(body),
    decodeRequest(body) {
      const request = decodeRequest(body);
      const parameter = serverState(request);
      return parameter === undefined ? request : { ...request, serverState: { format: FORMAT_ID, parameter } };
    },
    forwardRequest: (body, head, model) => forwardRequest(body, head, model),
    encodeResponse,
    createStreamEncoder,
    encodeError: (error) => encodeError(FORMAT_ID, error),
  },
  tokenCounting,
  observe: createObserver,
  completeUsage,
};
