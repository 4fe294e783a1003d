import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { analysePrompt } from '../src/index.ts';

const PROMPTS = [
  'Refactor the "payment" module of our old shop',
  "Add a search field to the user's profile page, with tests",
  'What is the difference between TCP and UDP?',
  'Review this function:\n\n```python\ndef mean(values):\n    return sum(values) / len(values)\n```\n\nIs it safe?',
  'Fix the typo in the heading',
  'Write a JSON schema for an invoice',
] as const;

const EDITS: Readonly<Record<string, (prompt: string) => string>> = {
  'a line break at the end': (prompt) => `${prompt}\n`,
  'blanks around it': (prompt) => ` \t${prompt}  \n\n`,
  'blanks at the ends of lines': (prompt) => `${prompt.replaceAll('\n', '  \n')} `,
  'line breaks of Windows': (prompt) => prompt.replaceAll('\n', '\r\n'),
  'more blank lines': (prompt) => prompt.replaceAll('\n\n', '\n\n\n\n'),
  'double blanks': (prompt) => prompt.replace(/(\S) (?=\S)/g, '$1  '),
  'blanks that do not break': (prompt) => prompt.replace(/(\S) (?=\S)/g, '$1\u00a0'),
  'characters without width': (prompt) => `\ufeff${prompt.replaceAll(' ', ' \u200b')}`,
  'curly quotation marks': (prompt) => prompt.replaceAll('"', '\u201c').replaceAll("'", '\u2019'),
  'a full stop at the end': (prompt) => `${prompt}.`,
  'please in front': (prompt) => `Please ${prompt.slice(0, 1).toLowerCase()}${prompt.slice(1)}`,
  'please at the end': (prompt) => `${prompt}, please`,
  'thanks behind it': (prompt) => `${prompt}\n\nThanks in advance!`,
  'a greeting': (prompt) => `Hi there,\n\n${prompt}`,
};

describe('an edit that means nothing changes nothing', () => {
  for (const [name, change] of Object.entries(EDITS)) {
    it.each(PROMPTS)(`${name}: %s`, (prompt) => expect(analysePrompt(change(prompt))).toEqual(analysePrompt(prompt)));
  }

  it('whatever the words and however many blanks stand between them', () => {
    const blanks = fc.constantFrom(' ', '  ', '\t', ' \t ', '\u00a0', ' \u3000');
    const words = fc.array(fc.tuple(fc.stringMatching(/^[a-z]{1,9}$/), blanks), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(words, (pairs) => {
        const plain = `do ${pairs.map(([word]) => word).join(' ')} now`;
        const wide = `do ${pairs.map(([word, blank]) => word + blank).join('')}now`;
        expect(analysePrompt(wide)).toEqual(analysePrompt(plain));
      }),
    );
  });

  it('also of a prompt that is longer than what is read of it', () => {
    const long = `Sum this up. ${'The committee met on a Tuesday and talked. '.repeat(400)}`;
    const wide = `${long.replaceAll(' ', '  ')}\r\n`;
    const of = (prompt: string) => {
      const { type, complexity } = analysePrompt(prompt).profile;
      return { type, complexity };
    };
    expect(of(wide)).toEqual(of(long));
  });

  it('but indentation is structure: code that is nested deeper is other code', () => {
    const code = (indent: string) =>
      `What does f(3) give?\n\ndef f(n):\n${indent}for i in range(n):\n${indent}${indent}n -= i\n${indent}return n\nassert f(3) == ??`;
    expect(analysePrompt(code('    ')).profile).toEqual(analysePrompt(`${code('    ')}\n`).profile);
    expect(analysePrompt(code('  ')).profile.complexity).toBe(analysePrompt(code('    ')).profile.complexity);
  });
});

describe('two swapped letters', () => {
  it.each([
    ['Refcator the legacy codebase', 'Refactor the legacy codebase'],
    ['Fix the tpyo in the heading', 'Fix the typo in the heading'],
    ['Desgin the architecutre of a distributed queue', 'Design the architecture of a distributed queue'],
  ])('of a task word are put right: %s', (swapped, right) =>
    expect(analysePrompt(swapped)).toEqual(analysePrompt(right)),
  );

  it('are not seen in what is a word of its own', () => {
    expect(analysePrompt('How long do flies live?')).not.toEqual(analysePrompt('How long do files live?'));
  });
});
