import type { Page } from './markdown.ts';

/** A command line of the program that a page shows. */
export interface ShownCommand {
  readonly place: string;
  /** As it stands there. */
  readonly text: string;
  readonly words: readonly Word[];
  /** In running text, where a command may be named without all that it wants. */
  readonly inText: boolean;
}

export interface Word {
  readonly text: string;
  readonly quoted: boolean;
}

/** What stands before the program's arguments in a shell. */
const START = /(?:^|[|&;(]\s*|\$ |\s)(?:npx )?(?:signalbox|npm start(?: --silent)? --)(?=\s)/g;
/** The languages of blocks whose every line is a command; elsewhere a `$` says so. */
const SHELLS: ReadonlySet<string> = new Set(['sh', 'bash', 'shell', 'console']);

/** The command lines of `signalbox` in a page's code blocks, and in its text where they begin a piece of code. */
export function shownCommands(page: Page): readonly ShownCommand[] {
  const shown: ShownCommand[] = [];
  const add = (number: number, text: string, rest: string, inText: boolean) => {
    shown.push({ place: `${page.path}:${number}`, text: text.trim(), words: shellWords(rest), inText });
  };
  let continued = '';
  for (const { number, text, code } of page.lines) {
    if (code === undefined) {
      for (const [, inside = ''] of text.matchAll(/`([^`]+)`/g)) {
        const rest = /^(?:\$ )?(?:npx )?(?:signalbox|npm start(?: --silent)? --) (.+)$/.exec(inside)?.[1];
        if (rest !== undefined) add(number, inside, firstOfEach(rest), true);
      }
      continue;
    }
    const isCommand = SHELLS.has(code) || (code === '' && /^\s*\$ /.test(text));
    if (!isCommand) continue;
    const line = `${continued}${withoutComment(text)}`;
    if (line.endsWith('\\')) {
      continued = `${line.slice(0, -1)} `;
      continue;
    }
    continued = '';
    for (const found of line.matchAll(START)) {
      const before = line.slice(0, found.index);
      // Inside of quotes it is somebody's text.
      if ((before.match(/(?<!\\)["']/g)?.length ?? 0) % 2 === 1) continue;
      // `npm i signalbox`, `which signalbox`: an argument of another program, unless variables are all that stands before.
      if (
        /\s$/.test(found[0]) === false &&
        /\S\s*$/.test(before) &&
        !/(?:[|&;(]|\$|=\S*)\s*$/.test(before) &&
        !/^[|&;($]/.test(found[0])
      )
        continue;
      add(number, line.slice(found.index), line.slice(found.index + found[0].length), false);
    }
  }
  return shown;
}

/** The words of a shell's command up to its end: a pipe, a redirection, a bracket. */
export function shellWords(text: string): readonly Word[] {
  const words: Word[] = [];
  const token = /"((?:[^"\\]|\\.)*)"|'([^']*)'|\\(.)|([^\s"'\\|&;<>()]+)|(\s+)|([|&;<>()])/g;
  let open: { text: string; quoted: boolean } | undefined;
  for (const [, double, single, escaped, plain, space, end] of text.matchAll(token)) {
    if (end !== undefined) break;
    if (space !== undefined) {
      if (open !== undefined) words.push(open);
      open = undefined;
      continue;
    }
    open ??= { text: '', quoted: false };
    open.text += double ?? single ?? escaped ?? plain ?? '';
    open.quoted ||= double !== undefined || single !== undefined;
  }
  return open === undefined ? words : [...words, open];
}

/** `[--week|--month] [prompt] good|bad`, as texts write it: without the brackets and names in them, of alternatives the first. */
function firstOfEach(text: string): string {
  return text
    .replaceAll('\\|', '|')
    .replaceAll(/\[[a-z]+\]/g, '')
    .replaceAll(/\[([^\]]*)\]/g, '$1')
    .replaceAll(/(?<=\S)\|[^\s|]+(?: [A-Z<][^\s|]*)?/g, '');
}

function withoutComment(line: string): string {
  return line.replace(/(^|\s)#(?=\s).*$/, '').trimEnd();
}
