import { responseEvents, type WireFormat } from '@signalbox/core';
import type { WireFormatFixtures } from './fixtures.ts';
import { framesOf } from './framer.ts';
import type { SampleResponse } from './sample-responses.ts';
import {
  decodeCut,
  decodeFrames,
  encodeStream,
  firstContentFrame,
  foldEvents,
  PROVIDER,
  providerErrorKind,
  thrownBy,
} from './stream-drive.ts';
import type { TestRunner } from './test-runner.ts';

/** The byte lane's reader: it must see what the decoder sees. */
export function checkObserver(
  { it, expect }: TestRunner,
  format: WireFormat,
  fixtures: WireFormatFixtures,
  samples: readonly SampleResponse[],
): void {
  const streams = [
    ...samples.map(({ name, response }) => ({ name, text: encodeStream(format, responseEvents(response)) })),
    ...(fixtures.streams ?? []),
  ];
  for (const { name, text } of streams) {
    it(`observes ${name} as the decoder reads it`, () => {
      const frames = framesOf(format.streamFraming, text);
      const response = foldEvents(decodeFrames(format, frames));
      const observer = format.observe({ provider: PROVIDER, hideUsage: false });
      const verdicts = frames.map((frame) => observer.observe(frame));
      observer.end();
      expect(observer.finish).toEqual(response.finish);
      expect(observer.usage).toEqual(response.usage);
      expect(observer.model).toBe(response.model);
      expect(observer.text).toBe(response.parts.map((part) => (part.type === 'text' ? part.text : '')).join(''));
      expect(verdicts.findIndex((verdict) => verdict.content)).toBe(firstContentFrame(format, frames));
    });

    it(`observes that ${name} was cut wherever the decoder does`, () => {
      const frames = framesOf(format.streamFraming, text);
      for (let length = 0; length < frames.length; length += 1) {
        const part = frames.slice(0, length);
        const observer = format.observe({ provider: PROVIDER, hideUsage: false });
        const error = thrownBy(() => {
          for (const frame of part) observer.observe(frame);
          observer.end();
        });
        if (decodeCut(format, part).error === undefined) expect(error).toBe(undefined);
        else expect(providerErrorKind(error)).toBe('stream-cut');
      }
    });
  }

  it('leaves a malformed frame out and lets the others pass', () => {
    const [first] = samples;
    if (first === undefined) throw new Error('there are no samples');
    const frames = framesOf(format.streamFraming, encodeStream(format, responseEvents(first.response)));
    const broken = framesOf(format.streamFraming, format.streamFraming === 'sse' ? 'data: {"broken\n\n' : '{"broken\n');
    const observer = format.observe({ provider: PROVIDER, hideUsage: false });
    for (const [index, frame] of frames.entries()) {
      if (index === 1) for (const one of broken) expect(observer.observe(one).forward).toBe(false);
      expect(observer.observe(frame).forward).toBe(true);
    }
  });
}
