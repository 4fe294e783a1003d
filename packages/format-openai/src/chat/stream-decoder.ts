import {
  asObject,
  type JsonObject,
  ProviderError,
  parseJson,
  type StreamDecoder,
  type WireFrame,
  withFrameRepeater,
} from '@signalbox/core';
import { errorInAnswer, isErrorBody } from '../shared/decode-error.ts';
import { createAnswerReader } from './answer-reader.ts';

/** What differs from chunk to chunk and says nothing: padding against those who listen to lengths. */
export const VARYING: readonly string[] = ['obfuscation'];

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

/**
 * The JSON object in a frame; undefined where it is not JSON (such a frame is passed over: the stream around it is good).
 * Throws ProviderError on `event: error` and on a list that holds an error, as Google's endpoint sends it.
 */
export function readFrame(frame: WireFrame, provider: string): JsonObject | undefined {
  const value = parseJson(frame.data);
  const object = asObject(Array.isArray(value) ? value[0] : value);
  if (frame.event === 'error') {
    if (object !== undefined) throw errorInAnswer(object, provider);
    const message = frame.data.trim().slice(0, 500) || 'The provider ended the stream with an error.';
    throw new ProviderError({ kind: 'server', message, provider });
  }
  if (!Array.isArray(value)) return object;
  if (object !== undefined && isErrorBody(object)) throw errorInAnswer(object, provider);
  return undefined;
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
    if (!isComplete(reader.ended(), done, reader.usage !== undefined)) throw streamCut(provider);
    finished = true;
    return reader.finish();
  }

  return withFrameRepeater(
    {
      decode(frame: WireFrame) {
        if (finished || frame.data === '') return [];
        if (frame.data.trim() === DONE) return finish(true);
        const answer = readFrame(frame, provider);
        return answer === undefined ? [] : reader.read(answer);
      },
      end: () => (finished ? [] : finish(false)),
    },
    { varying: VARYING },
  );
}
