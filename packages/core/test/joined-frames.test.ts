import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyCharacter } from '../../../testing/any-text.ts';
import {
  createResponseFold,
  type JsonObject,
  type StreamDecoder,
  type StreamEvent,
  type WireFrame,
  withFrameRepeater,
} from '../src/index.ts';

const frame = (data: JsonObject): WireFrame => ({ raw: new Uint8Array(), data: JSON.stringify(data) });
const piece = (text: string): WireFrame => frame({ type: 'piece', text });

/** Frames that bring a piece of part 0, count, or mean nothing. `grown`: what was told of pieces that were not parsed. */
function decoder(): { readonly decoder: StreamDecoder; readonly grown: string[] } {
  const grown: string[] = [];
  const made = withFrameRepeater({
    decode({ data }) {
      const { type, text } = JSON.parse(data) as { type: string; text?: string };
      if (type === 'piece') return text === '' ? [] : [{ type: 'text-delta', index: 0, text: text ?? '' }];
      if (type === 'count')
        return [{ type: 'usage-update', usage: { inputTokens: 1, outputTokens: 1, provenance: 'reported' } }];
      return [];
    },
    grow: (event) => void grown.push(event.type === 'text-delta' ? event.text : ''),
    end: () => [],
  });
  return { decoder: made, grown };
}

/** All events of a read, joined where that is possible, as the router reads it. */
function readJoined(made: StreamDecoder, frames: readonly WireFrame[], most: number): StreamEvent[] {
  const events: StreamEvent[] = [];
  for (let at = 0; at < frames.length; ) {
    const several = made.joined?.(frames, at, most);
    if (several !== undefined) events.push(several.event);
    else events.push(...made.decode(frames[at] as WireFrame));
    at += several?.count ?? 1;
  }
  return events;
}

function answerOf(events: readonly StreamEvent[]) {
  const fold = createResponseFold();
  for (const event of events) fold.add(event);
  return fold.response();
}

describe('frames that bring more of one part', () => {
  it('come as one event, as many of them as are wanted', () => {
    const { decoder: made, grown } = decoder();
    const frames = ['a', 'b', 'c', 'd', 'e'].map(piece);
    expect(made.joined?.(frames, 0, 3), 'the first has to be parsed').toBeUndefined();
    made.decode(frames[0] as WireFrame);
    expect(made.joined?.(frames, 1, 3)).toEqual({ event: { type: 'text-delta', index: 0, text: 'bcd' }, count: 3 });
    expect(made.joined?.(frames, 4, 3)).toEqual({ event: { type: 'text-delta', index: 0, text: 'e' }, count: 1 });
    expect(grown).toEqual(['bcd', 'e']);
  });

  it('end before one that is another, or brings nothing', () => {
    const { decoder: made } = decoder();
    made.decode(piece('a'));
    expect(made.joined?.([piece('b'), frame({ type: 'count' }), piece('c')], 0, 9)?.count).toBe(1);
    expect(made.joined?.([piece('b'), piece(''), piece('c')], 0, 9)?.count).toBe(1);
    expect(made.joined?.([piece('')], 0, 9)).toBeUndefined();
    made.decode(frame({ type: 'count' }));
    expect(made.joined?.([piece('b')], 0, 9), 'what was parsed ends the repetition').toBeUndefined();
  });

  it('tell the same answer as one by one', () => {
    const one = fc.oneof(
      { weight: 6, arbitrary: fc.string({ unit: anyCharacter, maxLength: 6 }).map(piece) },
      fc.constantFrom(frame({ type: 'count' }), frame({ type: 'ping' }), frame({ type: 'piece', text: 'x', more: 1 })),
    );
    fc.assert(
      fc.property(fc.array(one, { maxLength: 30 }), fc.integer({ min: 1, max: 20 }), (frames, most) => {
        const single = decoder().decoder;
        const expected = frames.flatMap((each) => single.decode(each));
        expect(answerOf(readJoined(decoder().decoder, frames, most))).toEqual(answerOf(expected));
      }),
      { numRuns: Number(process.env.RUNS ?? 300) },
    );
  });
});
