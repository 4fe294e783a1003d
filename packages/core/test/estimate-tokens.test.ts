import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { estimateTokens, estimateTokensOfAll } from '../src/index.ts';

const PROSE = 'The signalman sets the points, and every train gets its route: no two of them collide.\n';
const CODE = 'export const route = (train) => points.find(({ id }) => id === train.next)?.set(true);\n';
const CHINESE = '信号员设定道岔，每列火车都有自己的路线。';
const TABLE = '1024;17.5;88;0;;\n';

/** What many texts add up to when each is looked at as a whole: pieces short enough that none is judged by samples. */
const oneByOne = (texts: readonly string[]) => texts.reduce((sum, text) => sum + estimateTokens(text), 0);

describe('the tokens of several texts', () => {
  it('are those of each, where there are few characters', () => {
    const character = fc.constantFrom('a', 'Z', '7', ' ', '\n', '\t', '{', 'é', '号', '😀', '\ud800');
    const texts = fc.array(fc.string({ unit: character, maxLength: 200 }), { maxLength: 20 });
    fc.assert(
      fc.property(texts, (list) => {
        expect(estimateTokensOfAll(list)).toBe(oneByOne(list));
      }),
    );
    expect(estimateTokensOfAll([])).toBe(0);
  });

  it('are judged by samples where there are many: within 5 %, however different the texts are', () => {
    const text = fc
      .tuple(fc.constantFrom(PROSE, CODE, CHINESE, TABLE), fc.integer({ min: 1, max: 60 }))
      .map(([unit, times]) => unit.repeat(times));
    const conversation = fc.array(text, { minLength: 30, maxLength: 150 });
    fc.assert(
      fc.property(conversation, (list) => {
        const whole = oneByOne(list);
        expect(Math.abs(estimateTokensOfAll(list) - whole) / whole).toBeLessThan(0.05);
      }),
    );
  });

  it('of lines that are all of one length are no others: the samples do not fall on the same column', () => {
    for (let width = 8; width <= 400; width += 3) {
      const lines = [`${'x'.repeat(width - 1)}\n`.repeat(Math.ceil(200_000 / width))];
      const exact = 200_000 * ((0.25 * (width - 1) + 0.5) / width);
      expect(Math.abs(estimateTokensOfAll(lines) - exact) / exact).toBeLessThan(0.05);
    }
  });

  it('are the same each time', () => {
    const texts = Array.from({ length: 500 }, (_, index) => PROSE.repeat(index % 7));
    expect(estimateTokensOfAll(texts)).toBe(estimateTokensOfAll([...texts]));
  });

  it('do not fall where a conversation goes on by a turn', () => {
    const turns = Array.from({ length: 400 }, (_, index) => (index % 3 === 0 ? CODE : PROSE).repeat(3));
    // By tenths: noise is about 1 %.
    for (let turn = 20; turn <= 400; turn += Math.ceil(turn / 10)) {
      const before = estimateTokensOfAll(turns.slice(0, turn));
      expect(estimateTokensOfAll(turns.slice(0, turn + Math.ceil(turn / 10)))).toBeGreaterThan(before);
    }
  });
});
