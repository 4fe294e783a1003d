import { CHARACTER_BUCKETS, type Features, WORD_BUCKETS } from './extract-features.ts';
import { createFamilies, type FamilyWeights } from './families.ts';
import { CUE_COUNT } from './text-cues.ts';

/**
 * What is read off a prompt: how much it looks like each kind of task (about 0 to 1); how complex it is (0 low, 0.5, 1 high); how much more
 * often a strong model gets it right than a weak one (`usefulness`, a share: what the families of prompts say, and what its words add within a
 * family); how hard it is (`hardness`, logits on the scale of abilities).
 */
export const HEAD_NAMES = [
  'code_generation',
  'code_review',
  'documentation',
  'mathematics',
  'reasoning',
  'simple_query',
  'errand',
  'json_output',
  'data_analysis',
  'creative_writing',
  'summarization',
  'translation',
  'image_analysis',
  'complexity',
  'usefulness',
  'hardness',
] as const;

/** A question that a linear head answers: a kind of task, complexity, usefulness or hardness. */
export type HeadName = (typeof HEAD_NAMES)[number];

const BUCKETS = WORD_BUCKETS + CHARACTER_BUCKETS;

/** Linear heads as `weights.json` holds them. */
export interface HeadWeights {
  readonly heads: readonly {
    readonly name: string;
    readonly bias: number;
    /** What a whole number of `buckets` stands for. */
    readonly scale: number;
    /** One weight for each cue. */
    readonly cues: readonly number[];
  }[];
  /** Families of prompts whose answers were measured. */
  readonly families: FamilyWeights;
  /** P(right) = 1 / (1 + e^-(slope · (ability − hardness) + shift)), fitted out of fold. */
  readonly calibration: { readonly slope: number; readonly shift: number };
  /** Abilities in logits of the models whose answers the training data has. */
  readonly abilities: Readonly<Record<string, number>>;
  /** Base64 of signed bytes: for each bucket one of each head. */
  readonly buckets: string;
}

/** Scores of one prompt by head. */
export type HeadScores = Readonly<Record<HeadName, number>>;

/** Heads that are ready: features in, scores out; the cost is the number of features times the number of heads. */
export type Heads = (features: Features) => HeadScores;

/** Reads weights. Throws on ones that were trained for other features. */
export function createHeads(weights: HeadWeights): Heads {
  const bytes = Buffer.from(weights.buckets, 'base64');
  const count = HEAD_NAMES.length;
  const fits = weights.heads.every((head, place) => head.name === HEAD_NAMES[place] && head.cues.length === CUE_COUNT);
  if (!fits || weights.heads.length !== count || bytes.length !== BUCKETS * count) {
    throw new Error('The weights of the task analysis belong to another version: run "npm run routing:train".');
  }
  const buckets = new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length);
  const cues = new Float64Array(CUE_COUNT * count);
  for (const [head, { cues: own }] of weights.heads.entries()) {
    for (const [cue, value] of own.entries()) cues[cue * count + head] = value;
  }
  const familyWord = createFamilies(weights.families);
  const byBucket = new Float64Array(count);
  const byCue = new Float64Array(count);
  return (features) => {
    const { indices, values } = features;
    byBucket.fill(0);
    byCue.fill(0);
    for (let at = 0; at < indices.length; at += 1) {
      const index = indices[at] ?? 0;
      const value = values[at] ?? 0;
      if (index < BUCKETS) {
        const row = index * count;
        for (let head = 0; head < count; head += 1)
          byBucket[head] = (byBucket[head] ?? 0) + value * (buckets[row + head] ?? 0);
      } else {
        const row = (index - BUCKETS) * count;
        for (let head = 0; head < count; head += 1) byCue[head] = (byCue[head] ?? 0) + value * (cues[row + head] ?? 0);
      }
    }
    const scores = weights.heads.map(({ name, bias, scale }, head) => {
      return [name, bias + scale * (byBucket[head] ?? 0) + (byCue[head] ?? 0)] as const;
    });
    const read = Object.fromEntries(scores) as unknown as HeadScores;
    const { known, gain } = familyWord(features);
    return { ...read, usefulness: gain + known * read.usefulness };
  };
}
