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
const EMBEDDINGS = 'openai-embeddings';

/** `POST /embeddings`. Providers are asked for numbers; a caller who wants base64 gets it from us. */
export const embedding: EmbeddingCodec = {
  encodeRequest: (request, model) => ({
    path: '/embeddings',
    body: {
      model,
      input: request.inputs.map((input): JsonValue => (typeof input === 'string' ? input : [...input])),
      encoding_format: 'float',
      ...(request.dimensions === undefined ? {} : { dimensions: request.dimensions }),
      ...request.extensions?.[EMBEDDINGS],
    },
  }),

  decodeResponse(body, provider) {
    const fields = asObject(body);
    const rows = asArray(fields?.data).map((row, place) => ({
      place: asNumber(asObject(row)?.index) ?? place,
      row: asObject(row),
    }));
    rows.sort((one, other) => one.place - other.place);
    const vectors = rows.map(({ row }) => readVector(row?.embedding));
    if (vectors.length === 0 || vectors.some((vector) => vector === undefined)) {
      throw new ProviderError({ kind: 'invalid-response', provider, message: `${provider} answered without vectors.` });
    }
    return {
      model: asString(fields?.model),
      vectors: vectors.filter((vector) => vector !== undefined),
      inputTokens: asNumber(asObject(fields?.usage)?.prompt_tokens),
    };
  },

  decodeRequest(body) {
    const fields = asObject(body) ?? {};
    const { model, input, dimensions, encoding_format: encoding, ...rest } = fields;
    const inputs = readInputs(input);
    if (inputs === undefined) {
      throw new RouterError({
        kind: 'invalid-request',
        message: 'The field "input" must be a text, a list of texts, or token lists.',
        parameter: 'input',
      });
    }
    return {
      model: asString(model),
      inputs,
      dimensions: asNumber(dimensions),
      base64: encoding === 'base64',
      single: typeof input === 'string',
      extensions: Object.keys(rest).length === 0 ? undefined : { [EMBEDDINGS]: rest },
    };
  },

  encodeResponse(response, request, model) {
    const tokens = response.inputTokens ?? 0;
    return {
      object: 'list',
      model: response.model ?? model,
      data: response.vectors.map((vector, index) => ({
        object: 'embedding',
        index,
        embedding: request.base64 === true ? toBase64(vector) : [...vector],
      })),
      usage: { prompt_tokens: tokens, total_tokens: tokens },
    };
  },
};

function readInputs(input: unknown): readonly (string | readonly number[])[] | undefined {
  if (typeof input === 'string') return [input];
  if (!Array.isArray(input) || input.length === 0) return undefined;
  if (input.every((one) => typeof one === 'number')) return [input as number[]];
  const fits = (one: unknown) =>
    typeof one === 'string' || (Array.isArray(one) && one.every((token) => typeof token === 'number'));
  return input.every(fits) ? (input as (string | number[])[]) : undefined;
}

/** Numbers, or base64 of little-endian float32 from providers that send it unasked. */
function readVector(value: unknown): readonly number[] | undefined {
  if (typeof value === 'string') {
    const bytes = Buffer.from(value, 'base64');
    const count = Math.floor(bytes.length / 4);
    return count === 0 ? undefined : Array.from({ length: count }, (_, index) => bytes.readFloatLE(index * 4));
  }
  const numbers = asArray(value).map(asNumber);
  return numbers.length === 0 || numbers.some((one) => one === undefined)
    ? undefined
    : numbers.filter((one) => one !== undefined);
}

function toBase64(vector: readonly number[]): string {
  const bytes = Buffer.alloc(vector.length * 4);
  for (const [index, value] of vector.entries()) bytes.writeFloatLE(value, index * 4);
  return bytes.toString('base64');
}
