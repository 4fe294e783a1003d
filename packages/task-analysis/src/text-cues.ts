import { createLexiconMatcher, type LexiconMatcher } from './lexicon-matcher.ts';
import { TASK_LEXICON } from './task-lexicon.ts';

/** A figure about a text that a person could check. */
export interface Cue {
  readonly name: string;
  /** What the measured value is multiplied with, so that a cue weighs about as much as a strong word. */
  readonly scale: number;
}

/** What is measured beside the words, in this order. Lengths are logarithms, shares are of the characters that are read. */
export const CUES: readonly Cue[] = [
  { name: 'always one', scale: 1 },
  { name: 'length', scale: 0.3 },
  { name: 'length, cut to short ones', scale: 0.3 },
  { name: 'lines', scale: 0.2 },
  { name: 'length of a line', scale: 0.2 },
  { name: 'share of digits', scale: 2 },
  { name: 'share of capitals', scale: 2 },
  { name: 'share of punctuation', scale: 1 },
  { name: 'share of other scripts', scale: 1 },
  { name: 'length of a word', scale: 0.3 },
  { name: 'numbers', scale: 0.2 },
  { name: 'question marks', scale: 0.3 },
  { name: 'code fence', scale: 0.5 },
  { name: 'brackets and semicolons', scale: 1 },
  { name: 'TeX', scale: 0.3 },
  { name: 'list items', scale: 0.2 },
  { name: 'choices', scale: 0.4 },
  { name: 'begins with a question word', scale: 0.3 },
  { name: 'begins with a verb of making', scale: 0.3 },
  ...TASK_LEXICON.map(({ name }) => ({ name: `words: ${name}`, scale: 0.5 })),
];

export const CUE_COUNT = CUES.length;

/** The cues of form, one behind the other: all but the constant and the words of kinds of task. */
export const FORM_CUES: readonly number[] = Array.from(
  { length: CUE_COUNT - TASK_LEXICON.length - 1 },
  (_, place) => place + 1,
);

const QUESTION_WORD =
  /^\W{0,5}(?:what|who|whom|whose|when|where|which|why|how|is|are|does|do|did|can|could|was|were)\b/i;
const MAKING_VERB =
  /^\W{0,5}(?:please |can you |could you )?(?:write|create|build|implement|design|develop|generate|make|add|refactor|fix|draft|compose|produce)\b/i;

let matcher: LexiconMatcher | undefined;

/** Compiled when the first prompt is read: 20 ms of CPU that a program which only passes on does not spend. */
export function lexiconMatcher(): LexiconMatcher {
  matcher ??= createLexiconMatcher(TASK_LEXICON);
  return matcher;
}

const log = (value: number) => Math.log(1 + value);

/** Fills `into` with the values of `CUES` for a text of `length` characters, of which `prompt` is what is read. */
export function measureCues(prompt: string, length: number, into: Float32Array): void {
  const end = prompt.length;
  let digits = 0;
  let capitals = 0;
  let punctuation = 0;
  let others = 0;
  let letters = 0;
  let words = 0;
  let numbers = 0;
  let lines = 1;
  let questions = 0;
  let brackets = 0;
  let backslashes = 0;
  let items = 0;
  let choices = 0;
  let lineStart = true;
  let indentation = 0;
  let before = 0x20;
  for (let position = 0; position < end; position += 1) {
    const code = prompt.charCodeAt(position);
    const lower = code >= 0x61 && code <= 0x7a;
    const upper = code >= 0x41 && code <= 0x5a;
    if (lower || upper) {
      letters += 1;
      if (!isLetter(before)) words += 1;
      // At the beginning of a line a capital is a matter of style.
      if (upper && !lineStart) capitals += 1;
      if (lineStart) {
        const next = prompt.charCodeAt(position + 1);
        if (next === 0x2e || next === 0x29) choices += 1;
      }
    } else if (code >= 0x30 && code <= 0x39) {
      digits += 1;
      if (!(before >= 0x30 && before <= 0x39)) numbers += 1;
    } else if (code >= 0x80) others += 1;
    else if (code > 0x20) {
      punctuation += 1;
      if (code === 0x3f) questions += 1;
      else if (code === 0x5c || code === 0x24) backslashes += 1;
      else if (BRACKETS[code] === 1) brackets += 1;
      else if (lineStart && (code === 0x2d || code === 0x2a)) items += 1;
    }
    if (code === 0x0a) {
      lines += 1;
      lineStart = true;
    } else if (code > 0x20) lineStart = false;
    else if (lineStart) indentation += 1;
    before = code;
  }
  const read = Math.max(1, end - indentation);
  const measured = [
    1,
    log(length - indentation) / 5,
    Math.min(1, (length - indentation) / 200),
    log(lines),
    log(read / lines) / 4,
    digits / read,
    capitals / read,
    punctuation / read,
    others / read,
    words === 0 ? 0 : letters / words / 5,
    log(numbers),
    log(questions),
    prompt.includes('```') ? 1 : 0,
    brackets / read,
    log(backslashes),
    log(items),
    choices > 2 ? 1 : 0,
    QUESTION_WORD.test(prompt) ? 1 : 0,
    MAKING_VERB.test(prompt) ? 1 : 0,
  ];
  into.set(measured);
  lexiconMatcher()(prompt.toLowerCase(), into, measured.length);
}

const BRACKETS = Uint8Array.from({ length: 128 }, (_, code) =>
  '(){}[];='.includes(String.fromCharCode(code)) ? 1 : 0,
);

function isLetter(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a);
}
