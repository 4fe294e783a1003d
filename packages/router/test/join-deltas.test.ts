import { createResponseFold, type StreamEvent } from '@signalbox/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinDeltas } from '../src/lanes/join-deltas.ts';

const text = (words: string, index = 0, refusal?: boolean): StreamEvent => ({
  type: 'text-delta',
  index,
  text: words,
  ...(refusal === undefined ? {} : { refusal }),
});

const used = (outputTokens: number): StreamEvent => ({
  type: 'usage-update',
  usage: { inputTokens: 1, outputTokens, provenance: 'reported' },
});

describe('events of one read', () => {
  it('become one for each run of pieces of one part', () => {
    expect(
      joinDeltas([
        { type: 'start', model: 'm' },
        text('one '),
        text('two '),
        used(1),
        text('three'),
        used(2),
        text('no', 0, true),
        text('other', 1),
        { type: 'tool-call-start', index: 2, id: 'c', name: 'f' },
        { type: 'tool-call-delta', index: 2, arguments: '{"a"' },
        { type: 'tool-call-delta', index: 2, arguments: ':1}' },
      ]),
    ).toEqual([
      { type: 'start', model: 'm' },
      text('one two three'),
      used(2),
      text('no', 0, true),
      text('other', 1),
      { type: 'tool-call-start', index: 2, id: 'c', name: 'f' },
      { type: 'tool-call-delta', index: 2, arguments: '{"a":1}' },
    ]);
  });

  it('are joined sixteen at a time', () => {
    const words = Array.from({ length: 40 }, (_, place) => text(`w${place} `));
    expect(joinDeltas(words)).toHaveLength(3);
  });

  it('are counted by the pieces that they already are', () => {
    expect(joinDeltas([text('a'), text('b'), text('c')], [16, 15, 1])).toEqual([text('a'), text('bc')]);
  });

  it('tell the same answer as before', () => {
    const word = fc.string({ maxLength: 5 });
    const index = fc.nat({ max: 2 });
    const event: fc.Arbitrary<StreamEvent> = fc.oneof(
      fc.record({ type: fc.constant('text-delta' as const), index, text: word }),
      fc.record({ type: fc.constant('reasoning-delta' as const), index: index.map((one) => one + 3), text: word }),
    );
    const answerOf = (events: readonly StreamEvent[]) => {
      const fold = createResponseFold();
      for (const one of events) fold.add(one);
      return fold.response();
    };
    fc.assert(
      fc.property(fc.array(event, { maxLength: 30 }), (events) => {
        expect(answerOf(joinDeltas(events))).toEqual(answerOf(events));
      }),
    );
  });
});
