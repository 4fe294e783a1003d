import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyCharacter } from '../../../testing/any-text.ts';
import { measureQuestionCues, QUESTION_CUE_COUNT, QUESTION_CUES } from '../src/question-cues.ts';

function cuesOf(text: string): (name: string) => number {
  const values = new Float64Array(QUESTION_CUE_COUNT);
  measureQuestionCues(text, values);
  return (name) => {
    const place = QUESTION_CUES.indexOf(name);
    if (place === -1) throw new Error(`no cue is called ${name}`);
    return values[place] ?? Number.NaN;
  };
}

/** Counts are logarithms of one more. */
const count = (value: number) => Math.round(Math.exp(value) - 1);

describe('the form of a question', () => {
  it('tells the choices from the question itself', () => {
    const cue = cuesOf('Which of these is a prime?\nA. 21\nB. 23\nC. twenty-five\nD. 27');
    expect(count(cue('choices'))).toBe(4);
    expect(cue('share of choices with digits')).toBe(0.75);
    expect(cue('share of choices that are numbers')).toBe(0.75);
    expect(count(cue('length of the question itself'))).toBe('Which of these is a prime?\n'.length);
    expect(count(cue('numbers'))).toBe(0);
    expect(count(cuesOf('Is it so?\n(A) yes\n(B) no')('choices'))).toBe(2);
    expect(count(cuesOf('A. is a letter')('choices'))).toBe(1);
  });

  it('counts numbers, words and sentences', () => {
    const cue = cuesOf(
      'Anna pays 3.50 for each of 12 eggs, half of what Ben pays. How many hours are left if she works 40%?',
    );
    expect(count(cue('numbers'))).toBe(3);
    expect(count(cue('decimals'))).toBe(1);
    expect(count(cue('percent signs'))).toBe(1);
    expect(count(cue('sentences'))).toBe(2);
    expect(count(cue('names'))).toBe(1);
    for (const group of ['each', 'half', 'units', 'left', 'if', 'ways']) expect(count(cue(`words: ${group}`))).toBe(1);
  });

  it('reads what code does and what it is called with, and takes no prose for code', () => {
    const code = 'def f(xs):\n    for x in xs:\n        if x > 2:\n            xs.append(x * 2)\n    return xs[1:]\n';
    const cue = cuesOf(`What comes out?\n${code}assert f([1, 'abc', 3]) == ??`);
    for (const group of ['for', 'branches', 'append', 'return']) expect(count(cue(`code: ${group}`))).toBe(1);
    expect(cue('depth of code')).toBe(1.5);
    expect(count(cue('calls'))).toBe(1);
    expect(count(cue('slices in code'))).toBe(1);
    expect(count(cue('commas in an argument'))).toBe(2);
    expect(count(cue('longest text in an argument'))).toBe(3);
    const prose = cuesOf('Wait for me while I return; if not, split and join the others.');
    for (const group of ['for', 'while', 'return', 'branches', 'split', 'join'])
      expect(prose(`code: ${group}`)).toBe(0);
  });

  it('is a finite figure of any text, and the same whatever was read before', () => {
    const text = fc.oneof(
      fc.string({ unit: anyCharacter, maxLength: 400 }),
      fc.string({
        unit: fc.constantFrom('\n', 'A', '.', ' ', '(', ')', '"', '`', '9', 'def ', 'assert ', '[', ':', '='),
        maxLength: 80,
      }),
    );
    fc.assert(
      fc.property(text, text, (one, other) => {
        const values = new Float64Array(QUESTION_CUE_COUNT);
        measureQuestionCues(one, values);
        expect(values.every((value) => Number.isFinite(value) && value >= 0)).toBe(true);
        const again = values.join();
        measureQuestionCues(other, values);
        measureQuestionCues(one, values);
        expect(values.join()).toBe(again);
      }),
    );
  });
});
