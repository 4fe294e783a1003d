/** What a look at the disk says of a word. */
export type WordKind = 'file' | 'folder' | 'nothing';

/** Endings of files by what people call them. The first word of a sentence that is here decides. */
const ENDINGS: readonly (readonly [words: RegExp, endings: readonly string[]])[] = [
  [/^python$/i, ['py', 'pyi']],
  [/^(typescript|ts)$/i, ['ts', 'tsx', 'mts', 'cts']],
  [/^(javascript|js)$/i, ['js', 'jsx', 'mjs', 'cjs']],
  [/^(go|golang)$/, ['go']],
  [/^rust$/i, ['rs']],
  [/^java$/i, ['java']],
  [/^kotlin$/i, ['kt', 'kts']],
  [/^swift$/i, ['swift']],
  [/^ruby$/i, ['rb']],
  [/^php$/i, ['php']],
  [/^(c#|csharp)$/i, ['cs']],
  [/^(c\+\+|cpp)$/i, ['cpp', 'cc', 'cxx', 'hpp', 'hh', 'h']],
  [/^C$/, ['c', 'h']],
  [/^scala$/i, ['scala']],
  [/^elixir$/i, ['ex', 'exs']],
  [/^(shell|bash)$/i, ['sh', 'bash']],
  [/^sql$/i, ['sql']],
  [/^html$/i, ['html', 'htm']],
  [/^css$/i, ['css', 'scss', 'less']],
  [/^vue$/i, ['vue']],
  [/^svelte$/i, ['svelte']],
  [/^(markdown|md)$/i, ['md', 'mdx']],
  [/^(yaml|yml)$/i, ['yml', 'yaml']],
  [/^json$/i, ['json']],
  [/^toml$/i, ['toml']],
  [/^xml$/i, ['xml']],
  [/^csv$/i, ['csv']],
  [/^(text|txt)$/i, ['txt']],
  [/^pdfs?$/i, ['pdf']],
];

/**
 * The files that a sentence names, as patterns: files and patterns by their names, "all Python files in src/", "every .ts file", "the files in docs". Empty where it
 * names none. `look` says what stands on the disk under a word.
 *
 * @example namedFiles('Review all Python files in src/', look) // ['src/**' + '/*.{py,pyi}']
 */
export function namedFiles(sentence: string, look: (word: string) => WordKind): readonly string[] {
  const words = sentence.split(/[\s,]+/).flatMap(bareWords);
  const named: string[] = [];
  const folders: string[] = [];
  const endings = new Set<string>();
  let isPlace = false;
  for (const [index, [word, bare]] of words.entries()) {
    if (/[*?]/.test(word) && /[./]/.test(word)) named.push(word);
    else if (bare === '' && word !== '.') continue;
    else {
      const kind = look(bare);
      const isFolder: boolean = kind === 'folder' && (isPlace || bare.includes('/') || word.endsWith('/'));
      if (kind === 'file') named.push(escapePattern(bare));
      else if (isFolder) folders.push(escapePattern(bare.replace(/\/+$/, '')));
      else if (saysFiles(words, index)) for (const ending of endingsOf(word)) endings.add(ending);
      // "in src/ and docs", "in the docs folder"
      isPlace = isFolder || PLACES.test(bare) || (isPlace && BETWEEN.test(bare));
    }
  }
  if (endings.size === 0 && !(folders.length > 0 && words.some((_, index) => areFiles(words, index)))) return named;
  // "the Python files a.py and b.py": files that are named are meant, not everything of their kind.
  if (named.length > 0 && folders.length === 0) return named;
  const all = [...endings];
  const last = all.length === 0 ? '*' : all.length === 1 ? `*.${all[0]}` : `*.{${all.join(',')}}`;
  return [...named, ...(folders.length === 0 ? [`**/${last}`] : folders.map((folder) => `${folder}/**/${last}`))];
}

const PLACES = /^(in|inside|under|within|from|below)$/i;
const BETWEEN = /^(and|or|the|my|our|this|folder|folders|directory|dir)$/i;
/** What may stand between a kind of files and the word "files". */
const KIND = /^(and|or|source|code|test|config|configuration)$/i;
const MANY = /^(files|modules|scripts|documents|docs|sources|pages)$/i;
const ONE = /^(file|module|script|document|page)$/i;

function endingsOf(word: string): readonly string[] {
  if (/^\.\w{1,8}$/.test(word)) return [word.slice(1)];
  return ENDINGS.find(([names]) => names.test(word))?.[1] ?? [];
}

/** Whether a word means several files: "files", or "file" behind "each". */
function areFiles(words: Words, index: number): boolean {
  const [, word = ''] = words[index] ?? [];
  if (MANY.test(word)) return true;
  const before = words.slice(Math.max(0, index - 4), index);
  return ONE.test(word) && before.some(([, one]) => /^(each|every|any|all)$/i.test(one));
}

/** Whether "files" comes next, or behind other kinds of them. */
function saysFiles(words: Words, index: number): boolean {
  let next = index + 1;
  while (next < words.length && !areFiles(words, next)) {
    const [word = ''] = words[next] ?? [];
    if (!KIND.test(word) && endingsOf(word).length === 0) return false;
    next += 1;
  }
  return next < words.length;
}

type Words = readonly (readonly [word: string, bare: string])[];

/** A word as it stands, and without what only belongs to the sentence. */
function bareWords(word: string): readonly (readonly [word: string, bare: string])[] {
  const trimmed = word.replace(/^["'`([{<]+/, '').replace(/["'`)\]}>;:!?]+$/, '');
  const withoutStop = trimmed.replace(/\.+$/, '');
  return trimmed === '' ? [] : [[trimmed === '.' ? trimmed : withoutStop, withoutStop]];
}

/** A name as a pattern that matches it alone. */
function escapePattern(name: string): string {
  return name.replaceAll(/[\\*?[\]{}()!+@]/g, '\\$&');
}
