import { asArray, asNumber, asObject, asString, type JsonObject, type JsonValue } from '@signalbox/core';
import { createRandom } from './random.ts';
import { contentText, invalidRequest } from './request-text.ts';
import { shownText } from './shown-text.ts';
import { countTokens } from './token-count.ts';

/**
 * A unit vector for a text: the sum of one fixed vector a word, so that texts with common words are near each other.
 * Deterministic, without a seed: embeddings of two simulators can be compared.
 */
function embed(text: string, dimensions: number): readonly number[] {
  const sum = new Float64Array(dimensions);
  for (const word of text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? ['']) {
    const random = createRandom(`word ${word}`);
    for (let index = 0; index < dimensions; index += 1) sum[index] = (sum[index] ?? 0) + random.next() * 2 - 1;
  }
  const length = Math.hypot(...sum) || 1;
  return Array.from(sum, (value) => Math.fround(value / length));
}

/** `POST /v1/embeddings`; base64 where it is asked for (SDKs do so by default). */
export function openaiEmbeddings(body: JsonObject): JsonObject {
  const texts = readInputs(body.input);
  const dimensions = asNumber(body.dimensions) ?? 1536;
  const tokens = texts.reduce((sum, text) => sum + Math.max(1, countTokens(text)), 0);
  const write = (vector: readonly number[]): JsonValue =>
    body.encoding_format === 'base64' ? Buffer.from(Float32Array.from(vector).buffer).toString('base64') : [...vector];
  return {
    object: 'list',
    data: texts.map((text, index) => ({ object: 'embedding', index, embedding: write(embed(text, dimensions)) })),
    model: asString(body.model) ?? '',
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  };
}

/** `:embedContent`. */
export function geminiEmbedding(body: JsonObject): JsonObject {
  return { embedding: contentEmbedding(body) };
}

/** `:batchEmbedContents`. */
export function geminiEmbeddings(body: JsonObject): JsonObject {
  return { embeddings: asArray(body.requests).map((request) => contentEmbedding(asObject(request))) };
}

function contentEmbedding(request: JsonObject | undefined): JsonObject {
  const dimensions = asNumber(request?.outputDimensionality) ?? 768;
  return { values: [...embed(contentText(asObject(request?.content)?.parts), dimensions)] };
}

/** `POST /api/embed`. */
export function ollamaEmbeddings(body: JsonObject): JsonObject {
  const texts = readInputs(body.input);
  const dimensions = asNumber(body.dimensions) ?? 768;
  return {
    model: asString(body.model) ?? '',
    embeddings: texts.map((text) => [...embed(text, dimensions)]),
    total_duration: 14_000_000,
    load_duration: 1_000_000,
    prompt_eval_count: texts.reduce((sum, text) => sum + Math.max(1, countTokens(text)), 0),
  };
}

/** Text, texts, tokens or lists of tokens. */
function readInputs(input: JsonValue | undefined): readonly string[] {
  if (typeof input === 'string') return [input];
  const items = asArray(input);
  if (items.length === 0) throw invalidRequest('input', "Missing required parameter: 'input'.");
  if (items.every((item) => typeof item === 'number')) return [items.join(' ')];
  return items.map((item) => (Array.isArray(item) ? item.map(shownText).join(' ') : shownText(item)));
}
