import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BodyPieces, bytesAt, scanTopLevel, spliceBytes, wholeBytes } from '../src/index.ts';

const KEYS = ['model', 'stream', 'a"b', 'user'];

const word = fc.constantFrom(
  'model',
  'stream',
  'a"b',
  'user',
  '\\',
  '\\\\',
  '"',
  '{"model":"x"}',
  'ä€😀',
  '',
  ' }',
  ',',
  // Longer than what is looked at byte by byte.
  `${'a word and another; '.repeat(2)}"\\`,
  `${'\\"'.repeat(20)}\\`,
);
const value = fc.letrec((tie) => ({
  any: fc.oneof(word, fc.integer(), fc.constantFrom(true, null), tie('list'), tie('object')),
  list: fc.array(tie('any'), { maxLength: 3 }),
  object: fc.dictionary(word, tie('any'), { maxKeys: 4 }),
})).object;
const json = fc
  .tuple(value, fc.constantFrom(undefined, 1, '\t'))
  .map(([object, indent]) => JSON.stringify(object, null, indent));
/** What is nearly JSON: pieces of it in any order. */
const nearly = fc
  .array(
    fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      '"',
      '\\',
      ',',
      ':',
      ' ',
      '1',
      'true',
      '"model"',
      '"stream":true',
      '\\"',
      '"user":"x",',
    ),
    { maxLength: 30 },
  )
  .map((parts) => parts.join(''));

const cut = (bytes: Uint8Array, places: readonly number[]): BodyPieces => {
  const ends = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((one, other) => one - other);
  return new BodyPieces([...ends, bytes.length].map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end)));
};
const places = fc.array(fc.nat(300), { maxLength: 12 });

test('wherever a body is cut, the same is found in it as in one', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        json,
        nearly,
        nearly.map((text) => `{${text}}`),
      ),
      places,
      (text, at) => {
        const bytes = new TextEncoder().encode(text);
        const pieces = cut(bytes, at);
        expect(pieces.length).toBe(bytes.length);
        expect(scanTopLevel(pieces, KEYS)).toEqual(scanTopLevel(bytes, KEYS));
        expect(wholeBytes(pieces)).toEqual(bytes);
      },
    ),
    { numRuns: 2_000 },
  );
});

test('a range is read and replaced alike, and no byte beside it', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 60 }), places, fc.nat(60), fc.nat(60), (text, at, one, other) => {
      const bytes = new TextEncoder().encode(text);
      const [start = 0, end = 0] = [one % (bytes.length + 1), other % (bytes.length + 1)].sort((a, b) => a - b);
      const pieces = cut(bytes, at);
      expect([...bytesAt(pieces, [start, end])]).toEqual([...bytes.subarray(start, end)]);
      const replaced = spliceBytes(pieces, [start, end], 'new');
      expect([...wholeBytes(replaced)]).toEqual([...spliceBytes(bytes, [start, end], 'new')]);
    }),
    { numRuns: 1_000 },
  );
});
