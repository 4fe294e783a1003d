import { describe, expect, it } from 'vitest';
import { effortOfBudget, fieldOf, readEffort } from '../src/index.ts';

describe('an effort', () => {
  it.each(['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'])('%s is a word, in any case', (word) => {
    expect(readEffort(word)).toBe(word);
    expect(readEffort(word.toUpperCase())).toBe(word);
  });

  it.each(['', 'hard', 3, null, undefined, ['low']])('%j is none', (value) =>
    expect(readEffort(value)).toBeUndefined(),
  );

  it.each([
    [0, 'none'],
    [1, 'low'],
    [4_000, 'low'],
    [4_001, 'medium'],
    [12_000, 'medium'],
    [24_000, 'high'],
    [24_001, 'xhigh'],
  ])('of %i thinking tokens is %s', (tokens, effort) => expect(effortOfBudget(tokens)).toBe(effort));

  it.each([-1, '4000', null, undefined])('of %j is left to the model', (tokens) =>
    expect(effortOfBudget(tokens)).toBeUndefined(),
  );
});

describe('a field of what may be no object', () => {
  it('is the first of its names that is there', () => {
    expect(fieldOf({ b: 2, c: 3 }, 'a', 'b', 'c')).toBe(2);
    expect(fieldOf({ a: null }, 'a')).toBeNull();
    for (const value of [null, 'text', 7, [1], {}]) expect(fieldOf(value, 'a')).toBeUndefined();
  });
});
