import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  BodyPieces,
  bytesAt,
  readRange,
  requestText,
  scanRequestHead,
  scanTopLevel,
  spliceBytes,
  wholeBytes,
} from '../src/index.ts';

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

test('it is the same text, whatever was read before it', () => {
  const body = fc.tuple(fc.string({ unit: 'grapheme', maxLength: 200 }), places);
  fc.assert(
    fc.property(fc.array(body, { maxLength: 6 }), (bodies) => {
      for (const [text, at] of bodies) {
        const bytes = new TextEncoder().encode(text);
        expect(requestText(cut(bytes, at))).toBe(new TextDecoder().decode(bytes));
        expect(requestText(bytes)).toBe(new TextDecoder().decode(bytes));
      }
    }),
  );
});

test('a body that is larger than what is kept is the same text too', () => {
  const half = new TextEncoder().encode('ä'.repeat(1_100_000));
  const whole = new BodyPieces([half.subarray(0, 999_999), half.subarray(999_999), half]);
  expect(requestText(whole) === 'ä'.repeat(2_200_000)).toBe(true);
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

const utf8 = new TextEncoder();
/** Members of whatever name, the text of an object and what the parser makes of it. */
const parsed = json.map((text) => ({ text, object: JSON.parse(text) as Record<string, unknown> }));

test('what is found are the members that the parser finds', () => {
  fc.assert(
    fc.property(parsed, places, ({ text, object }, at) => {
      const body = cut(utf8.encode(text), at);
      const scan = scanTopLevel(body, KEYS);
      const found = [...(scan?.ranges ?? [])].map(([key, range]) => [key, readRange(body, range)]);
      expect(Object.fromEntries(found)).toEqual(
        Object.fromEntries(Object.entries(object).filter(([key]) => KEYS.includes(key))),
      );
    }),
    { numRuns: 2_000 },
  );
});

test('a large body that was scanned before is found to be the same again', () => {
  fc.assert(
    fc.property(parsed, fc.boolean(), places, ({ text }, long, at) => {
      const more = long ? Array.from({ length: 70 }, (_, index) => `"more${index}":[],`).join('') : '';
      const bytes = utf8.encode(
        `{"long":"${'x'.repeat(9_000)}",${more}"first":1,"rest":${text},${text.trim().slice(1)}`,
      );
      const body = cut(bytes, at);
      scanTopLevel(body, ['first']);
      expect(scanTopLevel(body, KEYS)).toEqual(scanTopLevel(cut(bytes, at), KEYS));
    }),
    { numRuns: 300 },
  );
});

test('a name is read as it is written, whatever was read before it', () => {
  const name = fc.oneof(
    fc.constantFrom('gpt-4o', 'gpt-4p', 'gpt-5o', 'gpt-"4', '\u0067', ''),
    fc.string({ maxLength: 140 }),
    fc.string({ unit: 'grapheme', maxLength: 140 }),
  );
  fc.assert(
    fc.property(name, fc.constantFrom(true, false, null), (model, stream) => {
      const head = scanRequestHead(utf8.encode(JSON.stringify({ model, stream })));
      expect(head).toMatchObject({ model, stream: stream ?? false });
    }),
    { numRuns: 2_000 },
  );
});
