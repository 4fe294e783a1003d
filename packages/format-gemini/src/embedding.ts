import {
  asArray,
  asNumber,
  asObject,
  asString,
  type EmbeddingCodec,
  type EmbeddingRequest,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  ProviderError,
  RouterError,
} from '@signalbox/core';
import { GEMINI } from './gemini-id.ts';

const METHOD = /models\/([^?]+):(embedContent|batchEmbedContents)/;

/** `:embedContent` for one text and `:batchEmbedContents` for several. */
export const embedding: EmbeddingCodec = {
  encodeRequest(request, model) {
    const resource = `models/${model.replace(/^models\//, '')}`;
    const requests = request.inputs.map((input, index): JsonObject => {
      if (typeof input !== 'string') {
        throw new RouterError({
          kind: 'unsupported',
          message: 'Gemini embeds texts, not lists of tokens: send the text itself.',
          parameter: 'input',
        });
      }
      return {
        model: resource,
        content: { parts: [{ text: input }] },
        ...(request.dimensions === undefined ? {} : { outputDimensionality: request.dimensions }),
        ...settingsAt(index, request.extensions?.[GEMINI]),
      };
    });
    return { path: `/${resource}:batchEmbedContents`, body: { requests } };
  },

  decodeResponse(body, provider) {
    const fields = asObject(body);
    const list = fields?.embedding === undefined ? asArray(fields?.embeddings) : [fields.embedding];
    const vectors = list.map((one) => asArray(asObject(one)?.values).map((value) => asNumber(value) ?? Number.NaN));
    if (vectors.length === 0 || vectors.some((vector) => vector.length === 0 || vector.some(Number.isNaN))) {
      throw new ProviderError({ kind: 'invalid-response', provider, message: `${provider} answered without vectors.` });
    }
    return { vectors, inputTokens: asNumber(asObject(fields?.usageMetadata)?.promptTokenCount) };
  },

  decodeRequest(body, path) {
    const [, model, method] = METHOD.exec(path) ?? [];
    const fields = asObject(body);
    const list = method === 'batchEmbedContents' ? asArray(fields?.requests) : [fields];
    const first = asObject(list[0]);
    if (fields === undefined || first === undefined) {
      throw new RouterError({
        kind: 'invalid-request',
        message: 'The field "requests" must be a list of requests.',
        parameter: 'requests',
      });
    }
    const { outputDimensionality } = first;
    const settings = list.map((one) => settingsOf(asObject(one) ?? {}, outputDimensionality));
    const alike = settings.every((one) => JSON.stringify(one) === JSON.stringify(settings[0]));
    const own: JsonObject = alike ? (settings[0] ?? {}) : { requests: settings };
    return {
      model,
      inputs: list.map((one, index) => textOf(asObject(one)?.content, index)),
      dimensions: asNumber(outputDimensionality),
      single: method === 'embedContent',
      extensions: Object.keys(own).length === 0 ? undefined : { [GEMINI]: own },
    };
  },

  encodeResponse(response, request: EmbeddingRequest) {
    const embeddings = response.vectors.map((values) => ({ values: [...values] as JsonValue[] }));
    const [first] = embeddings;
    return request.single === true && first !== undefined ? { embedding: first } : { embeddings };
  },
};

/** What a request of a batch says beside its text: each document has a title of its own. */
function settingsOf(one: JsonObject, dimensions: JsonValue | undefined): JsonObject {
  const { model: _model, content: _content, outputDimensionality: own, ...settings } = one;
  return own === dimensions || own === undefined ? settings : { ...settings, outputDimensionality: own };
}

function settingsAt(index: number, own: JsonObject | undefined): JsonObject | undefined {
  return Array.isArray(own?.requests) ? asObject(own.requests[index]) : own;
}

function textOf(content: unknown, index: number): string {
  const parts = isJsonObject(content) ? asArray(content.parts) : [];
  const texts = parts.map((part) => asString(asObject(part)?.text));
  if (texts.length === 0 || texts.some((text) => text === undefined)) {
    const field = `requests[${index}].content.parts`;
    throw new RouterError({
      kind: 'invalid-request',
      message: `The field "${field}" must hold text.`,
      parameter: field,
    });
  }
  return texts.join('\n');
}
