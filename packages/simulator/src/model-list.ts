import { asString, type JsonObject } from '@signalbox/core';
import { hashParts } from './random.ts';

/** Names to list where none are given. Any other name is answered as well. */
const DEFAULT_MODELS = {
  anthropic: ['claude-opus-4-5', 'claude-sonnet-4-5', 'claude-haiku-4-5'],
  openai: ['gpt-5', 'gpt-5-mini', 'gpt-4.1'],
  gemini: ['gemini-2.5-pro', 'gemini-2.5-flash'],
  ollama: ['llama3.2:latest', 'qwen3:8b'],
} as const;

const CREATED_AT = '2026-01-31T00:00:00Z';
const CREATED_SECONDS = Date.parse(CREATED_AT) / 1000;
const CONTEXT_WINDOW = 200_000;
const MAX_OUTPUT = 64_000;

/** `GET /v1/models` with `anthropic-version`; one model where its id stands in the path. */
export function anthropicModels(names: readonly string[] | undefined, id: string | undefined): JsonObject {
  const entry = (name: string): JsonObject => ({
    type: 'model',
    id: name,
    display_name: name,
    created_at: CREATED_AT,
    max_input_tokens: CONTEXT_WINDOW,
    max_tokens: MAX_OUTPUT,
  });
  if (id !== undefined) return entry(id);
  const data = (names ?? DEFAULT_MODELS.anthropic).map(entry);
  return {
    data,
    has_more: false,
    first_id: asString(data[0]?.id) ?? null,
    last_id: asString(data.at(-1)?.id) ?? null,
  };
}

/** `GET /v1/models`. */
export function openaiModels(names: readonly string[] | undefined, id: string | undefined): JsonObject {
  const entry = (name: string): JsonObject => ({
    id: name,
    object: 'model',
    created: CREATED_SECONDS,
    owned_by: 'signalbox-simulator',
  });
  return id === undefined ? { object: 'list', data: (names ?? DEFAULT_MODELS.openai).map(entry) } : entry(id);
}

/** `GET /v1beta/models`. */
export function geminiModels(names: readonly string[] | undefined, id: string | undefined): JsonObject {
  const entry = (name: string): JsonObject => ({
    name: `models/${name}`,
    version: '001',
    displayName: name,
    inputTokenLimit: CONTEXT_WINDOW,
    outputTokenLimit: MAX_OUTPUT,
    supportedGenerationMethods: ['generateContent', 'countTokens'],
  });
  return id === undefined ? { models: (names ?? DEFAULT_MODELS.gemini).map(entry) } : entry(id);
}

/** `GET /api/tags`: what is on the disk. */
export const ollamaTags = (names: readonly string[] | undefined): JsonObject =>
  ollamaModels(names, { modified_at: CREATED_AT });

/** `GET /api/ps`: what is in memory. */
export const ollamaRunning = (names: readonly string[] | undefined): JsonObject =>
  ollamaModels(names, { expires_at: CREATED_AT, size_vram: 2_000_000_000 });

function ollamaModels(names: readonly string[] | undefined, state: JsonObject): JsonObject {
  const models = (names ?? DEFAULT_MODELS.ollama).map((name) => ({
    name,
    model: name,
    ...state,
    size: 2_000_000_000,
    digest: hashParts('digest', name),
    details: DETAILS,
  }));
  return { models };
}

const DETAILS: JsonObject = {
  parent_model: '',
  format: 'gguf',
  family: 'llama',
  families: ['llama'],
  parameter_size: '3.2B',
  quantization_level: 'Q4_K_M',
};

/** `POST /api/show`. */
export function ollamaShow(): JsonObject {
  return {
    modelfile: '# Simulated by @signalbox/simulator',
    parameters: '',
    template: '{{ .Prompt }}',
    details: DETAILS,
    model_info: { 'general.architecture': 'llama', 'llama.context_length': 131_072 },
    capabilities: ['completion', 'tools', 'thinking', 'vision'],
    modified_at: CREATED_AT,
  };
}
