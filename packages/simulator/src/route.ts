import type { JsonObject } from '@signalbox/core';
import { anthropicMessages } from './anthropic-messages.ts';
import { readAnthropicRequest } from './anthropic-request.ts';
import type { Vendor } from './error-answer.ts';
import { type Framing, JSON_ARRAY, NDJSON, SSE, SSE_CRLF, SSE_PING } from './framing.ts';
import { gemini, readGemini } from './gemini.ts';
import { ollamaChat, ollamaGenerate, readOllamaChat, readOllamaGenerate } from './ollama.ts';
import { openaiChat, readOpenaiChat } from './openai-chat.ts';
import { openaiResponses } from './openai-responses.ts';
import { readOpenaiResponses } from './openai-responses-request.ts';
import { invalidRequest } from './request-text.ts';
import type { SimulatedFormat } from './simulated-reply.ts';
import type { SimulatedRequest } from './simulated-request.ts';

/** What a path and its headers say about a request. */
export interface Address {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly anthropicVersion: string | undefined;
}

/** An endpoint that generates an answer. */
export interface AnswerRoute {
  readonly kind: 'answer';
  readonly vendor: Vendor;
  readonly format: SimulatedFormat;
  readonly framing: Framing;
  /** @throws RouterError `invalid-request`. */
  read(body: JsonObject): SimulatedRequest;
}

/** What stands beside the answers: lists, counts, embeddings. */
export type SideEndpoint =
  | 'anthropic-models'
  | 'openai-models'
  | 'gemini-models'
  | 'ollama-tags'
  | 'ollama-version'
  | 'ollama-show'
  | 'ollama-ps'
  | 'openai-embeddings'
  | 'gemini-embed'
  | 'gemini-batch-embed'
  | 'ollama-embed'
  | 'anthropic-count'
  | 'responses-count'
  | 'gemini-count';

/** An endpoint beside the answers. */
export interface SideRoute {
  readonly kind: 'side';
  readonly vendor: Vendor;
  readonly endpoint: SideEndpoint;
  readonly method: 'GET' | 'POST';
  /** The model in the path. */
  readonly model?: string | undefined;
}

/** An endpoint of a batch API. */
export interface BatchRoute {
  readonly kind: 'batch';
  readonly vendor: 'anthropic' | 'openai';
  readonly action: 'create' | 'state' | 'cancel' | 'results' | 'upload' | 'content';
  readonly method: 'GET' | 'POST';
  /** Of the batch or the file. */
  readonly id?: string | undefined;
}

type Route = AnswerRoute | SideRoute | BatchRoute;

interface Entry {
  readonly pattern: RegExp;
  route(match: RegExpExecArray, address: Address): Route;
}

const answer = (
  vendor: Vendor,
  format: SimulatedFormat,
  framing: Framing,
  read: (body: JsonObject) => SimulatedRequest,
): AnswerRoute => ({ kind: 'answer', vendor, format, framing, read });

const side = (
  vendor: Vendor,
  endpoint: SideEndpoint,
  method: SideRoute['method'],
  model?: string | undefined,
): SideRoute => ({ kind: 'side', vendor, endpoint, method, model: model && decodeURIComponent(model) });

const batch = (
  vendor: BatchRoute['vendor'],
  action: BatchRoute['action'],
  method: BatchRoute['method'],
  id?: string | undefined,
): BatchRoute => ({ kind: 'batch', vendor, action, method, id: id && decodeURIComponent(id) });

