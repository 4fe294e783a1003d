import {
  asObject,
  asString,
  invalidField,
  type JsonObject,
  type ModelRequest,
  RouterError,
  requestObject,
  type StreamEncoder,
  type WireFormat,
} from '@signalbox/core';
import { decodeRequest } from './decode-request.ts';
import { encodeResponse } from './encode-response.ts';
import { ollamaChat } from './ollama-chat.ts';
import { createStreamEncoder } from './stream-encoder.ts';

/**
 * Ollama's older API for one prompt: `POST /api/generate` (https://github.com/ollama/ollama/blob/main/docs/api.md, "Generate a completion"). For callers alone: it is read and
 * written as a conversation of one turn, and providers are spoken to as in a conversation.
 */
export const ollamaGenerate: WireFormat = {
  ...ollamaChat,
  id: 'ollama-generate',
  server: {
    ...ollamaChat.server,
    decodeRequest: decodeGenerateRequest,
    encodeResponse: (response, context) => toGenerated(encodeResponse(response, context)),
    createStreamEncoder: (context) => generatedLines(createStreamEncoder(context)),
  },
};

/** Fields that mean something only where a prompt is not a turn of a conversation. */
const NOT_A_TURN = ['suffix', 'raw', 'template', 'context'] as const;

/** Reads a prompt with its system text and images as a conversation. Throws RouterError `invalid-request` or `unsupported` with the field's name. */
function decodeGenerateRequest(given: unknown): ModelRequest {
  const body = requestObject(given);
  const { prompt, system, images, ...rest } = body;
  for (const field of NOT_A_TURN) {
    const value = rest[field];
    if (!isEmpty(value)) {
      const message = `The field "${field}" can't be carried over to a conversation: use POST /api/chat with the messages themselves.`;
      throw new RouterError({ kind: 'unsupported', message, parameter: field });
    }
    delete rest[field];
  }
  if (typeof prompt !== 'string' || (prompt === '' && isEmpty(images))) {
    throw invalidField('prompt', 'a text (models are not loaded by an empty one here)');
  }
  if (!isEmpty(system) && typeof system !== 'string') throw invalidField('system', 'a text');
  const messages: JsonObject[] = [{ role: 'user', content: prompt, ...(isEmpty(images) ? {} : { images }) }];
  if (!isEmpty(system)) messages.unshift({ role: 'system', content: system });
  return decodeRequest({ ...rest, messages });
}

const isEmpty = (value: unknown) =>
  value === undefined ||
  value === null ||
  value === '' ||
  value === false ||
  (Array.isArray(value) && value.length === 0);

/** An answer of `/api/chat` in the fields of `/api/generate`. */
function toGenerated({ model, created_at, message, ...rest }: JsonObject): JsonObject {
  const { content, thinking } = asObject(message) ?? {};
  return {
    model,
    created_at,
    response: asString(content) ?? '',
    ...(thinking === undefined ? {} : { thinking }),
    ...rest,
  };
}

/** Lines of `/api/chat` as lines of `/api/generate`. */
function generatedLines(encoder: StreamEncoder): StreamEncoder {
  const rewrite = (lines: string) =>
    lines
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => `${JSON.stringify(toGenerated(JSON.parse(line) as JsonObject))}\n`)
      .join('');
  return { ...encoder, encode: (event) => rewrite(encoder.encode(event)) };
}
