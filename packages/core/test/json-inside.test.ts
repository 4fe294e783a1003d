import fc from 'fast-check';
import { expect, it } from 'vitest';
import { anyCharacter } from '../../../testing/any-text.ts';
import { jsonInside } from '../src/index.ts';

it('a text inside of a JSON string is what JSON.stringify makes of it', () => {
  const unit = fc.oneof(
    fc.constantFrom('"', '\\', '/', '\u001f', ' ', '\u007f', '\u2028', '\ud800', '\udc00', '\uffff'),
    fc.string({ unit: anyCharacter, minLength: 1, maxLength: 1 }),
  );
  fc.assert(
    fc.property(fc.string({ unit }), (text) => {
      expect(`"${jsonInside(text)}"`).toBe(JSON.stringify(text));
    }),
  );
});
