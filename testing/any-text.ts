import fc from 'fast-check';

/** Code points that are halves of a pair: none of them is a character. */
const FIRST_SURROGATE = 0xd800;
const SURROGATES = 0x800;
const LAST_CODE_POINT = 0x10_ffff;

/**
 * Any one character of Unicode. What fast-check's `unit: 'binary'` gives; that builds a table of all 1.1 million of them, more than a second of CPU in every file of tests.
 *
 * @example fc.string({ unit: anyCharacter, maxLength: 20 });
 */
export const anyCharacter: fc.Arbitrary<string> = fc.nat({ max: LAST_CODE_POINT - SURROGATES }).map(
  (place) => String.fromCodePoint(place < FIRST_SURROGATE ? place : place + SURROGATES),
  (character) => {
    const point = typeof character === 'string' ? character.codePointAt(0) : undefined;
    if (point === undefined || character !== String.fromCodePoint(point)) throw new Error('not one character');
    return point < FIRST_SURROGATE ? point : point - SURROGATES;
  },
);
