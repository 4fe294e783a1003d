import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { analyseTask, promptDigestOf, sketchOf } from '../src/index.ts';
import { readSketch, SKETCH_BUCKETS } from '../src/task-sketch.ts';
import { analysed } from './judged-prompts.ts';

describe('a sketch of a prompt', () => {
  it('is made only where it is asked for', () => {
    expect(sketchOf(analyseTask('What is the capital of Portugal?'))).toBeUndefined();
    expect(sketchOf(undefined)).toBeUndefined();
  });

  it('is small however long the prompt, the same for the same prompt, and can be read', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 6_000, unit: 'grapheme' }), (prompt) => {
        const { sketch } = analysed(prompt);
        expect(sketch.length).toBeLessThanOrEqual(190);
        expect(analysed(prompt).sketch).toEqual(sketch);
        const read = readSketch(sketch);
        expect(read?.words.length).toBeLessThanOrEqual(64);
        expect(read?.words.every((word) => word < SKETCH_BUCKETS)).toBe(true);
        expect(read?.figures.every((figure) => Math.abs(figure) < 3)).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  it('has most of its words in common with a prompt that is nearly the same', () => {
    const text = 'Refactor the billing service so that invoices are written in one transaction and can be replayed';
    const one = new Set(readSketch(analysed(text).sketch)?.words);
    const other = readSketch(analysed(text.replace('billing', 'payment')).sketch)?.words ?? [];
    expect([...other].filter((word) => one.has(word)).length).toBeGreaterThan(one.size * 0.7);
  });

  it('may be that of another prompt, which its digest tells apart', () => {
    const read = (prompt: string) => analyseTask(prompt, undefined, { keepsSketches: true });
    const [one, other, again] = ['file1.js', 'file2.js', 'file1.js'].map((file) => read(`Fix bug in ${file}`));
    expect(sketchOf(one)).toEqual(sketchOf(other));
    expect(promptDigestOf(one)).not.toBe(promptDigestOf(other));
    expect(promptDigestOf(one)).toBe(promptDigestOf(again));
    const long = 'lorem ipsum '.repeat(10_000);
    expect(promptDigestOf(read(`${long}1`))).not.toBe(promptDigestOf(read(`${long}2`)));
    expect(promptDigestOf(analyseTask('Hello'))).toBeUndefined();
  });

  it('of another version is none', () => {
    const { sketch } = analysed('Hello');
    expect(readSketch(sketch.with(0, 9))).toBeUndefined();
    expect(readSketch(sketch.subarray(0, sketch.length - 1))).toBeUndefined();
    expect(readSketch(new Uint8Array())).toBeUndefined();
  });
});
