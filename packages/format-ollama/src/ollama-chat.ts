import { type HeadFields, readEffort, scanRequestHead, type WireFormat } from '@signalbox/core';
import { completeUsage } from './counts.ts';
import { decodeError } from './decode-error.ts';
import { decodeRequest } from './decode-request.ts';
import { decodeResponse } from './decode-response.ts';
import { embedding } from './embedding.ts';
import { encodeError } from './encode-error.ts';
import { encodeRequest } from './encode-request.ts';
import { encodeResponse } from './encode-response.ts';
import { forwardRequest } from './forward-request.ts';
import { OLLAMA_CHAT } from './ollama-id.ts';
import { createStreamDecoder } from './stream-decoder.ts';
import { createStreamEncoder } from './stream-encoder.ts';
import { observe } from './stream-observer.ts';

const HEAD_FIELDS: HeadFields = {
  streamDefault: true,
  keys: ['think'],
  read(value) {
    const think = value('think');
    return { effort: think === false ? 'none' : think === true ? 'medium' : readEffort(think) };
  },
};

/**
 * Ollama's own chat API: `POST /api/chat`, streams in NDJSON, which is what it does unless told otherwise. Paths are
 * relative to the server's root.
 *
 * @example
 * ```ts
 * const { path, body } = ollamaChat.client.encodeRequest(request, {
 *   model: 'mistral:7b', stream: false, provider: 'local', quirks: {},
 * }); // path: '/api/chat'
 * ```
 */
export const ollamaChat: WireFormat = {
  id: OLLAMA_CHAT,
  streamFraming: 'ndjson',
  client: { encodeRequest, decodeResponse, createStreamDecoder, decodeError },
  server: {
    streamContentType: 'application/x-ndjson',
    scanHead: (body) => scanRequestHead(body, HEAD_FIELDS),
    decodeRequest,
    forwardRequest,
    encodeResponse,
    createStreamEncoder,
    encodeError,
  },
  embedding,
  observe,
  completeUsage,
};
