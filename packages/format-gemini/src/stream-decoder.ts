import { type JsonValue, parseJson, type StreamDecoder, withFrameRepeater } from '@signalbox/core';
import { createChunkDecoder } from './chunk-decoder.ts';

/** The counts that grow from chunk to chunk; the last chunk has them all. */
export const VARYING: readonly string[] = ['candidatesTokenCount', 'thoughtsTokenCount', 'totalTokenCount'];

/** Turns the frames of `streamGenerateContent` into events. */
export function createStreamDecoder(context: {
  readonly provider: string;
  readonly answers?: number | undefined;
}): StreamDecoder {
  const chunks = createChunkDecoder(context.provider, context.answers);
  return withFrameRepeater(
    {
      decode(frame) {
        const chunk = parseFrame(frame.data);
        return chunk === undefined ? [] : chunks.decode(chunk);
      },
      end: () => chunks.end(),
      grow: (piece) => chunks.grow(piece),
    },
    { varying: VARYING, withUsage: true },
  );
}

/**
 * The chunk in a frame: a whole GenerateContentResponse. Without `alt=sse` Google sends one JSON array in pieces, so a frame
 * may be an element with its bracket or comma. Undefined where it is no JSON.
 */
export function parseFrame(data: string): JsonValue | undefined {
  if (data === '') return undefined;
  const chunk = parseJson(data);
  if (chunk !== undefined) return chunk;
  const element = data.replace(/^[\s,[]+/, '').replace(/[\s,\]]+$/, '');
  return element === data ? undefined : parseJson(element);
}
