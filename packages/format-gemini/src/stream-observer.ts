import {
  asObject,
  createEventObserver,
  isJsonObject,
  type JsonObject,
  type ObserveContext,
  type StreamObserver,
} from '@signalbox/core';
import { createChunkDecoder } from './chunk-decoder.ts';
import { parseFrame, VARYING } from './stream-decoder.ts';
import { isSound, writeUsage } from './usage-metadata.ts';

/** Follows a stream that is passed on as it comes. */
export function observe({ provider, estimateUsage }: ObserveContext): StreamObserver {
  const chunks = createChunkDecoder(provider);
  let hasUsage = estimateUsage === undefined;
  return createEventObserver({
    varying: VARYING,
    withUsage: true,
    parse: parseFrame,
    decode: (chunk) => chunks.decode(chunk),
    end: () => chunks.end(),
    corrected(chunk) {
      const counts = isJsonObject(chunk) ? asObject(chunk.usageMetadata) : undefined;
      if (counts === undefined || estimateUsage === undefined) return undefined;
      if (!isSound(counts)) return framed({ ...asObject(chunk), usageMetadata: undefined });
      hasUsage = true;
      return undefined;
    },
    due(seen) {
      if (hasUsage || estimateUsage === undefined) return undefined;
      const usage = estimateUsage(seen.usage, seen.output());
      return { usage, text: framed({ usageMetadata: writeUsage(usage), modelVersion: seen.model }) };
    },
  });
}

function framed(chunk: JsonObject): string {
  return `data: ${JSON.stringify(chunk)}\r\n\r\n`;
}
