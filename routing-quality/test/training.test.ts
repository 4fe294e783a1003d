import { describe, expect, it } from 'vitest';
import { extractFeatures } from '../../packages/task-analysis/src/extract-features.ts';
import { createHeads, HEAD_NAMES } from '../../packages/task-analysis/src/heads.ts';
import weights from '../../packages/task-analysis/src/weights.json' with { type: 'json' };
import { fitHeads, roundHeads } from '../fit-heads.ts';
import { labelExamples, readExamples, readFresh } from '../labelled-prompts.ts';

describe('training', () => {
  const labelled = labelExamples(readExamples());
  const outcomes = Array.from({ length: 40 }, (_, row) => ({
    id: String(row),
    source: 'made up',
    category: '',
    prompt: row % 2 === 0 ? `Add ${row} and ${row + 1}` : `Prove the conjecture number ${row} about prime gaps`,
    scores: { weak: row % 2 === 0 ? 1 : 0, strong: 1 },
  }));
  const heads = createHeads(roundHeads(fitHeads(labelled, outcomes)));

  it('learns kinds, complexity and usefulness, and keeps them through the rounding to bytes', () => {
    const translate = heads(extractFeatures('Translate this paragraph into Italian'));
    const [first] = HEAD_NAMES.slice(0, HEAD_NAMES.indexOf('complexity')).sort(
      (one, other) => translate[other] - translate[one],
    );
    expect(first).toBe('translation');
    const large = heads(extractFeatures('Design the architecture of a distributed system'));
    const small = heads(extractFeatures('Rename this variable'));
    expect(large.complexity).toBeGreaterThan(small.complexity + 0.3);
    const hard = heads(extractFeatures('Prove the conjecture number 90 about prime gaps'));
    const easy = heads(extractFeatures('Add 90 and 91'));
    expect(hard.usefulness).toBeGreaterThan(easy.usefulness + 0.2);
    expect(hard.hardness).toBeGreaterThan(easy.hardness);
  });

  it('tells families of prompts apart, and says the same of all that is like none of them', () => {
    const family = (source: string, count: number, promptOf: (row: number) => string, weak: number) =>
      Array.from({ length: count }, (_, row) => ({
        id: `${source} ${row}`,
        source,
        category: '',
        prompt: promptOf(row),
        scores: { weak, middle: weak, strong: 1 },
      }));
    const two = createHeads(
      roundHeads(
        fitHeads(labelled.slice(0, 1), [
          ...family(
            'sums',
            60,
            (row) => `Anna has ${row} apples and buys ${row + 3} more. How many apples are there?`,
            1,
          ),
          ...family(
            'proofs',
            60,
            (row) => `Let $G_{${row}}$ be a finite group; prove that its centre is not trivial`,
            0,
          ),
        ]),
      ),
    );
    const usefulness = (prompt: string) => two(extractFeatures(prompt)).usefulness;
    expect(usefulness('Let $G_{99}$ be a finite group; prove that its centre is not trivial')).toBeGreaterThan(
      usefulness('Anna has 7 apples and buys 99 more. How many apples are there?') + 0.1,
    );
    const unlike = ['Vielen Dank für die schöne Karte aus Lissabon', 'SELECT name FROM guests ORDER BY arrival'];
    const [one = 0, other = 1] = unlike.map(usefulness);
    expect(Math.abs(one - other)).toBeLessThan(0.1);
  });

  it('gives the same weights for the same data', () => {
    const again = roundHeads(fitHeads(labelled.slice(0, 50), []));
    expect(roundHeads(fitHeads(labelled.slice(0, 50), []))).toEqual(again);
  });
});

describe('the weights that ship', () => {
  it('are smaller than 512 KB', () => {
    expect(JSON.stringify(weights).length).toBeLessThan(512 * 1024);
  });

  it('are refused where the features have changed', () => {
    expect(() => createHeads({ ...weights, heads: weights.heads.slice(1) })).toThrow('npm run routing:train');
  });
});

it('no example is a text of the specification, whose wordings the tests ask for', () => {
  const asked = [
    'Refactor this legacy codebase', 'List all Python files', 'Generate OpenAPI spec', 'Fix typo in README',
    'Implement new feature with tests', 'Design distributed system architecture', 'List all TypeScript files',
    'Review this pull request', 'Design microservices architecture', 'Build user dashboard', 'Generate user service',
  ]; // biome-ignore format: a list
  const plain = (text: string) => text.toLowerCase().replaceAll(/[^a-z ]/g, '');
  const examples = new Set(readExamples().map(({ prompt }) => plain(prompt)));
  expect(asked.filter((prompt) => examples.has(plain(prompt)))).toEqual([]);
});

describe('fresh prompts', () => {
  it('are none of those that are learned from', () => {
    const plain = (text: string) =>
      text
        .toLowerCase()
        .replaceAll(/[\s\p{P}]+/gu, ' ')
        .trim();
    const examples = new Set(readExamples().map(({ prompt }) => plain(prompt)));
    expect(readFresh().filter(({ prompt }) => examples.has(plain(prompt)))).toEqual([]);
  });

  it('say kinds and sizes that the examples know, all of them', () => {
    const kinds = (prompts: ReturnType<typeof readFresh>) => [...new Set(prompts.map(({ type }) => type))].sort();
    expect(kinds(readFresh())).toEqual(kinds(readExamples()));
    expect([...new Set(readFresh().map(({ complexity }) => complexity))].sort()).toEqual(['high', 'low', 'medium']);
  });
});
