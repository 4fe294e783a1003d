import { asObject, type JsonObject, parseJson } from '@signalbox/core';
import { readAnthropicRequest } from './anthropic-request.ts';
import { geminiEmbedding, geminiEmbeddings, ollamaEmbeddings, openaiEmbeddings } from './embedding.ts';
import { readGemini } from './gemini.ts';
import { anthropicModels, geminiModels, ollamaRunning, ollamaShow, ollamaTags, openaiModels } from './model-list.ts';
import { readOpenaiResponses } from './openai-responses-request.ts';
import { countInput } from './reply.ts';
import { requireModel } from './request-text.ts';
import type { SideEndpoint, SideRoute } from './route.ts';

interface SideCall {
  readonly body: JsonObject;
  /** The model in the path. */
  readonly model: string | undefined;
  /** The names to list. */
  readonly models: readonly string[] | undefined;
}

const ANSWERS: Readonly<Record<SideEndpoint, (call: SideCall) => JsonObject>> = {
  'anthropic-models': ({ models, model }) => anthropicModels(models, model),
  'openai-models': ({ models, model }) => openaiModels(models, model),
  'gemini-models': ({ models, model }) => geminiModels(models, model),
  'ollama-tags': ({ models }) => ollamaTags(models),
  'ollama-ps': ({ models }) => ollamaRunning(models),
  'ollama-version': () => ({ version: '0.12.0' }),
  'ollama-show': ({ body }) => {
    requireModel(body);
    return ollamaShow();
  },
  'openai-embeddings': ({ body }) => {
    requireModel(body);
    return openaiEmbeddings(body);
  },
  'gemini-embed': ({ body }) => geminiEmbedding(body),
  'gemini-batch-embed': ({ body }) => geminiEmbeddings(body),
  'ollama-embed': ({ body }) => {
    requireModel(body);
    return ollamaEmbeddings(body);
  },
  'anthropic-count': ({ body }) => ({ input_tokens: countInput(readAnthropicRequest(body, undefined, true)) }),
  'responses-count': ({ body }) => ({
    input_tokens: countInput(readOpenaiResponses(body)),
    object: 'response.input_tokens',
  }),
  'gemini-count': ({ body, model }) => {
    // The contents alone, or a whole request with system instruction and tools.
    const counted = asObject(body.generateContentRequest) ?? body;
    const totalTokens = countInput(readGemini(counted, model ?? '', false));
    return { totalTokens, promptTokensDetails: [{ modality: 'TEXT', tokenCount: totalTokens }] };
  },
};

/** The body that an endpoint beside the answers sends. @throws RouterError `invalid-request`. */
export function answerSideEndpoint(
  route: SideRoute,
  bodyText: string,
  models: readonly string[] | undefined,
): JsonObject {
  const body = (parseJson(bodyText) ?? {}) as JsonObject;
  return ANSWERS[route.endpoint]({ body, model: route.model, models });
}
