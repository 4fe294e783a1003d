import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyCharacter } from '../../../testing/any-text.ts';
import { createByteOffsets } from '../src/byte-offsets.ts';

describe('offsets in a text', () => {
  it('are those that an encoder counts, both ways, at the beginning of every character', () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter }), (text) => {
        const offsets = createByteOffsets(text);
        let units = 0;
        for (const character of [...text, '']) {
          const bytes = new TextEncoder().encode(text.slice(0, units)).length;
          expect(offsets.toBytes(units)).toBe(bytes);
          expect(offsets.toUnits(bytes)).toBe(units);
          units += character.length;
        }
      }),
    );
  });

  it('never stand inside of a character', () => {
    const offsets = createByteOffsets('aé🙂z');
    expect([0, 1, 2, 3, 4, 5, 6, 7, 8].map((byte) => offsets.toUnits(byte))).toEqual([0, 1, 1, 2, 2, 2, 2, 4, 5]);
    expect([-3, 99, 1.5].map((byte) => offsets.toUnits(byte))).toEqual([0, 5, 1]);
  });
});
