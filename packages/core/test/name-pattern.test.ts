import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { namePatterns } from '../src/index.ts';

describe('patterns of names', () => {
  it.each([
    ['claude-*', 'claude-sonnet-5', true],
    ['claude-*', 'Claude-sonnet-5', false],
    ['*-mini', 'gpt-5-mini', true],
    ['*-mini', 'gpt-5-mini-2026', false],
    ['openai/*', 'openai/', true],
    ['a*a', 'a', false],
    ['gpt.4', 'gpt-4', false],
    ['*', '', true],
    ['gpt-4', 'gpt-4', true],
  ])('%s and %s: %s', (pattern, name, fits) => expect(namePatterns([pattern])(name)).toBe(fits));

  it('none of none, and any of several', () => {
    expect(namePatterns([])('gpt-4')).toBe(false);
    expect(namePatterns(['o*', 'gpt-4'])('gpt-4')).toBe(true);
  });

  it('fit what a regular expression of the same meaning fits', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', '*', '.'), maxLength: 6 });
    const name = fc.string({ unit: fc.constantFrom('a', 'b', '.', '\n'), maxLength: 8 });
    fc.assert(
      fc.property(letters, name, (pattern, text) => {
        const meaning = pattern.replaceAll('.', '\\.').replaceAll('*', '[\\s\\S]*');
        expect(namePatterns([pattern])(text)).toBe(new RegExp(`^(?:${meaning})$`).test(text));
      }),
    );
  });
});
