import { describe, expect, it } from 'vitest';
import { createLearnedShift, LEARNING_NEEDS, learnHeads } from '../src/index.ts';
import { readSketch } from '../src/task-sketch.ts';
import { analysed, judged } from './judged-prompts.ts';

const prior = () => 0.7;
/** The small model fails where a special word stands. */
const planted = (candidate: string, special: boolean) => (candidate === 'a/small' && special ? 0.15 : 0.85);
const noise = () => 0.7;

function learned(count: number, seed: number, goodShare: Parameters<typeof judged>[2]) {
  const report = learnHeads(judged(count, seed, goodShare), prior, count);
  if (report.kind !== 'learned') throw new Error('there is enough to learn from');
  return report;
}

describe('learning heads', () => {
  it('finds a signal that is there, out of fold', () => {
    const report = learned(800, 1, planted);
    expect(report.isGain).toBe(true);
    expect(report.gain.low).toBeGreaterThan(0.04);
    expect(report.after).toBeGreaterThan(report.before + 0.08);
    expect(report.surprise.after).toBeLessThan(report.surprise.before);
    expect(Object.keys(report.models).sort()).toEqual(['a/large', 'a/small']);
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('finds none in chance (seed %i)', (seed) => {
    expect(learned(800, seed, noise).isGain).toBe(false);
  });

  it.each([1, 2, 3, 4])('does not take a model that is better everywhere for a matter of prompts (seed %i)', (seed) => {
    expect(learned(800, seed, (candidate) => (candidate === 'a/small' ? 0.4 : 0.9)).isGain).toBe(false);
  });

  it('asks for more where there is too little, and says what there is', () => {
    expect(learnHeads(judged(LEARNING_NEEDS.outcomes - 1, 1, planted), prior, 0)).toMatchObject({ kind: 'too-little' });
    const oneSided = judged(400, 1, () => 0.98);
    const bad = oneSided.filter((one) => !one.good).length;
    expect(learnHeads(oneSided, prior, 0)).toEqual({ kind: 'too-little', outcomes: 400, good: 400 - bad, bad });
  });

  it('gives the same heads for the same answers', () => {
    const [one, other] = [learned(400, 9, planted), learned(400, 9, planted)];
    expect(one.heads).toEqual(other.heads);
  });

  it('has learned what was planted: the special word counts against the small model alone', () => {
    const shift = createLearnedShift(learned(1_000, 5, planted).heads);
    const of = (candidate: string, prompt: string) => {
      const sketch = readSketch(analysed(prompt).sketch);
      return sketch && shift?.(candidate, sketch);
    };
    const common = 'Write a function that sorts invoices at night and rooms in the shop';
    const special = `${common} under zookeeper`;
    const small = (of('a/small', common) ?? 0) - (of('a/small', special) ?? 0);
    const large = (of('a/large', common) ?? 0) - (of('a/large', special) ?? 0);
    expect(small).toBeGreaterThan(1);
    expect(Math.abs(large)).toBeLessThan(small / 2);
    expect(of('a/unseen', common)).toBeUndefined();
  });

  it('never moves what is expected by more than two logits', () => {
    const report = learned(1_000, 5, (candidate, special) => Number(candidate === 'a/large' || !special));
    const shift = createLearnedShift(report.heads);
    for (const { candidate, sketch } of judged(200, 77, planted)) {
      const read = readSketch(sketch);
      expect(Math.abs((read && shift?.(candidate, read)) ?? 0)).toBeLessThanOrEqual(2);
    }
  });

  it('leaves heads of another version alone', () => {
    const { heads } = learned(400, 9, planted);
    expect(createLearnedShift({ ...heads, heads: { '*': 'AAAA' } })).toBeUndefined();
    expect(createLearnedShift({ ...heads, version: 2 as never })).toBeUndefined();
  });
});
