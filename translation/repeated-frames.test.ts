import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { vendorBurst } from '../bench/vendor-bursts.ts';
import type { StreamEvent, WireFrame } from '../packages/core/src/index.ts';
import { anyCharacter } from '../testing/any-text.ts';
import { FORMATS } from '../wire-pack/formats.ts';
import { decodeFrames, encodeEvents, framesOf } from '../wire-pack/stream.ts';

/*
 * Decoders read an event that is like the one before but for its text without parsing it, and encoders put the most frequent events together by hand.
 * Neither may show: what comes out is what the parser and JSON.stringify would have given.
 */

const each = FORMATS.map(({ format }) => [format.id, format] as const);
const PROVIDER = 'some-provider';

/** Short texts as models write them, and texts that are made of what JSON escapes. */
const piece = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.string({ unit: anyCharacter, maxLength: 6 }),
  fc.string({
    unit: fc.constantFrom('"', '\\', '/', '\n', '\u0000', '\u007f', '\u2028', 'ä', '信', '😀', 'text', '{', '}'),
    maxLength: 6,
  }),
);

type Piece = Extract<StreamEvent, { type: 'text-delta' | 'reasoning-delta' | 'tool-call-delta' }>['type'];

/** Runs of pieces of one kind, one after the other, each a part of its own. */
const events: fc.Arbitrary<StreamEvent[]> = fc
  .array(
    fc.record({
      kind: fc.constantFrom<Piece>('text-delta', 'reasoning-delta', 'tool-call-delta'),
      pieces: fc.array(piece, { minLength: 1, maxLength: 8 }),
    }),
    { maxLength: 4 },
  )
  .map((runs) => [
    { type: 'start', id: 'answer_1', model: 'some-model', createdAt: 1_760_000_000 },
    ...runs.flatMap(({ kind, pieces }, index): StreamEvent[] => {
      if (kind !== 'tool-call-delta') return pieces.map((text) => ({ type: kind, index, text }));
      const start = { type: 'tool-call-start', index, id: `call_${index}`, name: 'look_up' } as const;
      const middle = JSON.stringify({ words: pieces.join('') });
      const cut = pieces.map((_, place) => {
        const at = (part: number) => Math.floor((middle.length * part) / pieces.length);
        return middle.slice(at(place), at(place + 1));
      });
      return [start, ...cut.map((text) => ({ type: kind, index, arguments: text }))];
    }),
    { type: 'finish', reason: 'stop', usage: { inputTokens: 1, outputTokens: 2, provenance: 'reported' } },
  ]);

/** The same frames, none of which looks like the one before: blanks before a JSON value mean nothing. */
function told(frames: readonly WireFrame[]): WireFrame[] {
  return frames.map(({ raw, event, data }, index) => ({
    raw,
    event,
    data: data.startsWith('{') ? `${' '.repeat(index + 1)}${data}` : data,
  }));
}

/** Frames with noise between them: one again or lost, a number or a name changed, blanks at the end, a comment. */
const noise = fc.array(
  fc.tuple(
    fc.nat(),
    fc.constantFrom('again', 'number', 'name', 'blanks', 'comment', 'escapes', 'broken', 'control', 'lost'),
  ),
  { maxLength: 6 },
);

function disturbed(frames: readonly WireFrame[], changes: readonly (readonly [number, string])[]): WireFrame[] {
  const result = [...frames];
  for (const [place, change] of changes) {
    const at = place % result.length;
    const frame = result[at];
    if (frame === undefined) continue;
    const changed = (data: string) => result.splice(at, 0, { ...frame, data });
    if (change === 'again') changed(frame.data);
    else if (change === 'number') changed(frame.data.replace(/(index|sequence_number)":(\d+)/, '$1":0$2'));
    else if (change === 'name') changed(frame.data.replace('"delta"', '"other"'));
    else if (change === 'blanks') changed(frame.data.replace(/\}$/, '     }'));
    else if (change === 'comment') changed('');
    else if (change === 'lost') result.splice(at, 1);
    else if (change === 'escapes') changed(frame.data.replace(/[a-z]"/, '\\u0041\\/"'));
    else if (change === 'control') changed(frame.data.replace(/[a-z]"/, '\u0001"'));
    else changed(frame.data.slice(0, -1));
  }
  return result;
}

/** Texts of a part joined: an empty piece may be told or not. */
function sayings(list: readonly StreamEvent[]): readonly StreamEvent[] {
  return list.filter((event) => !(event.type === 'text-delta' && event.text === ''));
}

describe.each(each)('%s', (_id, format) => {
  it('decodes a stream of frames that are alike as it decodes frames that are not', () => {
    fc.assert(
      fc.property(events, noise, (list, changes) => {
        const frames = disturbed(framesOf(format, encodeEvents(format, list)), changes);
        const quick = decodeFrames(format, frames, PROVIDER);
        const slow = decodeFrames(format, told(frames), PROVIDER);
        expect(quick.error?.message).toBe(slow.error?.message);
        expect(sayings(quick.events)).toEqual(sayings(slow.events));
      }),
      { numRuns: 300 },
    );
  });

  it("decodes a vendor's stream as the parser would", () => {
    const frames = framesOf(format, vendorBurst(format, 120));
    const quick = decodeFrames(format, frames, PROVIDER);
    expect(quick.error).toBe(undefined);
    expect(quick.events.filter((event) => event.type === 'text-delta').length).toBeGreaterThan(100);
    const texts = (list: readonly StreamEvent[]) => list.filter((event) => event.type !== 'usage-update');
    expect(texts(quick.events)).toEqual(texts(decodeFrames(format, told(frames), PROVIDER).events));
  });

  it('encodes events as JSON.stringify would', () => {
    fc.assert(
      fc.property(events, (list) => {
        for (const { data } of framesOf(format, encodeEvents(format, list))) {
          if (data.startsWith('{')) expect(canonical(data)).toBe(JSON.stringify(JSON.parse(data)));
        }
      }),
      { numRuns: 300 },
    );
  });
});

/** A wide character may be said as an escape (two for a surrogate pair); it means the same. */
function canonical(data: string): string {
  return data
    .replace(/\\(?:u([\da-f]{4})|.)/g, (escaped, code: string | undefined) => {
      const unit = Number.parseInt(code ?? '0', 16);
      return unit > 0xff ? String.fromCharCode(unit) : escaped;
    })
    .replace(/[\ud800-\udfff]/gu, (lone) => `\\u${lone.charCodeAt(0).toString(16)}`);
}
