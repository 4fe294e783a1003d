import { OTHER_WORDS, TASK_WORDS } from './task-words.ts';

/** A shorter word is too easily another one. */
const LEAST = 4;
const MOST = 16;
const SLOTS = 4_096;
/** The bit that a small letter has and a capital lacks. */
const LOWER = 0x20;

/** A number for each letter, so that sums of different letters are different ones, mostly. */
const LETTER = Uint32Array.from({ length: 32 }, (_, letter) => (Math.imul(letter + 1, 0x9e3779b1) >>> 8) & 0xfffff);

/** Words by length and letters, whatever their order. */
const words = new Map<number, string[]>();
/** Whether any word has a key, by a few of its bits: most words of a text are dismissed by it. */
const known = new Uint8Array(SLOTS);

for (const word of TASK_WORDS.split(' ')) {
  let letters = 0;
  for (let at = 0; at < word.length; at += 1) letters += LETTER[word.charCodeAt(at) & 31] ?? 0;
  const key = keyOf(word.length, letters);
  known[key & (SLOTS - 1)] = 1;
  words.set(key, [...(words.get(key) ?? []), word]);
}

/**
 * Puts two neighbouring letters right where a word of a text would be a task word but for them ("refcator"). What is a task word as it stands stays. Gives -1, the
 * start of no word.
 */
export function correctedWord(codes: Uint16Array, start: number, end: number): -1 {
  const length = end - start;
  if (length < LEAST || length > MOST) return -1;
  let letters = 0;
  for (let at = start; at < end; at += 1) letters += LETTER[(codes[at] ?? 0) & 31] ?? 0;
  const key = keyOf(length, letters);
  if (known[key & (SLOTS - 1)] === 0) return -1;
  const found = words.get(key) ?? [];
  for (const word of found) if (isSame(word, codes, start)) return -1;
  if (found.length === 0) return -1;
  const read = String.fromCharCode.apply(null, codes.subarray(start, end) as unknown as number[]).toLowerCase();
  if (OTHER_WORDS.has(read)) return -1;
  for (const word of found) {
    const at = swapAt(word, read);
    if (at === -1) continue;
    const first = codes[start + at] ?? 0;
    codes[start + at] = codes[start + at + 1] ?? 0;
    codes[start + at + 1] = first;
    break;
  }
  return -1;
}

function isSame(word: string, codes: Uint16Array, start: number): boolean {
  let at = 0;
  while (at < word.length && ((codes[start + at] ?? 0) | LOWER) === word.charCodeAt(at)) at += 1;
  return at === word.length;
}

/** Where two neighbouring letters stand that make a word another of the same letters; -1: more is different. */
function swapAt(word: string, read: string): number {
  let at = 0;
  while (word[at] === read[at]) at += 1;
  const swapped = `${read.slice(0, at)}${read[at + 1] ?? ''}${read[at] ?? ''}${read.slice(at + 2)}`;
  return swapped === word ? at : -1;
}

function keyOf(length: number, letters: number): number {
  return (Math.imul(letters, 31) + length) & 0x3fffffff;
}
