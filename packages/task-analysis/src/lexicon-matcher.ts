import type { WordCue } from './task-lexicon.ts';

/** Marks with 1, from `at` on, the cues of a lexicon whose words are in a text, and the others with 0. The text is in lower case. */
export type LexiconMatcher = (text: string, into: Float32Array, at: number) => void;

/** Characters by which the words that could begin at a place are looked up. */
const KEY_LENGTH = 3;
const KEYS = 32_768;
const ASIAN_KEYS = 4_096;

/**
 * Compiles a lexicon to one pass over the text: at each beginning of a word only those words are tried that share its first three characters, so that a
 * lexicon of hundreds of words costs little more than one of ten. Patterns that are bound to the beginning of the text are tried there.
 */
export function createLexiconMatcher(lexicon: readonly WordCue[]): LexiconMatcher {
  const lists = new Map<number, WordsOfCue[]>();
  const whole: { readonly cue: number; readonly pattern: RegExp; readonly begins: string }[] = [];
  const asian: typeof lists = new Map();
  for (const [cue, { pattern }] of lexicon.entries()) {
    if (pattern.source.startsWith('^')) {
      whole.push({ cue, pattern, begins: '' });
      continue;
    }
    for (const word of alternativesOf(pattern.source)) {
      const keys = beginningsOf(word);
      if (isAsian(word.charCodeAt(0))) addWord(asian, asianKeyOf(word, 0), cue, word);
      else if (keys.some((key) => key.length < KEY_LENGTH)) {
        whole.push({ cue, pattern: new RegExp(word), begins: literalBeginning(word) });
      } else for (const key of new Set(keys.map((one) => keyOf(one, 0)))) addWord(lists, key, cue, word);
    }
  }
  const tests = byKey(lists, KEYS);
  const asianTests = byKey(asian, ASIAN_KEYS);
  return (text, into, at) => {
    into.fill(0, at, at + lexicon.length);
    // A plain search first: it takes a tenth of what the pattern does.
    for (const { cue, pattern, begins } of whole) {
      if (text.includes(begins) && pattern.test(text)) into[at + cue] = 1;
    }
    let inWord = false;
    for (let position = 0, end = text.length - ASIAN_KEY_LENGTH; position <= end; position += 1) {
      const code = text.charCodeAt(position);
      const isWord = WORD[code] === 1;
      const begins = !(inWord && isWord);
      inWord = isWord;
      if (!begins) continue;
      const { places, lists: found } = isAsian(code) ? asianTests : tests;
      const list = found[places[isAsian(code) ? asianKeyOf(text, position) : keyOf(text, position)] ?? 0];
      if (list === undefined) continue;
      for (let place = 0; place < list.length; place += 1) {
        const test = list[place];
        if (test === undefined || into[at + test.cue] === 1) continue;
        test.pattern.lastIndex = position;
        if (test.pattern.test(text)) into[at + test.cue] = 1;
      }
    }
  };
}

/** The words of a cue that share a key. */
interface WordsOfCue {
  readonly cue: number;
  readonly words: string[];
}

/** Where the tests of a key stand, in a table that is small enough to be read at each beginning of a word: 0, there are none. */
function byKey(lists: ReadonlyMap<number, readonly WordsOfCue[]>, keys: number) {
  const places = new Uint16Array(keys);
  const tests = [undefined, ...[...lists.values()].map(testsOf)];
  for (const [place, key] of [...lists.keys()].entries()) places[key] = place + 1;
  return { places, lists: tests };
}

function testsOf(list: readonly WordsOfCue[]) {
  return list.map(({ cue, words }) => ({ cue, pattern: new RegExp(words.join('|'), 'y') }));
}

/** Chinese and Japanese are written without blanks, and their words can have two characters. */
const ASIAN_KEY_LENGTH = 2;

function isAsian(code: number): boolean {
  return code >= 0x3040 && code <= 0x9fff;
}

function asianKeyOf(text: string, at: number): number {
  return (text.charCodeAt(at) ^ (text.charCodeAt(at + 1) << 5)) & (ASIAN_KEYS - 1);
}

/** 1 for what `\b` takes for a part of a word. */
const WORD = Uint8Array.from({ length: 128 }, (_, code) => (/\w/.test(String.fromCharCode(code)) ? 1 : 0));

function keyOf(text: string, at: number): number {
  // Five bits tell the letters of English apart.
  return (text.charCodeAt(at) & 31) | ((text.charCodeAt(at + 1) & 31) << 5) | ((text.charCodeAt(at + 2) & 31) << 10);
}

function addWord(lists: Map<number, WordsOfCue[]>, key: number, cue: number, word: string): void {
  const list = lists.get(key) ?? [];
  lists.set(key, list);
  const found = list.find((one) => one.cue === cue);
  if (found === undefined) list.push({ cue, words: [word] });
  else found.words.push(word);
}

/** What every text that matches a word has in it: its plain characters up to the first that may vary. */
function literalBeginning(word: string): string {
  const plain = /^(?:\\b)?((?:(?:\\[^\w]|[^\\()[\]|.?*+{}^$])(?![?*+{]))*)/.exec(word)?.[1] ?? '';
  return plain.replaceAll('\\', '');
}

/** The alternatives of a pattern that stand outside of groups. */
function alternativesOf(source: string): string[] {
  const words: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at < source.length; at += 1) {
    const one = source[at];
    if (one === '\\') at += 1;
    else if (one === '(' || one === '[') depth += 1;
    else if (one === ')' || one === ']') depth -= 1;
    else if (one === '|' && depth === 0) {
      words.push(source.slice(from, at));
      from = at + 1;
    }
  }
  return [...words, source.slice(from)];
}

/** A part of a pattern: a character, one of a class, or a group, as the texts it can be; `undefined`: more than can be said. */
const PART = /\\b|\\?[^()[\]|]|\[[^\]]*\]|\(\?:(?:[^()]|\((?:[^()])*\))*\)/y;

/** What a text that matches can begin with, three characters each; shorter where the pattern leaves the rest open. */
function beginningsOf(source: string): string[] {
  let open = [''];
  const closed: string[] = [];
  for (let at = 0; at < source.length && open.length > 0; ) {
    PART.lastIndex = at;
    const part = PART.exec(source)?.[0] ?? source.slice(at);
    at += part.length;
    const repeat = /^(?:[?*+]|\{[^}]*\})/.exec(source.slice(at))?.[0] ?? '';
    at += repeat.length;
    if (part === '\\b') continue;
    const texts = textsOf(part);
    if (texts === undefined || (repeat !== '' && repeat !== '?')) return [...closed, ...open];
    const longer = open.flatMap((one) => [...(repeat === '?' ? [one] : []), ...texts.map((text) => one + text)]);
    open = longer.filter((one) => one.length < KEY_LENGTH);
    closed.push(...longer.filter((one) => one.length >= KEY_LENGTH).map((one) => one.slice(0, KEY_LENGTH)));
  }
  return [...closed, ...open];
}

function textsOf(part: string): readonly string[] | undefined {
  if (part.startsWith('(?:')) return alternativesOf(part.slice(3, -1)).flatMap(beginningsOf);
  if (part.startsWith('[')) return /[\^\\]|.-./.test(part.slice(1, -1)) ? undefined : [...part.slice(1, -1)];
  if (part.startsWith('\\')) return /\w/.test(part.slice(1)) ? undefined : [part.slice(1)];
  return part === '.' ? undefined : [part];
}
