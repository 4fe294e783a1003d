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
  'lines of code',
  'depth of code',
  'calls',
  'arithmetic in code',
  'comparisons in code',
  'parts of lists in code',
  'slices in code',
  'length of an argument',
  'commas in an argument',
  'brackets in an argument',
  'texts in an argument',
  'longest text in an argument',
  ...TEXT_WORDS.map(({ name }) => `words: ${name}`),
  ...CODE_WORDS.map(({ name }) => `code: ${name}`),
];

export const QUESTION_CUE_COUNT = QUESTION_CUES.length;
/** Where the number of choices stands among them. */
export const CHOICES_CUE = 1;

const FIRST_WORDS = QUESTION_CUE_COUNT - TEXT_WORDS.length - CODE_WORDS.length;
const FIRST_CODE = FIRST_WORDS + TEXT_WORDS.length;

const BASIS = 0x811c9dc5;
const PRIME = 0x01000193;
/** Hashes stay small integers, which a map finds fastest. */
const SMALL = 0x3fffffff;

const TEXT_PLACES = placesOf(TEXT_WORDS, FIRST_WORDS);
const CODE_PLACES = placesOf(CODE_WORDS, FIRST_CODE);

function placesOf(groups: readonly WordGroup[], first: number): ReadonlyMap<number, number> {
  return new Map(groups.flatMap(({ words }, place) => words.split(' ').map((word) => [hashOf(word), first + place])));
}

function hashOf(word: string): number {
  let hash = BASIS;
  for (let at = 0; at < word.length; at += 1) hash = Math.imul(hash ^ word.charCodeAt(at), PRIME);
  return hash & SMALL;
}

const log = (value: number) => Math.log(1 + value);
const isDigit = (code: number) => code >= 0x30 && code <= 0x39;
const isSmall = (code: number) => code >= 0x61 && code <= 0x7a;
const isCapital = (code: number) => code >= 0x41 && code <= 0x5a;
const isBlank = (code: number) => code <= 0x20 || Number.isNaN(code);

/** Words that were seen, as one bit each of a table; some hundred words seldom share one. */
const seen = new Uint8Array(4_096);
const seenPlaces = new Uint16Array(4_096);

/** Fills `into` with the values of `QUESTION_CUES` for a text as it is read (`clipPrompt`). Linear in the text, and nothing but small strings is allocated. */
export function measureQuestionCues(text: string, into: Float64Array): void {
  into.fill(0);
  const stem = measureChoices(text, into);
  const code = measureCode(text, into);
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

interface Span {
  readonly from: number;
  readonly to: number;
}

const NO_CODE: Span = { from: 0, to: 0 };

/** Where code stands: from a fence, or from the first definition, to the last fence or the end. */
function codeIn(text: string): Span {
  const fence = text.indexOf('```');
  if (fence !== -1) {
    const last = text.lastIndexOf('```');
    return { from: fence, to: last > fence ? last : text.length };
  }
  const definition = text.indexOf('def ');
  return definition === -1 ? NO_CODE : { from: definition, to: text.length };
}

function measureCode(text: string, into: Float64Array): Span {
  const span = codeIn(text);
  if (span.to === 0) return span;
  let lines = 0;
  let depth = 0;
  let indent = 0;
  let atStart = false;
  let arithmetic = 0;
  let comparisons = 0;
  let open = false;
  let parts = 0;
  let slices = 0;
  for (let at = span.from; at < span.to; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x0a) {
      lines += 1;
      indent = 0;
      atStart = true;
      continue;
    }
    if (atStart) {
      if (code === 0x20) {
        indent += 1;
        continue;
      }
      atStart = false;
      depth = Math.max(depth, indent);
    }
    if (code === 0x2a || code === 0x2b || code === 0x2d || code === 0x2f || code === 0x25) arithmetic += 1;
    else if (code === 0x3c || code === 0x3e) comparisons += 1;
    else if (code === 0x3d && (text.charCodeAt(at + 1) === 0x3d || text.charCodeAt(at - 1) === 0x21)) comparisons += 1;
    else if (code === 0x5b) open = true;
    else if (code === 0x5d) {
      if (open && text.charCodeAt(at - 1) !== 0x5b) parts += 1;
      open = false;
    } else if (code === 0x3a && open) slices += 1;
  }
  into[24] = log(lines);
  into[25] = depth / 8;
  into[27] = log(arithmetic);
  into[28] = log(comparisons);
  into[29] = log(parts);
  into[30] = log(slices);
  measureArgument(text, span, into);
  return span;
}

/** What the code is called with, where its result is asked for: `assert f(...) == ??`. */
function measureArgument(text: string, { from, to }: Span, into: Float64Array): void {
  const asserted = text.lastIndexOf('assert ', to);
  const start = asserted < from ? -1 : text.indexOf('(', asserted);
  if (start === -1) return;
  const stop = text.indexOf(') ==', start);
  const end = stop === -1 || stop > to ? to : stop;
  let commas = 0;
  let brackets = 0;
  let texts = 0;
  let longest = 0;
  let opened = -1;
  for (let at = start + 1; at < end; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x2c) commas += 1;
    else if (code === 0x28 || code === 0x5b || code === 0x7b) brackets += 1;
    else if (code === 0x27 || code === 0x22) {
      texts += 1;
      if (opened === -1) opened = at;
      else {
        longest = Math.max(longest, at - opened - 1);
        opened = -1;
      }
    }
  }
  into[31] = log(end - start);
  into[32] = log(commas);
  into[33] = log(brackets);
  into[34] = log(texts);
  into[35] = log(longest);
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
  into[26] = log(calls);
}

/** A capital within a sentence. */
function isName(text: string, start: number): boolean {
  if (!isCapital(text.charCodeAt(start)) || text.charCodeAt(start - 1) !== 0x20) return false;
  const before = text.charCodeAt(start - 2);
  return isSmall(before) || before === 0x2c;
}