// The end of the path decides; whatever stands before it is a mount point. First match wins.
const TABLE: readonly Entry[] = [
  { pattern: /\/messages\/batches$/, route: () => batch('anthropic', 'create', 'POST') },
  { pattern: /\/messages\/batches\/([^/]+)$/, route: ([, id]) => batch('anthropic', 'state', 'GET', id) },
  { pattern: /\/messages\/batches\/([^/]+)\/cancel$/, route: ([, id]) => batch('anthropic', 'cancel', 'POST', id) },
  { pattern: /\/messages\/batches\/([^/]+)\/results$/, route: ([, id]) => batch('anthropic', 'results', 'GET', id) },
  { pattern: /\/files$/, route: () => batch('openai', 'upload', 'POST') },
  { pattern: /\/files\/([^/]+)\/content$/, route: ([, id]) => batch('openai', 'content', 'GET', id) },
  { pattern: /\/batches$/, route: () => batch('openai', 'create', 'POST') },
  { pattern: /\/batches\/([^/]+)$/, route: ([, id]) => batch('openai', 'state', 'GET', id) },
  { pattern: /\/batches\/([^/]+)\/cancel$/, route: ([, id]) => batch('openai', 'cancel', 'POST', id) },
  { pattern: /\/messages\/count_tokens$/, route: () => side('anthropic', 'anthropic-count', 'POST') },
  {
    pattern: /\/messages$/,
    route: (_, { anthropicVersion }) =>
      answer('anthropic', anthropicMessages, SSE_PING, (body) => {
        if (anthropicVersion === undefined)
          throw invalidRequest('anthropic-version', 'anthropic-version: header is required');
        return readAnthropicRequest(body, anthropicVersion, false);
      }),
  },
  { pattern: /\/chat\/completions$/, route: () => answer('openai', openaiChat, SSE, readOpenaiChat) },
  { pattern: /\/responses\/input_tokens$/, route: () => side('openai', 'responses-count', 'POST') },
  { pattern: /\/responses$/, route: () => answer('openai', openaiResponses, SSE, readOpenaiResponses) },
  {
    pattern: /\/models\/([^/]+):(generateContent|streamGenerateContent)$/,
    route([, model = '', method], { query }) {
      const stream = method === 'streamGenerateContent';
      const framing = query.get('alt') === 'sse' ? SSE_CRLF : JSON_ARRAY;
      return answer('gemini', gemini, framing, (body) => readGemini(body, decodeURIComponent(model), stream));
    },
  },
  { pattern: /\/models\/([^/]+):countTokens$/, route: ([, model]) => side('gemini', 'gemini-count', 'POST', model) },
  { pattern: /\/models\/([^/]+):embedContent$/, route: ([, model]) => side('gemini', 'gemini-embed', 'POST', model) },
  {
    pattern: /\/models\/([^/]+):batchEmbedContents$/,
    route: ([, model]) => side('gemini', 'gemini-batch-embed', 'POST', model),
  },
  {
    pattern: /\/v1(?:beta|alpha)\/models(?:\/([^/:]+))?$/,
    route: ([, model]) => side('gemini', 'gemini-models', 'GET', model),
  },
  {
    pattern: /\/models(?:\/([^/:]+))?$/,
    route: ([, model], { anthropicVersion }) =>
      anthropicVersion === undefined
        ? side('openai', 'openai-models', 'GET', model)
        : side('anthropic', 'anthropic-models', 'GET', model),
  },
  { pattern: /\/api\/chat$/, route: () => answer('ollama', ollamaChat, NDJSON, readOllamaChat) },
  { pattern: /\/api\/generate$/, route: () => answer('ollama', ollamaGenerate, NDJSON, readOllamaGenerate) },
  { pattern: /\/api\/tags$/, route: () => side('ollama', 'ollama-tags', 'GET') },
  { pattern: /\/api\/version$/, route: () => side('ollama', 'ollama-version', 'GET') },
  { pattern: /\/api\/ps$/, route: () => side('ollama', 'ollama-ps', 'GET') },
  { pattern: /\/api\/show$/, route: () => side('ollama', 'ollama-show', 'POST') },
  { pattern: /\/api\/embed$/, route: () => side('ollama', 'ollama-embed', 'POST') },
  { pattern: /\/embeddings$/, route: () => side('openai', 'openai-embeddings', 'POST') },
];

/** The endpoint that a path means; undefined where there is none. */
export function findRoute(address: Address): Route | undefined {
  for (const entry of TABLE) {
    const match = entry.pattern.exec(address.path);
    if (match) return entry.route(match, address);
  }
  return undefined;
}
