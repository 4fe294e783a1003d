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
  let endings: readonly string[] | undefined;
  for (const [index, [word, bare]] of words.entries()) {
    if (/[*?]/.test(word) && /[./]/.test(word)) named.push(word);
    else if (/^\.\w{1,8}$/.test(word) && saysFiles(words, index)) endings ??= [word.slice(1)];
    else if (bare === '') continue;
    else {
      const kind = look(bare);
      if (kind === 'file') named.push(escapePattern(bare));
      else if (kind === 'folder' && (bare.includes('/') || word.endsWith('/') || PLACES.test(before(words, index))))
        folders.push(escapePattern(bare.replace(/\/+$/, '')));
      else if (saysFiles(words, index)) endings ??= ENDINGS.find(([names]) => names.test(bare))?.[1];
    }
  }
  const aboutFiles = words.some(([, bare]) => FILES.test(bare));
  if (endings === undefined && !(aboutFiles && folders.length > 0)) return named;
  // "the tests in a.py and b.py": files that are named are meant, not everything of their kind.
  if (named.length > 0 && folders.length === 0) return named;
  const last = endings === undefined ? '*' : endings.length === 1 ? `*.${endings[0]}` : `*.{${endings.join(',')}}`;
  const bases = folders.length === 0 ? ['.'] : folders;
  return [...named, ...bases.map((folder) => (folder === '.' ? `**/${last}` : `${folder}/**/${last}`))];
}

const FILES = /^(files?|modules?|scripts?|documents?|docs|sources?|pages?)$/i;
const PLACES = /^(in|inside|under|within|from|of|below)$/i;

/** A word as it stands, and without what only belongs to the sentence. */
function bareWords(word: string): readonly (readonly [word: string, bare: string])[] {
  const trimmed = word.replace(/^["'`([{<]+/, '').replace(/["'`)\]}>;:!?]+$/, '');
  const withoutStop = trimmed.replace(/\.+$/, '');
  return trimmed === '' ? [] : [[trimmed === '.' ? trimmed : withoutStop, withoutStop]];
}

function before(words: readonly (readonly [string, string])[], index: number): string {
  const [, word = ''] = words[index - 1] ?? [];
  if (!/^(the|my|our|this|folder|directory|dir)$/i.test(word)) return word;
  return index > 0 ? before(words, index - 1) : '';
}

/** Whether one of the next two words is "files", or another word for them. */
function saysFiles(words: readonly (readonly [string, string])[], index: number): boolean {
  return [1, 2].some((ahead) => FILES.test(words[index + ahead]?.[1] ?? ''));
}

/** A name as a pattern that matches it alone. */
function escapePattern(name: string): string {
  return name.replaceAll(/[\\*?[\]{}()!+@]/g, '\\$&');
}
