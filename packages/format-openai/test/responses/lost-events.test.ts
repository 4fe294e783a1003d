import { createResponseFold, responseText } from '@signalbox/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openaiResponses } from '../../src/index.ts';
import { completed, created, event, message } from './frames.ts';

/** A numbered stream that says these words; the deltas in `lost` don't arrive. */
function stream(words: readonly string[], lost: ReadonlySet<number>) {
  let number = 0;
  const numbered = (type: string, fields = {}) => {
    number += 1;
    return event(type, { ...fields, sequence_number: number });
  };
  const whole = message(words.join(''));
  const frames = [
    created,
    numbered('response.output_item.added', { output_index: 0, item: { ...whole, content: [] } }),
    ...words.map((delta) =>
      numbered('response.output_text.delta', { output_index: 0, content_index: 0, item_id: 'msg_1', delta }),
    ),
    numbered('response.output_item.done', { output_index: 0, item: whole }),
    completed(whole),
  ];
  return frames.filter((_, index) => !lost.has(index - 2) || index < 2 || index >= words.length + 2);
}

const words = fc.array(fc.string({ minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 12 });
const lostOnes = fc.array(fc.nat({ max: 11 }), { maxLength: 4 }).map((list) => new Set(list));

describe('events that are lost on the way', () => {
  it('leave no hole in the text: it is the whole one, and what came first is its beginning', () => {
    fc.assert(
      fc.property(words, lostOnes, (said, lost) => {
        const decoder = openaiResponses.client.createStreamDecoder({ provider: 'acme' });
        const fold = createResponseFold();
        for (const frame of stream(said, lost)) {
          for (const one of decoder.decode(frame)) fold.add(one);
          expect(said.join('').startsWith(responseText(fold.response()))).toBe(true);
        }
        for (const one of decoder.end()) fold.add(one);
        expect(responseText(fold.response())).toBe(said.join(''));
      }),
    );
  });

  it('make a stream that passes as it is one that nobody may go on from', () => {
    const observer = openaiResponses.observe({ provider: 'acme', hideUsage: false });
    const said = ['one ', 'two ', 'three ', 'four'];
    for (const frame of stream(said, new Set())) observer.observe(frame);
    expect(observer.soFar?.plain).toBe(true);
    const holed = openaiResponses.observe({ provider: 'acme', hideUsage: false });
    for (const frame of stream(said, new Set([1]))) expect(holed.observe(frame).forward).toBe(true);
    expect(holed.soFar?.plain).toBe(false);
  });
});
