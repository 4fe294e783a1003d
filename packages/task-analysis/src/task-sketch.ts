import { shortDigest, type TaskProfile } from '@signalbox/core';
import { CHARACTER_BUCKETS, type Features, WORD_BUCKETS } from './extract-features.ts';
import { HEAD_NAMES, type HeadScores } from './heads.ts';
import { CUE_COUNT } from './text-cues.ts';

/** Buckets of words that are kept of a prompt at most: a short one has all of its own, of a long one it is a sample. */
const SKETCH_WORDS = 64;
/** Changes when an old sketch would mean something else. */
const VERSION = 2;
const HEAD = 2;
/** What one step of a byte stands for: scores reach from −2.6 to 2.6, cues from −1.3 to 1.3. */
const SCORE_STEP = 1 / 48;
const CUE_STEP = 1 / 96;

/** Figures of a sketch beside its words. */
export const SKETCH_FIGURES = HEAD_NAMES.length + CUE_COUNT;
/** Words of sketches have numbers below this. */
export const SKETCH_BUCKETS = 2_048;

/** A sketch, read. */
export interface TaskSketch {
  /** What the built-in heads and the cues say; about −1 to 1 each. */
  readonly figures: Float32Array;
  /** Buckets of words, each once. */
  readonly words: Uint16Array;
}

let ranks: Uint16Array | undefined;

/** Buckets in an order of chance that is the same everywhere: the first of a prompt are a fair sample of its words, and the same word is in or out in similar prompts. */
export function rankOfBucket(): Uint16Array {
  ranks ??= orderOfChance();
  return ranks;
}

const scratch = new Uint16Array(WORD_BUCKETS);

/**
 * A prompt in at most 180 bytes: what the built-in heads and cues say, and the numbers of up to 64 of its words and pairs of words (13 bits of a hash, so that
 * some hundred words share each). Learning needs no more, and no text can be read from it.
 */
export function makeSketch({ indices, values }: Features, scores: HeadScores): Uint8Array {
  const ranks = rankOfBucket();
  let count = 0;
  let at = 0;
  for (; at < indices.length && (indices[at] ?? 0) < WORD_BUCKETS; at += 1) {
    scratch[count] = ranks[indices[at] ?? 0] ?? 0;
    count += 1;
  }
  const kept = Math.min(count, SKETCH_WORDS);
  // Typed arrays are sorted by value, without a call for each pair.
  const words = scratch.subarray(0, count).sort();
  const sketch = new Uint8Array(HEAD + SKETCH_FIGURES + 2 * kept);
  sketch[0] = VERSION;
  sketch[1] = kept;
  let place = HEAD;
  for (const name of HEAD_NAMES) {
    sketch[place] = signedByte(scores[name] / SCORE_STEP);
    place += 1;
  }
  for (let from = indices.length - 1; from >= 0; from -= 1) {
    const cue = (indices[from] ?? 0) - WORD_BUCKETS - CHARACTER_BUCKETS;
    if (cue < 0) break;
    sketch[place + cue] = signedByte((values[from] ?? 0) / CUE_STEP);
  }
  place += CUE_COUNT;
  for (let word = 0; word < kept; word += 1) {
    const rank = words[word] ?? 0;
    sketch[place] = rank & 0xff;
    sketch[place + 1] = rank >>> 8;
    place += 2;
  }
  return sketch;
}

/** Reads a sketch; `undefined` of bytes that are none, or of another version. */
export function readSketch(bytes: Uint8Array): TaskSketch | undefined {
  const count = bytes[1] ?? 0;
  if (bytes[0] !== VERSION || bytes.length !== HEAD + SKETCH_FIGURES + 2 * count) return undefined;
  const figures = new Float32Array(SKETCH_FIGURES);
  for (let figure = 0; figure < SKETCH_FIGURES; figure += 1) {
    const step = figure < HEAD_NAMES.length ? SCORE_STEP : CUE_STEP;
    figures[figure] = (((bytes[HEAD + figure] ?? 0) << 24) >> 24) * step;
  }
  const words = new Set<number>();
  for (let word = 0; word < count; word += 1) {
    const place = HEAD + SKETCH_FIGURES + 2 * word;
    words.add(((bytes[place] ?? 0) | ((bytes[place + 1] ?? 0) << 8)) % SKETCH_BUCKETS);
  }
  return { figures, words: Uint16Array.from(words) };
}

/** What is remembered of a prompt: its sketch, and what tells it from prompts that have the same one. */
interface Remembered {
  readonly sketch: Uint8Array;
  readonly digest: string;
}

const remembered = new WeakMap<TaskProfile, Remembered>();

/** Characters from the beginning and the end of a prompt that are looked at to tell it from others, beside its length. */
const DIGESTED = { first: 2_400, last: 600 };

/** Remembers the sketch of a prompt for as long as somebody holds its profile. */
export function rememberSketch(profile: TaskProfile, sketch: Uint8Array, prompt: string): void {
  const { first, last } = DIGESTED;
  const looked = prompt.length <= first + last ? prompt : `${prompt.slice(0, first)}${prompt.slice(-last)}`;
  remembered.set(profile, { sketch, digest: `${shortDigest(looked)}${prompt.length.toString(16)}` });
}

/** The sketch of a prompt that an analyser has read, by its profile: the same value, not a copy of it. */
export function sketchOf(profile: TaskProfile | undefined): Uint8Array | undefined {
  return profile === undefined ? undefined : remembered.get(profile)?.sketch;
}

/** Tells a prompt from others whose sketches are the same: words that the heads don't know, such as numbers and names of files, are in none. */
export function promptDigestOf(profile: TaskProfile | undefined): string | undefined {
  return profile === undefined ? undefined : remembered.get(profile)?.digest;
}

function signedByte(value: number): number {
  return Math.max(-127, Math.min(127, Math.round(value))) & 0xff;
}

function orderOfChance(): Uint16Array {
  const mixed = Array.from({ length: WORD_BUCKETS }, (_, bucket) => {
    let hash = Math.imul(bucket + 1, 0x9e3779b1);
    hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
    return [(hash ^ (hash >>> 13)) >>> 0, bucket] as const;
  });
  mixed.sort((one, other) => one[0] - other[0] || one[1] - other[1]);
  const rank = new Uint16Array(WORD_BUCKETS);
  for (const [place, [, bucket]] of mixed.entries()) rank[bucket] = place;
  return rank;
}
