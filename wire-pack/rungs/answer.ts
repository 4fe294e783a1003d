import { type JsonValue, type ModelResponse, ProviderError, type WireFrame } from '../../packages/core/src/index.ts';
import type { Exchange } from '../exchange.ts';
import type { RecordedFormat } from '../recorded-format.ts';
import { type DecodedStream, decodeFrames, fold, framesOf } from '../stream.ts';

/** What the recorded answer of an exchange is, read once for all rungs. */
export interface Answer {
  /** The answer in canonical form; absent where the provider answered with an error or broke off. */
  readonly response?: ModelResponse | undefined;
  /** The answer as one body: the recorded one, or what the stream builds. */
  readonly body: JsonValue;
  readonly stream?: (DecodedStream & { readonly text: string; readonly frames: readonly WireFrame[] }) | undefined;
  /** What ended it, of a body that is an error with status 200 or of a stream. */
  readonly error?: ProviderError | undefined;
}

/** Reads the answer of an exchange whose status is a success. Throws what a codec throws that is no ProviderError. */
export function readAnswer(
  { provider, response }: Exchange,
  { format, assemble, assembleList }: RecordedFormat,
): Answer {
  if (response.stream === undefined) {
    const { body = null } = response;
    try {
      const decoded = format.client.decodeResponse(body, { provider });
      return { response: decoded, body: Array.isArray(body) && assembleList !== undefined ? assembleList(body) : body };
    } catch (error) {
      if (!ProviderError.is(error)) throw error;
      return { body, error };
    }
  }
  const frames = framesOf(format, response.stream);
  const decoded = decodeFrames(format, frames, provider);
  const stream = { ...decoded, text: response.stream, frames };
  const body = assemble(frames);
  if (decoded.error !== undefined) return { body, stream, error: decoded.error };
  return { response: fold(decoded.events), body, stream };
}
