import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wrapped, wrappedText } from '../src/terminal/wrapped.ts';

describe('wrapped', () => {
  it('breaks between words and goes on behind the indent', () => {
    expect(wrapped('warning: the facts are old', 16, '  ')).toBe('warning: the\n  facts are old');
  });

  it('leaves a line alone in a pipe, which has no width', () => {
    expect(wrapped('a b c', undefined, '  ')).toBe('a b c');
  });
});

describe('wrappedText', () => {
  it('goes on below the remark of an example', () => {
    const line = '  signalbox explain "Design"  who would answer and why';
    expect(wrappedText(line, 50)).toBe(`  signalbox explain "Design"  who would answer and\n${' '.repeat(30)}why`);
  });

  it('goes on a little indented where the remark would have no room', () => {
    const line = '  signalbox explain "Design"  who would answer and why';
    expect(wrappedText(line, 40)).toBe('  signalbox explain "Design"  who would\n      answer and why');
  });

  it('keeps every word, and no line is longer than the terminal unless a word is', () => {
    const words = fc.array(fc.stringMatching(/^[a-z]{1,12}$/), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(words, fc.integer({ min: 40, max: 120 }), fc.integer({ min: 0, max: 6 }), (some, columns, indent) => {
        const text = `${' '.repeat(indent)}${some.join(' ')}`;
        const lines = wrappedText(text, columns).split('\n');
        expect(lines.join(' ').trim().split(/ +/)).toEqual(some);
        for (const line of lines) expect(line.length).toBeLessThanOrEqual(columns);
      }),
    );
  });
});
