import { createProgram } from '../program.ts';
import { complete, type NamesOf } from './complete.ts';

/**
 * Answers a shell: a line for each word that fits, `WORD<tab>ABOUT`, or `:files` where the shell's own file names belong. The words come behind `--`, the one under
 * way last; or as the line so far, behind `--line`. Never fails: a shell in the middle of a line has no use for an error.
 */
export async function answerShell(words: readonly string[], version: string): Promise<void> {
  const [flag, ...rest] = words;
  const asked = flag === '--line' ? splitLine(rest[0] ?? '').slice(1) : rest;
  const program = createProgram(version, () => async () => undefined);
  const namesOf: NamesOf = async (kind) => (await import('./known-names.ts')).knownNames(kind);
  const { suggestions, files } = await complete(program, asked.length === 0 ? [''] : asked, namesOf);
  const lines = suggestions.map(({ value, about }) => `${value}\t${about}\n`);
  process.stdout.write(`${lines.join('')}${files ? ':files\t\n' : ''}`);
}

/** Words of a line as shells part them, quotes and backslashes taken off; a blank at the end begins an empty word. */
function splitLine(line: string): readonly string[] {
  const words: string[] = [];
  let word: string | undefined;
  for (const [piece] of line.matchAll(/\s+|"(?:\\.|[^"\\])*"?|'[^']*'?|\\.?|[^\s"'\\]+/gs)) {
    if (/^\s/.test(piece)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? '') + unquoted(piece);
  }
  return [...words, word ?? ''];
}

function unquoted(piece: string): string {
  if (piece.startsWith('"'))
    return piece
      .slice(1)
      .replace(/"$/, '')
      .replace(/\\(["\\$`])/g, '$1');
  if (piece.startsWith("'")) return piece.slice(1).replace(/'$/, '');
  return piece.startsWith('\\') ? piece.slice(1) : piece;
}
