import { isJsonObject } from '@signalbox/core';
import { readSketch, SKETCH_BUCKETS, SKETCH_FIGURES, type TaskSketch } from './task-sketch.ts';

/** Weights of one head: a bias, the figures of a sketch, its words. */
export const HEAD_WIDTH = 1 + SKETCH_FIGURES + SKETCH_BUCKETS;
/** Heads move what is expected by so many logits at most: what they were learned from is little beside what models were made from. */
export const FURTHEST_LOGITS = 2;

/** Heads as they are kept: ready for JSON. */
export interface LearnedHeads {
  readonly version: 1;
  /** Unix milliseconds. */
  readonly learnedAt: number;
  /** Judged answers that they were learned from. */
  readonly outcomes: number;
  /** By candidate id, and `*` for what all have in common: base64 of `HEAD_WIDTH` 32-bit floats. */
  readonly heads: Readonly<Record<string, string>>;
}

/** How many logits better than expected a model is at a task, by what was learned; `undefined` of a model that nothing was learned of. */
export type LearnedShift = (candidate: string, sketch: TaskSketch) => number | undefined;

/** What every model has in common is under this name. */
export const SHARED_HEAD = '*';

/** Reads heads; `undefined` of ones that another version has learned, and of what is damaged. */
export function createLearnedShift(learned: LearnedHeads): LearnedShift | undefined {
  const heads = new Map<string, Float32Array>();
  // It was read from a file, where it may have been cut off, or be another version's.
  const stored: unknown = learned;
  if (!isJsonObject(stored) || stored.version !== 1 || !isJsonObject(stored.heads)) return undefined;
  for (const [name, text] of Object.entries(stored.heads)) {
    const bytes = Buffer.from(String(text), 'base64');
    if (bytes.length !== HEAD_WIDTH * 4) return undefined;
    heads.set(name, new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length)));
  }
  const shared = heads.get(SHARED_HEAD);
  if (shared === undefined) return undefined;
  return (candidate, sketch) => {
    const own = heads.get(candidate);
    if (own === undefined) return undefined;
    const shift = applied(shared, sketch) + applied(own, sketch);
    return Math.max(-FURTHEST_LOGITS, Math.min(FURTHEST_LOGITS, shift));
  };
}

function applied(head: Float32Array, { figures, words }: TaskSketch): number {
  let sum = head[0] ?? 0;
  for (let figure = 0; figure < figures.length; figure += 1) sum += (head[1 + figure] ?? 0) * (figures[figure] ?? 0);
  const value = wordValue(words.length);
  for (let word = 0; word < words.length; word += 1) {
    sum += (head[1 + SKETCH_FIGURES + (words[word] ?? 0)] ?? 0) * value;
  }
  return sum;
}

/** Each word's part: all of them together have length 1, so that a long prompt says no more than a short one. */
export function wordValue(words: number): number {
  return words === 0 ? 0 : 1 / Math.sqrt(words);
}

export const logit = (share: number): number => {
  const bounded = Math.max(0.005, Math.min(0.995, share));
  return Math.log(bounded / (1 - bounded));
};
export const logistic = (logits: number): number => 1 / (1 + Math.exp(-logits));

const read = new WeakMap<Uint8Array, TaskSketch>();

/** A sketch, read once however many models are asked about it. */
export function sketchOnce(bytes: Uint8Array): TaskSketch | undefined {
  const known = read.get(bytes);
  if (known !== undefined) return known;
  const sketch = readSketch(bytes);
  if (sketch !== undefined) read.set(bytes, sketch);
  return sketch;
}
