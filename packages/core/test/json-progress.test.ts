import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createJsonProgress } from '../src/index.ts';

/** After how many pieces the object was complete; `undefined`: it never was. */
function completeAfter(pieces: readonly string[]): number | undefined {
  const progress = createJsonProgress();
  for (const [index, piece] of pieces.entries()) {
    progress.add(piece);
    if (progress.complete) return index + 1;
  }
  return undefined;
}

describe('the progress of a JSON object that comes in pieces', () => {
  it('is complete at its last brace, however it was cut, and not before', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.integer({ min: 1, max: 9 }), (value, size) => {
        const text = JSON.stringify(value);
        const pieces: string[] = [];
        for (let start = 0; start < text.length; start += size) pieces.push(text.slice(start, start + size));
        expect(completeAfter(pieces)).toBe(pieces.length);
      }),
    );
  });

  it('takes braces and quotes inside a string for text', () => {
    expect(completeAfter(['{"a":"}', '\\"}', '"', '}'])).toBe(4);
  });

  it('is never complete where the object is cut', () => {
    expect(completeAfter(['{"a":[1,', '{"b":2}'])).toBeUndefined();
  });
});
