import { asObject, createEventObserver, type ObserveContext, parseJson, type StreamObserver } from '@signalbox/core';
import { completeUsage } from './counts.ts';
import { createLineDecoder, VARYING } from './stream-decoder.ts';

/** Follows a stream that is passed on as it comes. */
export function observe({ provider, estimateUsage }: ObserveContext): StreamObserver {
  const lines = createLineDecoder(provider);
  return createEventObserver({
    varying: VARYING,
    parse: (data) => asObject(parseJson(data)),
    decode: (line) => lines.decode(line),
    end: () => lines.end(),
    corrected(line, seen) {
      if (line.done !== true || estimateUsage === undefined) return undefined;
      const whole = completeUsage(line, (known) => estimateUsage(known, seen.output()));
      return whole === undefined ? undefined : `${JSON.stringify(whole)}\n`;
    },
  });
}
