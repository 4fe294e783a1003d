import { isBlank, isCapital, isDigit, isSmall } from './character-classes.ts';
import { CALLS_CUE, CODE_CUES, measureCode, type Span } from './code-cues.ts';
import { CODE_WORDS, TEXT_WORDS, type WordGroup } from './question-words.ts';

/** What of a question is measured beside its cues: its form, its numbers, groups of words, and what its code does. Counts are logarithms. */
export const QUESTION_CUES: readonly string[] = [
  'length of the question itself',
  'choices',
  'length of a choice',
  'spread of the lengths of choices',
  'share of choices with digits',
  'share of choices that are numbers',
  'sentences',
  'length of a sentence',
  'words',
  'share of different words',
  'share of what is longer than a word',
  'names',
  'quotation marks',
  'gaps',
  'numbers',
  'digits of the longest number',
  'decimals',
  'fractions',
  'percent signs',
  'commands of TeX',
  'powers',
  'indices',
  'dollars',
  'equals',
  ...CODE_CUES,
  ...TEXT_WORDS.map(({ name }) => `words: ${name}`),
  ...CODE_WORDS.map(({ name }) => `code: ${name}`),
];

export const QUESTION_CUE_COUNT = QUESTION_CUES.length;
/** Where the number of choices stands among them. */
export const CHOICES_CUE = 1;

/** Where the cues of code begin. */
const FIRST_CODE = QUESTION_CUES.indexOf(CODE_CUES[0] ?? '');
const FIRST_WORDS = QUESTION_CUE_COUNT - TEXT_WORDS.length - CODE_WORDS.length;
const FIRST_CODE_WORDS = FIRST_WORDS + TEXT_WORDS.length;

const BASIS = 0x811c9dc5;
const PRIME = 0x01000193;
/** Hashes stay small integers, which a map finds fastest. */
const SMALL = 0x3fffffff;

const TEXT_PLACES = placesOf(TEXT_WORDS, FIRST_WORDS);
const CODE_PLACES = placesOf(CODE_WORDS, FIRST_CODE_WORDS);

function placesOf(groups: readonly WordGroup[], first: number): ReadonlyMap<number, number> {
  return new Map(groups.flatMap(({ words }, place) => words.split(' ').map((word) => [hashOf(word), first + place])));
}

function hashOf(word: string): number {
  let hash = BASIS;
  for (let at = 0; at < word.length; at += 1) hash = Math.imul(hash ^ word.charCodeAt(at), PRIME);
  return hash & SMALL;
}

const log = (value: number) => Math.log(1 + value);

/** Words that were seen, as one bit each of a table; some hundred words seldom share one. */
const seen = new Uint8Array(4_096);
const seenPlaces = new Uint16Array(4_096);

/** Fills `into` with the values of `QUESTION_CUES` for a text as it is read (`readPrompt`). Linear in the text, and nothing but small strings is allocated. */
export function measureQuestionCues(text: string, into: Float64Array): void {
  into.fill(0);
  const stem = measureChoices(text, into);
  const code = measureCode(text, into.subarray(FIRST_CODE));
  measureText(text, stem, code, into);
  for (let place = FIRST_WORDS; place < QUESTION_CUE_COUNT; place += 1) into[place] = log(into[place] ?? 0);
}

/** A form of choice: "A. ", "(B) ", at the start of a line. Gives where the first of them begins, or the text's end. */
function measureChoices(text: string, into: Float64Array): number {
  let first = text.length;
  let count = 0;
  let lengths = 0;
  let squares = 0;
  let withDigits = 0;
  let numeric = 0;
  for (let start = 0; start < text.length; ) {
    const found = text.indexOf('\n', start);
    const end = found === -1 ? text.length : found;
    const letter = text.charCodeAt(start) === 0x28 ? start + 1 : start;
    const code = text.charCodeAt(letter);
    const after = text.charCodeAt(letter + 1);
    if (code >= 0x41 && code <= 0x4a && (after === 0x2e || after === 0x29)) {
      if (code === 0x41 && count === 0) first = start;
      const from = text.charCodeAt(letter + 2) === 0x20 ? letter + 3 : letter + 2;
      const length = Math.max(0, end - from);
      count += 1;
      lengths += length;
      squares += length * length;
      let digits = 0;
      let letters = 0;
      for (let at = from; at < end; at += 1) {
        const one = text.charCodeAt(at);
        if (isDigit(one)) digits += 1;
        else if (isSmall(one) || isCapital(one) || one >= 0x80) letters += 1;
      }
      if (digits > 0) withDigits += 1;
      if (digits > 0 && letters <= 3) numeric += 1;
    }
    start = end + 1;
  }
  into[0] = log(first);
  if (count === 0) return first;
  into[1] = log(count);
  into[2] = log(lengths / count);
  into[3] = log(Math.sqrt(Math.max(0, squares / count - (lengths / count) ** 2)));
  into[4] = withDigits / count;
  into[5] = numeric / count;
  return first;
}

