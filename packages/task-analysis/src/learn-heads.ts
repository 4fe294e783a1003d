import { OUTCOME_WEIGHTS, type Outcome } from '@signalbox/core';
import { fitLogistic, type LogisticRows } from './fit-logistic.ts';
import {
  FURTHEST_LOGITS,
  HEAD_WIDTH,
  type LearnedHeads,
  logistic,
  logit,
  SHARED_HEAD,
  wordValue,
} from './learned-heads.ts';
import { createOutcomeCorrection, type PriorQuality } from './outcome-correction.ts';
import { type Expected, type Interval, rankingGain, surprise } from './ranking-gain.ts';
import { readSketch, SKETCH_FIGURES, type TaskSketch } from './task-sketch.ts';

/** An outcome with the sketch of the prompt that was answered. */
export interface SketchedOutcome extends Outcome {
  readonly sketch: Uint8Array;
}

/** Judged answers that are needed at least, and of each kind: below that no gain could be told from chance. */
export const LEARNING_NEEDS = { outcomes: 200, ofEachKind: 40 } as const;

/** A model of fewer judged answers gets no head of its own. */
const LEAST_OF_A_MODEL = 20;
const FOLDS = 5;
/** A smaller gain, even if it is none of chance, moves no choice. */
const LEAST_GAIN = 0.03;
/** Penalties: what all models share is learned first, what one has for itself has to be shown. */
const RIDGE = { bias: 4, figure: 4, word: 1, own: 2 } as const;

/** What came of learning. */
export type LearningReport =
  | { readonly kind: 'too-little'; readonly outcomes: number; readonly good: number; readonly bad: number }
  | {
      readonly kind: 'learned';
      readonly outcomes: number;
      readonly good: number;
      readonly bad: number;
      /** Candidates with a head of their own, and how many outcomes each had. */
      readonly models: Readonly<Record<string, number>>;
      /** Area under the curve by what is expected without a look at the words (table, outcomes, a bias for each model), and with the heads; out of fold. */
      readonly before: number;
      readonly after: number;
      readonly gain: Interval;
      /** Mean surprise, out of fold; lower is better. */
      readonly surprise: { readonly before: number; readonly after: number };
      /** Whether the gain is one beyond chance and worth having: all of its interval is above 0.03, all of that of `after` above 0.5, and the surprise is less. */
      readonly isGain: boolean;
      readonly heads: LearnedHeads;
    };

interface Row extends SketchedOutcome {
  readonly read: TaskSketch;
  readonly fold: number;
}

/**
 * Learns heads from judged answers and says, out of fold, what they bring beside what is expected anyway (table and outcomes). A prompt that was judged several
 * times is in one fold. Deterministic.
 *
 * @example
 * ```ts
 * const report = learnHeads(ledger.sketchedOutcomes(), prior, Date.now());
 * if (report.kind === 'learned' && report.isGain) keep(report.heads);
 * ```
 */
export function learnHeads(outcomes: Iterable<SketchedOutcome>, prior: PriorQuality, now: number): LearningReport {
  const rows: Row[] = [];
  for (const outcome of outcomes) {
    const read = readSketch(outcome.sketch);
    if (read !== undefined) rows.push({ ...outcome, read, fold: foldOf(outcome.sketch) });
  }
  const good = rows.filter((row) => row.good).length;
  const bad = rows.length - good;
  const counts = { outcomes: rows.length, good, bad };
  if (rows.length < LEARNING_NEEDS.outcomes || Math.min(good, bad) < LEARNING_NEEDS.ofEachKind) {
    return { kind: 'too-little', ...counts };
  }
  const expected: Expected[] = [];
  for (let fold = 0; fold < FOLDS; fold += 1) {
    const others = rows.filter((row) => row.fold !== fold);
    const fitted = fit(others, prior, now);
    for (const row of rows) {
      if (row.fold !== fold) continue;
      const known = logit(fitted.posterior(row));
      const before = logistic(known + fitted.bias(row));
      const after = logistic(known + fitted.shift(row));
      expected.push({ good: row.good, weight: OUTCOME_WEIGHTS[row.source], before, after });
    }
  }
  const { before, after, afterLow, gain } = rankingGain(expected);
  const surprises = {
    before: surprise(expected, (answer) => answer.before),
    after: surprise(expected, (answer) => answer.after),
  };
  const all = fit(rows, prior, now);
  return {
    kind: 'learned',
    ...counts,
    models: all.models,
    before,
    after,
    gain,
    surprise: surprises,
    // Out of fold, what is expected without heads can fall below chance by itself: to undo that is no gain.
    isGain: gain.low > LEAST_GAIN && afterLow > 0.5 && surprises.after < surprises.before,
    heads: { version: 1, learnedAt: now, outcomes: rows.length, heads: all.heads() },
  };
}

