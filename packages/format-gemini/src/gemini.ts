import type { WireFormat } from '@signalbox/core';
import { decodeError } from './decode-error.ts';
import { decodeRequest } from './decode-request.ts';
import { decodeResponse } from './decode-response.ts';
import { embedding } from './embedding.ts';
import { encodeError } from './encode-error.ts';
import { encodeRequest } from './encode-request.ts';
import { encodeResponse } from './encode-response.ts';
import { GEMINI, GOOGLE } from './gemini-id.ts';
import { forwardRequest, scanHead } from './request-path.ts';
import { createStreamDecoder } from './stream-decoder.ts';
import { createStreamEncoder } from './stream-encoder.ts';
import { observe } from './stream-observer.ts';
import { tokenCounting } from './token-counting.ts';
import { completeUsage } from './usage-metadata.ts';

/**
 * Google's Gemini API: `POST /models/{model}:generateContent` and `:streamGenerateContent?alt=sse`, below `/v1beta`. The
 * model stands in the path. Thought signatures have the issuer `google`.
 *
 * @example
 * ```ts
 * const { path, body } = gemini.client.encodeRequest(request, {
 *   model: 'gemini-3-flash-preview', stream: false, provider: 'google', quirks: {},
 * }); // path: '/models/gemini-3-flash-preview:generateContent'
 * ```
 */
export const gemini: WireFormat = {
  id: GEMINI,
  streamFraming: 'sse',
  reasoningIssuer: GOOGLE,
  client: { encodeRequest, decodeResponse, createStreamDecoder, decodeError },
  server: {
    streamContentType: 'text/event-stream',
    scanHead,
    decodeRequest,
    forwardRequest,
    encodeResponse,
    createStreamEncoder,
    encodeError,
  },
  tokenCounting,
  embedding,
  observe,
  completeUsage,
};
