import type { EncodeContext, EncodedRequest } from './encoded-request.ts';
import type { JsonObject } from './json.ts';
import type { ModelRequest } from './model-request.ts';

/** How a format asks for the tokens of a request, and answers that question. Only some formats have it. */
export interface TokenCounting {
  /** Throws nothing: what can't be expressed is left out, as in the request itself. */
  encodeRequest(request: ModelRequest, context: EncodeContext): Pick<EncodedRequest, 'path' | 'headers' | 'body'>;
  /** The tokens of input; undefined where the body is no answer. */
  decodeResponse(body: unknown): number | undefined;
  encodeResponse(inputTokens: number): JsonObject;
}

/** Texts (or token lists) that become vectors. */
export interface EmbeddingRequest {
  readonly model?: string | undefined;
  readonly inputs: readonly (string | readonly number[])[];
  /** Length of the vectors wanted, where the model can choose. */
  readonly dimensions?: number | undefined;
  /** The caller wants base64 of little-endian float32 instead of numbers (OpenAI's SDKs do). */
  readonly base64?: boolean | undefined;
  /** The caller asked for one input, not a list of one. */
  readonly single?: boolean | undefined;
  readonly extensions?: Readonly<Record<string, JsonObject>> | undefined;
}

/** Vectors of texts. */
export interface EmbeddingResponse {
  /** The model that answered, as the provider names it. */
  readonly model?: string | undefined;
  /** In the order of the inputs. */
  readonly vectors: readonly (readonly number[])[];
  /** Absent where the provider counts nothing. */
  readonly inputTokens?: number | undefined;
}

/** Embeddings in one format, both directions. Only some formats have it. */
export interface EmbeddingCodec {
  /** Throws RouterError `unsupported` for what the format can't take (token lists, say). */
  encodeRequest(request: EmbeddingRequest, model: string): Pick<EncodedRequest, 'path' | 'body'>;
  /** Throws ProviderError `invalid-response`. */
  decodeResponse(body: unknown, provider: string): EmbeddingResponse;
  /** Throws RouterError `invalid-request` with the field's name. */
  decodeRequest(body: unknown, path: string): EmbeddingRequest;
  encodeResponse(response: EmbeddingResponse, request: EmbeddingRequest, model: string): JsonObject;
}
