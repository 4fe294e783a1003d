import { randomUUID } from 'node:crypto';
import { entryOf, type JsonObject } from '@signalbox/core';
import type { GatewayContext } from '../request/exchange.ts';
import { formatOfPath } from '../request/format-of-path.ts';
import { idHeaders } from './api-options.ts';

const PLACES =
  'GET /v1/models, POST /v1/messages, POST /v1/chat/completions, POST /v1/responses, POST /v1beta/models/{model}:generateContent, POST /api/chat, POST /api/generate';

/** How APIs say that there is nothing at an address, by the id of their format. */
const SHAPES: Readonly<Record<string, (message: string) => JsonObject>> = {
  'anthropic-messages': (message) => ({ type: 'error', error: { type: 'not_found_error', message } }),
  gemini: (message) => ({ error: { code: 404, message, status: 'NOT_FOUND' } }),
  'ollama-chat': (message) => ({ error: message }),
};

const openaiShape = (message: string): JsonObject => ({
  error: { message, type: 'invalid_request_error', param: null, code: 'unknown_url' },
});

/** Answers a call to a place that is not there, in the words of the API that the path belongs to. */
export function unknownPath(context: GatewayContext): Response {
  const message = `There is no ${context.req.method} ${context.req.path} here: see ${PLACES}.`;
  const shape = entryOf(SHAPES, formatOfPath(context).id) ?? openaiShape;
  return Response.json(shape(message), { status: 404, headers: idHeaders(randomUUID()) });
}

const CONVERSATIONS =
  'This gateway makes and shows no conversations: they are kept by the provider, so make them there. A request that names one ("conversation" of POST /v1/responses) goes to the provider that keeps it; "previous_response_id" needs none.';

/** Conversations of the Responses API are made past the gateway. */
export function noConversations(): Response {
  const body = openaiShape(CONVERSATIONS);
  return Response.json(body, { status: 404, headers: idHeaders(randomUUID()) });
}
