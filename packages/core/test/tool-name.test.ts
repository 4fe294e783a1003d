import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainToolName } from '../src/index.ts';

describe('a tool’s name in letters, digits, _ and -', () => {
  it('is its own where it is made of them and not too long', () => {
    for (const name of ['get_weather', 'a-b', 'x'.repeat(64)]) expect(plainToolName(name, 64)).toBe(name);
  });

  it('is another otherwise, always the same and never too long', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 200 }), fc.constantFrom(64, 128), (name, most) => {
        const plain = plainToolName(name, most);
        expect(plain).toMatch(/^[a-zA-Z0-9_-]+$/);
        expect(plain.length).toBeLessThanOrEqual(most);
        expect(plainToolName(name, most)).toBe(plain);
        expect(plainToolName(plain, most)).toBe(plain);
      }),
    );
  });

  it('keeps apart what differs in the signs alone', () => {
    const names = ['a.b', 'a:b', 'a_b', 'a b'].map((name) => plainToolName(name, 64));
    expect(new Set(names).size).toBe(4);
  });
});
