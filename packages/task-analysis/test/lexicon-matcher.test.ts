import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createLexiconMatcher } from '../src/lexicon-matcher.ts';
import { TASK_LEXICON } from '../src/task-lexicon.ts';

const matcher = createLexiconMatcher(TASK_LEXICON);

function found(text: string): readonly number[] {
  const into = new Float32Array(TASK_LEXICON.length + 2).fill(0.5);
  matcher(text, into, 1);
  expect([into[0], into[TASK_LEXICON.length + 1]]).toEqual([0.5, 0.5]);
  return [...into.subarray(1, -1)];
}

const PIECES = [
  'list', 'refactor', 'over', 'a', 'the', 'my pr', 'c++', '->', '=> ', '\\frac', '$x$', '```', '.png', 'x.py', '*.ts', 's/a/b', 'ls', '→', '=>', '$', '추론', 'spelled', 'code review', 'review', 'peer ',
  'break up', 'breaking', 'how many ways', 'in french', 'übersetze', 'two hundred k lines', 'microservice', 'micro-services', 'end to end', 'tests', '+ tests', 'with', 'and unit test',
  'data', 'analyze', 'results', 'a/b test', 'tl;dr', 'tldr', 'old', 'from 1999', 'k-line', 'sum up', ' ', '\n', ', ', '-', '_', '1',
]; // biome-ignore format: a list

it('finds what each pattern finds by itself, wherever words begin', () => {
  const text = fc.array(fc.oneof(fc.constantFrom(...PIECES), fc.constant(' '), fc.string({ maxLength: 3 })), {
    maxLength: 14,
  });
  fc.assert(
    fc.property(text, (pieces) => {
      const prompt = pieces.join('').toLowerCase();
      expect(found(prompt)).toEqual(TASK_LEXICON.map(({ pattern }) => Number(pattern.test(prompt))));
    }),
    { numRuns: Number(process.env.SIGNALBOX_RUNS ?? 300) },
  );
});