function measureText(text: string, stem: number, code: Span, into: Float64Array): void {
  let sentences = 0;
  let words = 0;
  let different = 0;
  let tokens = 0;
  let tokenStart = -1;
  let long = 0;
  let names = 0;
  let quotes = 0;
  let gaps = 0;
  let numbers = 0;
  let longest = 0;
  let decimals = 0;
  let fractions = 0;
  let percents = 0;
  let commands = 0;
  let powers = 0;
  let indices = 0;
  let dollars = 0;
  let equals = 0;
  let calls = 0;
  let hash = BASIS;
  let wordStart = -1;
  let numberStart = -1;
  let before = 0x20;
  // One step beyond the end closes the last word and number.
  for (let at = 0; at <= text.length; at += 1) {
    const one = text.charCodeAt(at);
    const lower = isCapital(one) ? one + 32 : one;
    if (isSmall(lower)) {
      if (wordStart === -1) wordStart = at;
      hash = Math.imul(hash ^ lower, PRIME);
    } else if (wordStart !== -1) {
      const found = hash & SMALL;
      words += 1;
      const slot = found & 4_095;
      if (seen[slot] === 0) {
        seen[slot] = 1;
        seenPlaces[different] = slot;
        different += 1;
        if (wordStart < stem && isName(text, wordStart)) names += 1;
      }
      const place = TEXT_PLACES.get(found);
      if (place !== undefined) into[place] = (into[place] ?? 0) + 1;
      if (wordStart >= code.from && at <= code.to) {
        const inCode = CODE_PLACES.get(found);
        if (inCode !== undefined) into[inCode] = (into[inCode] ?? 0) + 1;
        if (one === 0x28 && text.charCodeAt(wordStart - 1) === 0x2e) calls += 1;
      }
      hash = BASIS;
      wordStart = -1;
    }
    if (isBlank(one)) {
      if (tokenStart !== -1) {
        tokens += 1;
        if (at - tokenStart > 8) long += 1;
        tokenStart = -1;
      }
    } else if (tokenStart === -1 && at < stem) tokenStart = at;
    if (isDigit(one)) {
      if (numberStart === -1) {
        numberStart = at;
        if (at < stem) {
          numbers += 1;
          if (before === 0x2e && isDigit(text.charCodeAt(at - 2))) {
            // The digits behind a decimal point are no number of their own.
            numbers -= 1;
            decimals += 1;
          }
          if (before === 0x2f && isDigit(text.charCodeAt(at - 2))) fractions += 1;
        }
      }
    } else if (numberStart !== -1) {
      if (numberStart < stem) longest = Math.max(longest, at - numberStart);
      numberStart = -1;
    }
    if (one === 0x2e || one === 0x3f || one === 0x21) {
      if (at < stem && isBlank(text.charCodeAt(at + 1))) sentences += 1;
    } else if (one === 0x22 || one === 0x27) quotes += 1;
    else if (one === 0x5f) {
      indices += 1;
      if (before === 0x5f) gaps = 1;
    } else if (one === 0x25) percents += 1;
    else if (one === 0x5c) {
      if (isSmall(text.charCodeAt(at + 1))) commands += 1;
    } else if (one === 0x5e) powers += 1;
    else if (one === 0x24) dollars += 1;
    else if (one === 0x3d) equals += 1;
    before = one;
  }
  for (let place = 0; place < different; place += 1) seen[seenPlaces[place] ?? 0] = 0;
  into[6] = log(sentences);
  into[7] = log(stem / Math.max(1, sentences));
  into[8] = log(words);
  into[9] = words === 0 ? 0 : different / words;
  into[10] = tokens === 0 ? 0 : long / tokens;
  into[11] = log(names);
  into[12] = log(quotes);
  into[13] = gaps;
  into[14] = log(numbers);
  into[15] = Math.min(2, longest / 5);
  into[16] = log(decimals);
  into[17] = log(fractions);
  into[18] = log(percents);
  into[19] = log(commands);
  into[20] = log(powers);
  into[21] = log(indices);
  into[22] = log(dollars);
  into[23] = log(equals);
  into[FIRST_CODE + CALLS_CUE] = log(calls);
}

/** A capital within a sentence. */
function isName(text: string, start: number): boolean {
  if (!isCapital(text.charCodeAt(start)) || text.charCodeAt(start - 1) !== 0x20) return false;
  const before = text.charCodeAt(start - 2);
  return isSmall(before) || before === 0x2c;
}
