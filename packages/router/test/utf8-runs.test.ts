import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createUtf8Runs } from '../src/lanes/utf8-runs.ts';

it('pieces of text become the bytes of the whole text, whichever of them are told apart', () => {
  const piece = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.string({ unit: 'grapheme-ascii', maxLength: 40 }),
    fc.constant(''),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(piece, piece)), (pieces) => {
      const runs = createUtf8Runs();
      for (const [text, sample] of pieces) runs.add(text, sample);
      const bytes = runs.bytes();
      expect(Buffer.from(bytes).toString()).toBe(pieces.map(([text]) => text).join(''));
    }),
  );
});

it('long texts become bytes of their own', () => {
  const runs = createUtf8Runs();
  const long = 'ä信'.repeat(300_000);
  runs.add(long, long);
  const first = runs.bytes();
  const other = createUtf8Runs();
  other.add('other', 'other');
  other.bytes();
  expect(Buffer.from(first).toString()).toBe(long);
});

it('the bytes of one read are not those of the next', () => {
  const bytesOf = (text: string) => {
    const runs = createUtf8Runs();
    runs.add(text, text);
    return runs.bytes();
  };
  const first = bytesOf('first');
  bytesOf('other');
  expect(Buffer.from(first).toString()).toBe('first');
});
