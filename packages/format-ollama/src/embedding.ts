import {
  asArray,
  asNumber,
  asObject,
  asString,
  type EmbeddingCodec,
  type JsonValue,
  ProviderError,
  RouterError,
} from '@signalbox/core';

/** The id under which fields of this endpoint travel that the canonical form has no word for. */
const EMBED = 'ollama-embed';

/** `POST /api/embed`. */
export const embedding: EmbeddingCodec = {
  encodeRequest(request, model) {
    const input = request.inputs.map((one): JsonValue => {
      if (typeof one === 'string') return one;
      throw new RouterError({
        kind: 'unsupported',
        message: 'Ollama embeds texts, not lists of tokens: send the text itself.',
        parameter: 'input',
      });
    });
    const dimensions = request.dimensions === undefined ? {} : { dimensions: request.dimensions };
    return { path: '/api/embed', body: { model, input, ...dimensions, ...request.extensions?.[EMBED] } };
  },

  decodeResponse(body, provider) {
    const fields = asObject(body);
    const vectors = asArray(fields?.embeddings).map((row) =>
      asArray(row).map((value) => asNumber(value) ?? Number.NaN),
    );
    if (vectors.length === 0 || vectors.some((vector) => vector.length === 0 || vector.some(Number.isNaN))) {
      throw new ProviderError({ kind: 'invalid-response', provider, message: `${provider} answered without vectors.` });
    }
    return { model: asString(fields?.model), vectors, inputTokens: asNumber(fields?.prompt_eval_count) };
  },

  decodeRequest(body) {
    const { model, input, dimensions, ...rest } = asObject(body) ?? {};
    const inputs = typeof input === 'string' ? [input] : asArray(input);
    if (inputs.length === 0 || inputs.some((one) => typeof one !== 'string')) {
      throw new RouterError({
        kind: 'invalid-request',
        message: 'The field "input" must be a text or a list of texts.',
        parameter: 'input',
      });
    }
    return {
      model: asString(model),
      inputs: inputs.filter((one) => typeof one === 'string'),
      dimensions: asNumber(dimensions),
      single: typeof input === 'string',
      extensions: Object.keys(rest).length === 0 ? undefined : { [EMBED]: rest },
    };
  },

  encodeResponse: (response, _request, model) => ({
    model: response.model ?? model,
    embeddings: response.vectors.map((vector) => [...vector]),
    ...(response.inputTokens === undefined ? {} : { prompt_eval_count: response.inputTokens }),
  }),
};
