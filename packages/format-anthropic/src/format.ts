import {
  effortOfBudget,
  fieldOf,
  type HeadFields,
  type ReasoningEffort,
  readEffort,
  scanRequestHead,
  type WireFormat,
} from '@signalbox/core';
import { decodeError } from './decode-error.ts';
import { decodeRequest } from './decode-request.ts';
import { decodeResponse } from './decode-response.ts';
import { encodeError } from './encode-error.ts';
import { encodeRequest } from './encode-request.ts';
import { encodeResponse } from './encode-response.ts';
import { FORMAT_ID, REASONING_ISSUER } from './format-id.ts';
import { forwardRequest } from './forward-request.ts';
import { createStreamObserver } from './observer.ts';
import { requestIdentity } from './request-identity.ts';
import { createStreamDecoder } from './stream-decoder.ts';
import { createStreamEncoder } from './stream-encoder.ts';
import { tokenCounting } from './token-counting.ts';
import { completeUsage } from './usage.ts';

const HEAD_FIELDS: HeadFields = {
  keys: ['thinking', 'output_config', 'metadata', 'tags'],
  read: (value) => ({
    effort: effortOf(value('thinking'), () => value('output_config')),
    ...requestIdentity(value('metadata'), value('tags')),
  }),
};

function effortOf(thinking: unknown, outputConfig: () => unknown): ReasoningEffort {
  if (thinking === undefined || fieldOf(thinking, 'type') === 'disabled') return 'none';
  return (
    readEffort(fieldOf(outputConfig(), 'effort')) ?? effortOfBudget(fieldOf(thinking, 'budget_tokens')) ?? 'medium'
  );
}

/**
 * The Anthropic Messages format (`POST /v1/messages`, API versions 2023-06-01 and 2026-10-21), both directions.
 *
 * Reasoning signatures have the issuer `anthropic`; fields and blocks that the canonical form has no word for travel under
 * the extension `anthropic-messages`. Quirks: `midConversationSystem` (`true`, or a regular expression of model ids), whether system
 * messages may stand in the middle of a conversation; `apiVersion`, the version to send, whatever the caller's own is.
 *
 * @example
 * ```ts
 * const { body, notes } = anthropicMessages.client.encodeRequest(request, {
 *   model: 'claude-sonnet-5', stream: false, provider: 'anthropic', quirks: {},
 * });
 * ```
 */
export const anthropicMessages: WireFormat = {
  id: FORMAT_ID,
  streamFraming: 'sse',
  reasoningIssuer: REASONING_ISSUER,
  thinksUnasked: false,
  client: { encodeRequest, decodeResponse, createStreamDecoder, decodeError },
  server: {
    streamContentType: 'text/event-stream; charset=utf-8',
    keepAlive: 'event: ping\ndata: {"type": "ping"}\n\n',
    scanHead: (body) => scanRequestHead(body, HEAD_FIELDS),
    decodeRequest: (body, _path, headers) => decodeRequest(body, headers),
    forwardRequest,
    encodeResponse,
    createStreamEncoder,
    encodeError,
  },
  tokenCounting,
  observe: createStreamObserver,
  completeUsage,
};
