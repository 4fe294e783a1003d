import { describe, expect, it } from 'vitest';
import { namedFiles, type WordKind } from '../../src/tasks/named-files.ts';

const DISK: Readonly<Record<string, WordKind>> = {
  'src/': 'folder',
  src: 'folder',
  'src/api': 'folder',
  docs: 'folder',
  tests: 'folder',
  'file1.js': 'file',
  'file2.js': 'file',
  'app/[id]/page.tsx': 'file',
  Python: 'nothing',
};
const look = (word: string): WordKind => DISK[word] ?? 'nothing';

describe('the files that a sentence names', () => {
  it.each([
    ['Review all Python files in src/', ['src/**/*.{py,pyi}']],
    ['review every python file in src', ['src/**/*.{py,pyi}']],
    ['Review all TypeScript files', ['**/*.{ts,tsx,mts,cts}']],
    ['Check each .sql file under src/api', ['src/api/**/*.sql']],
    ['Fix bugs in file1.js, file2.js.', ['file1.js', 'file2.js']],
    ['Explain "file1.js" (please)', ['file1.js']],
    ['Summarise the files in docs', ['docs/**/*']],
    ['Summarise all Markdown files in the docs folder', ['docs/**/*.{md,mdx}']],
    ['Translate src/**/*.md', ['src/**/*.md']],
    ['Explain app/[id]/page.tsx', ['app/\\[id\\]/page.tsx']],
    ['Review Python and Markdown files in src/ and docs', ['src/**/*.{py,pyi,md,mdx}', 'docs/**/*.{py,pyi,md,mdx}']],
    ['Look at each TypeScript source file in src', ['src/**/*.{ts,tsx,mts,cts}']],
  ])('%s', (sentence, patterns) => {
    expect(namedFiles(sentence, look)).toEqual(patterns);
  });

  it.each(['Write a Python script', 'Hello', 'What do the tests say?', 'Refactor src', ''])(
    'are none in "%s"',
    (sentence) => {
      expect(namedFiles(sentence, look)).toEqual([]);
    },
  );
});
