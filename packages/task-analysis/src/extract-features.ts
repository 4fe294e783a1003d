import { READ_CHARACTERS, readPrompt } from './read-prompt.ts';
import { CUE_COUNT, CUES, measureCues } from './text-cues.ts';

/** Buckets for hashed words and pairs of words. */
export const WORD_BUCKETS = 8_192;
/** Buckets for hashed runs of three to five characters. */
export const CHARACTER_BUCKETS = 8_192;
/** Words, characters and cues in one row of numbers. */
export const FEATURE_COUNT = WORD_BUCKETS + CHARACTER_BUCKETS + CUE_COUNT;

/** A prompt as a sparse row: `values[n]` stands at `indices[n]`. */
export interface Features {
  readonly indices: Uint16Array;
  readonly values: Float32Array;
  /** The prompt as it is read (`readPrompt`). */
  readonly text: string;
}

const SPACE = 0x20;
const PRIME = 0x01000193;
const BASIS = 0x811c9dc5;

// Scratch space: the analysis is synchronous, so that one of each is enough, and nothing is allocated for a prompt.
const codes = new Uint16Array(READ_CHARACTERS + 2);
const counts = new Uint16Array(WORD_BUCKETS + CHARACTER_BUCKETS);
const touched = new Uint16Array(WORD_BUCKETS + CHARACTER_BUCKETS);
const indices = new Uint16Array(FEATURE_COUNT);
const values = new Float32Array(FEATURE_COUNT);
const cues = new Float32Array(CUE_COUNT);

/**
 * A prompt as numbers: hashed words and pairs of words, hashed runs of 3 to 5 characters (each group of length 1, counts by
 * their root), and the cues of `CUES`. The arrays are views that the next call writes over. Linear in the text, of which
 * `READ_CHARACTERS` are read.
 */
export function extractFeatures(prompt: string): Features {
  const { text, length: whole } = readPrompt(prompt);
  const length = normalise(text);
  let count = 0;
  count = hashWords(length, count);
  const words = count;
  count = hashCharacters(length, count);
  const end = writeGroup(0, words, 0);
  let filled = writeGroup(words, count, end);
  measureCues(text, whole, cues);
  for (let cue = 0; cue < CUE_COUNT; cue += 1) {
    const value = cues[cue] ?? 0;
    if (value === 0) continue;
    indices[filled] = WORD_BUCKETS + CHARACTER_BUCKETS + cue;
    values[filled] = value * (CUES[cue]?.scale ?? 1);
    filled += 1;
  }
  return { indices: indices.subarray(0, filled), values: values.subarray(0, filled), text };
}

/** Lower case, digits as one digit, runs of blanks as one, a blank at both ends. Gives the length. */
function normalise(prompt: string): number {
  const end = prompt.length;
  codes[0] = SPACE;
  let length = 1;
  for (let position = 0; position < end; position += 1) {
    let code = prompt.charCodeAt(position);
    if (code >= 0x41 && code <= 0x5a) code += 32;
    else if (code >= 0x30 && code <= 0x39) code = 0x30;
    else if (code <= SPACE) {
      if (codes[length - 1] === SPACE) continue;
      code = SPACE;
    }
    codes[length] = code;
    length += 1;
  }
  if (codes[length - 1] !== SPACE) {
    codes[length] = SPACE;
    length += 1;
  }
  return length;
}

function isWord(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || code === 0x30 || code === 0x5f || code >= 0x80;
}

function hashWords(length: number, start: number): number {
  let count = start;
  let previous = 0;
  let hash = BASIS;
  let inside = false;
  for (let position = 0; position < length; position += 1) {
    const code = codes[position] ?? SPACE;
    if (isWord(code)) {
      hash = Math.imul(hash ^ code, PRIME);
      inside = true;
    } else if (inside) {
      const word = mix(hash);
      count = add(word >>> 19, count);
      if (previous !== 0) count = add(mix(Math.imul(previous, 31) ^ word) >>> 19, count);
      previous = word;
      hash = BASIS;
      inside = false;
    }
  }
  return count;
}

function hashCharacters(length: number, start: number): number {
  let count = start;
  for (let position = 0; position + 2 < length; position += 1) {
    let hash = BASIS;
    hash = Math.imul(hash ^ (codes[position] ?? 0), PRIME);
    hash = Math.imul(hash ^ (codes[position + 1] ?? 0), PRIME);
    hash = Math.imul(hash ^ (codes[position + 2] ?? 0), PRIME);
    count = add(WORD_BUCKETS + (mix(hash) >>> 19), count);
    if (position + 3 >= length) break;
    hash = Math.imul(hash ^ (codes[position + 3] ?? 0), PRIME);
    count = add(WORD_BUCKETS + (mix(hash) >>> 19), count);
    if (position + 4 >= length) continue;
    hash = Math.imul(hash ^ (codes[position + 4] ?? 0), PRIME);
    count = add(WORD_BUCKETS + (mix(hash) >>> 19), count);
  }
  return count;
}

/** The finishing step of MurmurHash3: all bits of a hash depend on all bits of the text. */
function mix(hash: number): number {
  let mixed = hash;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

function add(bucket: number, count: number): number {
  const before = counts[bucket] ?? 0;
  counts[bucket] = before + 1;
  if (before > 0) return count;
  touched[count] = bucket;
  return count + 1;
}

/** Writes the touched buckets from `from` to `to` with length 1, and clears their counts. */
function writeGroup(from: number, to: number, at: number): number {
  let sum = 0;
  for (let place = from; place < to; place += 1) sum += counts[touched[place] ?? 0] ?? 0;
  const norm = sum === 0 ? 0 : 1 / Math.sqrt(sum);
  let filled = at;
  for (let place = from; place < to; place += 1) {
    const bucket = touched[place] ?? 0;
    indices[filled] = bucket;
    values[filled] = Math.sqrt(counts[bucket] ?? 0) * norm;
    counts[bucket] = 0;
    filled += 1;
  }
  return filled;
}
