import { asArray, asObject, parseJson } from '@signalbox/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyCharacter } from '../../../../testing/any-text.ts';
import { openaiResponses } from '../../src/index.ts';

/** Every place where the events of a stream say its whole text. */
function wholeTexts(pieces: readonly string[]): { readonly texts: unknown[]; readonly stream: string } {
  const encoder = openaiResponses.server.createStreamEncoder({ model: 'm', createId: () => 'id', now: () => 0 });
  let stream = encoder.encode({ type: 'start', model: 'm' });
  for (const text of pieces) stream += encoder.encode({ type: 'text-delta', index: 0, text });
  stream += encoder.encode({ type: 'finish', reason: 'stop' });
  const texts = stream.split('\n\n').flatMap((frame) => {
    const event = asObject(parseJson(frame.split('\ndata: ')[1] ?? ''));
    const content = (item: unknown) => (asObject(item)?.content as { text?: string }[] | undefined)?.[0]?.text;
    switch (event?.type) {
      case 'response.output_text.done':
        return [event.text];
      case 'response.content_part.done':
        return [asObject(event.part)?.text];
      case 'response.output_item.done':
        return [content(event.item)];
      case 'response.completed':
        return asArray(asObject(event.response)?.output).map(content);
      default:
        return [];
    }
  });
  return { texts, stream };
}

describe('a text with characters beyond Latin', () => {
  it('is the same in all four places, few or many of them', () => {
    const character = fc.oneof(
      { arbitrary: fc.string({ unit: anyCharacter, maxLength: 3 }), weight: 1 },
      { arbitrary: fc.constantFrom('—', '“', '🚂', '日', '\\', '"', '\u2028', '\ud800'), weight: 1 },
      { arbitrary: fc.string({ maxLength: 40 }), weight: 3 },
    );
    fc.assert(
      fc.property(fc.array(character, { minLength: 1, maxLength: 30 }), (pieces) => {
        const whole = pieces.join('');
        fc.pre(whole !== '');
        expect(wholeTexts(pieces).texts).toEqual([whole, whole, whole, whole]);
      }),
    );
  });

  it('has a few of them escaped where it is said as a whole, and many as they are', () => {
    expect(wholeTexts([`${'a plain sentence '.repeat(4)}—`]).stream).toContain('\\u2014"');
    expect(wholeTexts(['日本語']).stream).not.toContain('\\u');
  });
});
