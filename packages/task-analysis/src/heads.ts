import { complexityLevel } from './complexity-level.ts';
import { CHARACTER_BUCKETS, type Features, WORD_BUCKETS } from './extract-features.ts';
import { createFamilies, type FamilyWeights } from './families.ts';
import { CUE_COUNT } from './text-cues.ts';

/**
 * What is read off a prompt: how much it looks like each kind of task (about 0 to 1); how complex it is (0 low, 0.5, 1 high); how much more
 * often a strong model gets it right than a weak one (`usefulness`, a share: what the family of prompts says that it is one of; of others their size
 * alone); how hard it is (`hardness`, logits on the scale of abilities).
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

/** A question that is answered of a prompt: its kind of task, complexity, usefulness or hardness. */
export type HeadName = (typeof HEAD_NAMES)[number];

/** The heads that are linear in words, characters and cues: all but usefulness, which the families tell. */
export const LINEAR_HEADS: readonly HeadName[] = HEAD_NAMES.filter((name) => name !== 'usefulness');

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

/** All scores of a prompt have one shape. */
const NO_SCORES = Object.fromEntries(HEAD_NAMES.map((name) => [name, 0])) as Record<HeadName, number>;

/** Heads that are ready: features in, scores out; the cost is the number of features times the number of heads. */
export type Heads = (features: Features) => HeadScores;

/** What is expected of a strong model where nothing like the prompt was measured, by the size of the work, small to large. */
const GAIN_BY_SIZE = { low: 0.2, medium: 0.3, high: 0.4 } as const;

/** In steps: a finer order among prompts of which nothing is known would mean nothing. */
const gainBySize = (complexity: number) => GAIN_BY_SIZE[complexityLevel(complexity)];

/** Numbers of a row of weights: one of each head, and some that are unused. */
const STRIDE = 16;

/** Sums up, for each head, the first `end` features times their weights. */
function addUp({ indices, values }: Features, end: number, weights: Int8Array, into: Float64Array): void {
  for (let head = 0; head < STRIDE; head += 4) {
    let one = 0;
    let two = 0;
    let three = 0;
    let four = 0;
    for (let at = 0; at < end; at += 1) {
      const row = (indices[at] ?? 0) * STRIDE + head;
      const value = values[at] ?? 0;
      one += value * (weights[row] ?? 0);
      two += value * (weights[row + 1] ?? 0);
      three += value * (weights[row + 2] ?? 0);
      four += value * (weights[row + 3] ?? 0);
    }
    into[head] = one;
    into[head + 1] = two;
    into[head + 2] = three;
    into[head + 3] = four;
  }
}

/** Reads weights. Throws on ones that were trained for other features. */
export function createHeads(weights: HeadWeights): Heads {
  const bytes = Buffer.from(weights.buckets, 'base64');
  const count = LINEAR_HEADS.length;
  const fits = weights.heads.every(
    (head, place) => head.name === LINEAR_HEADS[place] && head.cues.length === CUE_COUNT,
  );
  if (!fits || weights.heads.length !== count || bytes.length !== BUCKETS * count) {
    throw new Error('The weights of the task analysis belong to another version: run "npm run routing:train".');
  }
  // Rows of sixteen, so that four heads are summed up at a time in plain variables: half the time of a sum in memory.
  const buckets = new Int8Array(BUCKETS * STRIDE);
  for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
    for (let head = 0; head < count; head += 1) {
      buckets[bucket * STRIDE + head] = ((bytes[bucket * count + head] ?? 0) << 24) >> 24;
    }
  }
  const cues = new Float64Array(CUE_COUNT * STRIDE);
  for (const [head, { cues: own }] of weights.heads.entries()) {
    for (const [cue, value] of own.entries()) cues[cue * STRIDE + head] = value;
  }
  const familyGain = createFamilies(weights.families);
  const byBucket = new Float64Array(STRIDE);
  const byCue = new Float64Array(STRIDE);
  return (features) => {
    const { indices, values } = features;
    let firstCue = indices.length;
    while (firstCue > 0 && (indices[firstCue - 1] ?? 0) >= BUCKETS) firstCue -= 1;
    addUp(features, firstCue, buckets, byBucket);
    byCue.fill(0);
    for (let at = firstCue; at < indices.length; at += 1) {
      const row = ((indices[at] ?? 0) - BUCKETS) * STRIDE;
      const value = values[at] ?? 0;
      for (let head = 0; head < count; head += 1) byCue[head] = (byCue[head] ?? 0) + value * (cues[row + head] ?? 0);
    }
    const scores = { ...NO_SCORES };
    for (let head = 0; head < count; head += 1) {
      const { bias = 0, scale = 0 } = weights.heads[head] ?? {};
      scores[LINEAR_HEADS[head] ?? 'complexity'] = bias + scale * (byBucket[head] ?? 0) + (byCue[head] ?? 0);
    }
    scores.usefulness = familyGain(features) ?? gainBySize(scores.complexity);
    return scores;
  };
}