function fit(rows: readonly Row[], prior: PriorQuality, now: number) {
  const counts = new Map<string, number>();
  for (const { candidate } of rows) counts.set(candidate, (counts.get(candidate) ?? 0) + 1);
  const models = new Map([...counts].filter(([, count]) => count >= LEAST_OF_A_MODEL));
  const place = new Map([...models.keys()].map((candidate, index) => [candidate, (index + 1) * HEAD_WIDTH]));
  const correction = createOutcomeCorrection(rows, prior, now);
  const posterior = ({ candidate, taskType, complexity }: Row) =>
    correction.correct(prior(candidate, taskType, complexity) ?? 0.5, candidate, taskType, complexity).posterior;
  const used = rows.filter(({ candidate }) => place.has(candidate));
  const width = (models.size + 1) * HEAD_WIDTH;
  const features = used.map((row) => featuresOf(row, place.get(row.candidate) ?? 0));
  const data: LogisticRows = {
    indices: features.map(({ indices }) => indices),
    values: features.map(({ values }) => values),
    offsets: Float64Array.from(used, (row) => logit(posterior(row))),
    labels: Float64Array.from(used, (row) => (row.good ? 1 : 0)),
    weights: Float64Array.from(used, (row) => OUTCOME_WEIGHTS[row.source]),
  };
  const weights = fitLogistic(data, width, ridgeOf);
  // The same without a look at the prompts: what heads have to beat, so that a model which is better at everything is no gain of theirs.
  const biases = fitLogistic(data, width, ridgeOf, (feature) => feature % HEAD_WIDTH === 0);
  const shiftBy = (found: Float64Array) => (row: Row) => {
    const own = place.get(row.candidate);
    if (own === undefined) return 0;
    const { indices, values } = featuresOf(row, own);
    let sum = 0;
    for (let n = 0; n < indices.length; n += 1) sum += (found[indices[n] ?? 0] ?? 0) * (values[n] ?? 0);
    return Math.max(-FURTHEST_LOGITS, Math.min(FURTHEST_LOGITS, sum));
  };
  return {
    models: Object.fromEntries(models),
    posterior,
    bias: shiftBy(biases),
    shift: shiftBy(weights),
    heads(): Record<string, string> {
      const names: readonly (readonly [string, number])[] = [[SHARED_HEAD, 0], ...place];
      return Object.fromEntries(
        names.map(([name, from]) => {
          const head = Float32Array.from(weights.subarray(from, from + HEAD_WIDTH));
          return [name, Buffer.from(head.buffer).toString('base64')];
        }),
      );
    },
  };
}

function ridgeOf(feature: number): number {
  const within = feature % HEAD_WIDTH;
  const own = feature >= HEAD_WIDTH ? RIDGE.own : 1;
  return own * (within === 0 ? RIDGE.bias : within <= SKETCH_FIGURES ? RIDGE.figure : RIDGE.word);
}

/** A row's features: those of all models together, and its own model's. */
function featuresOf({ read: { figures, words } }: Row, own: number): { indices: Int32Array; values: Float32Array } {
  const each = 1 + figures.length + words.length;
  const indices = new Int32Array(2 * each);
  const values = new Float32Array(2 * each);
  const value = wordValue(words.length);
  let at = 0;
  for (const from of [0, own]) {
    indices[at] = from;
    values[at] = 1;
    at += 1;
    for (let figure = 0; figure < figures.length; figure += 1) {
      indices[at] = from + 1 + figure;
      values[at] = figures[figure] ?? 0;
      at += 1;
    }
    for (let word = 0; word < words.length; word += 1) {
      indices[at] = from + 1 + SKETCH_FIGURES + (words[word] ?? 0);
      values[at] = value;
      at += 1;
    }
  }
  return { indices, values };
}

/** By the prompt alone: the same prompt is never learned from and judged by. */
function foldOf(sketch: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (const byte of sketch) hash = Math.imul(hash ^ byte, 0x01000193);
  return ((hash ^ (hash >>> 15)) >>> 0) % FOLDS;
}
