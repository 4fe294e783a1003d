import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editDistance } from '../src/index.ts';

describe('the distance of two texts', () => {
  it.each([
    ['timeout', 'timeout', 0],
    ['timeuot', 'timeout', 1],
    ['api_kee', 'api_key', 1],
    ['sonet', 'sonnet', 1],
    ['opus', '', 4],
    ['', '', 0],
    ['claude', 'gemini', 6],
  ])('of %s and %s is %i', (one, other, distance) => expect(editDistance(one, other)).toBe(distance));

  it('is the same both ways, nothing only for equals, and never more than the longer text', () => {
    const text = fc.string({ maxLength: 12 });
    fc.assert(
      fc.property(text, text, (one, other) => {
        const distance = editDistance(one, other);
        expect(distance).toBe(editDistance(other, one));
        expect(distance === 0).toBe(one === other);
        expect(distance).toBeLessThanOrEqual(Math.max(one.length, other.length));
        expect(distance).toBeGreaterThanOrEqual(Math.abs(one.length - other.length));
      }),
    );
  });

  it('is one for two neighbours that changed places', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 2, maxLength: 12 }), fc.nat(), (text, at) => {
        const place = at % (text.length - 1);
        const [one = '', other = ''] = [text[place], text[place + 1]];
        const swapped = text.slice(0, place) + other + one + text.slice(place + 2);
        expect(editDistance(text, swapped)).toBe(one === other ? 0 : 1);
      }),
    );
  });
});
