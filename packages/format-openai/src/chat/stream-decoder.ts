import { isJsonObject, ProviderError, parseJson, type StreamDecoder, type WireFrame } from '@signalbox/core';
import { createAnswerReader } from './answer-reader.ts';
import { errorInAnswer } from './decode-error.ts';

/** The last frame of a stream. */
export const DONE = '[DONE]';

/** The error for a stream that ended before its answer did. */
export function streamCut(provider: string): ProviderError {
  return new ProviderError({
    kind: 'stream-cut',
    message: 'The stream ended before the answer was complete: it brought no finish_reason.',
    provider,
  });
}

/** An `event: error` whose data is not JSON. */
export function plainErrorEvent(data: string, provider: string): ProviderError {
  const message = data.trim() === '' ? 'The provider ended the stream with an error.' : data.trim().slice(0, 500);
  return new ProviderError({ kind: 'server', message, provider });
}

/**
 * Whether an answer is complete. A `finish_reason` says so; `[DONE]` without one does where the usage came, which is
 * counted when the answer is over (Snowflake sends no reason).
 */
export function isComplete(ended: boolean, done: boolean, hasUsage: boolean): boolean {
  return ended || (done && hasUsage);
}

/**
 * Decodes one stream. The finish event waits for `[DONE]` or the end of the body, because usage comes after
 * `finish_reason`.
 */
export function createStreamDecoder(context: { readonly provider: string }): StreamDecoder {
  const { provider } = context;
  const reader = createAnswerReader(provider);
  let finished = false;

  function finish(done: boolean) {
    if (!isComplete(reader.ended, done, reader.usage !== undefined)) throw streamCut(provider);
    finished = true;
    return reader.finish();
  }

  return {
    decode(frame: WireFrame) {
      if (finished || frame.data === '') return [];
      if (frame.data.trim() === DONE) return finish(true);
      const value = parseJson(frame.data);
      if (frame.event === 'error')
        throw isJsonObject(value) ? errorInAnswer(value, provider) : plainErrorEvent(frame.data, provider);
      if (Array.isArray(value) && isJsonObject(value[0]) && value[0].error !== undefined)
        throw errorInAnswer(value[0], provider);
      return isJsonObject(value) ? reader.read(value) : [];
    },
    end: () => (finished ? [] : finish(false)),
  };
}
