import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createProgram } from '../apps/cli/src/program.ts';
import { anchorsOf, linesOf, linksOf, type Page, pages } from './markdown.ts';
import { type ShownCommand, shellWords, shownCommands } from './shown-commands.ts';
import { root } from './workspace.ts';

const all = pages();
type Command = ReturnType<typeof createProgram>;

const byPath = new Map(all.map((page) => [page.path, page]));

/** What is wrong with a link; undefined: nothing. */
function brokenLink(page: Page, target: string): string | undefined {
  if (/^[a-z]+:/i.test(target)) return undefined;
  const [written = '', anchor] = target.split('#');
  const path = written === '' ? page.path : normalize(join(dirname(page.path), decodeURIComponent(written)));
  if (path.startsWith('..') || !existsSync(`${root}${path}`)) return `there is no ${path}`;
  const other = byPath.get(path);
  if (anchor === undefined || other === undefined) return undefined;
  return anchorsOf(other).has(anchor) ? undefined : `${path} has no heading #${anchor}`;
}

/** What the program would say to a command line; undefined: it would run it. */
async function complaint({ words, inText }: Pick<ShownCommand, 'words' | 'inText'>): Promise<string | undefined> {
  // In the place of what a reader fills in.
  const filled = words
    .filter(({ text }) => !/^(…|\.\.\.)$/.test(text))
    .map((word) => ({ ...word, text: fillIn(word.text) }));
  const program = createProgram('0.0.0', () => async () => {});
  silence(program);
  const [first] = filled;
  const known = program.commands.flatMap((command) => [command.name(), ...command.aliases()]);
  if (
    first !== undefined &&
    !first.quoted &&
    /^[a-z][a-z-]*$/.test(first.text) &&
    !known.includes(first.text) &&
    first.text !== 'help'
  )
    return `there is no command "${first.text}"`;
  try {
    await program.parseAsync(
      filled.map(({ text }) => text),
      { from: 'user' },
    );
    return undefined;
  } catch (error) {
    // Commander's own error says with which code the program would end; help and version end it well.
    if (!(error instanceof Error && 'exitCode' in error)) throw error;
    const isNamed = inText && 'code' in error && /missingArgument|optionMissingArgument/i.test(String(error.code));
    return error.exitCode === 0 || isNamed ? undefined : error.message;
  }
}

function silence(command: Command): void {
  const nothing = () => {};
  command.configureOutput({ writeOut: nothing, writeErr: nothing, outputError: nothing });
  for (const one of command.commands) silence(one as Command);
}

const fillIn = (word: string) => (/^[A-Z][A-Z_]+$/.test(word) ? '1' : word);

describe('the pages', () => {
  it.each(all)('$path: every link leads somewhere', (page) => {
    const broken = linksOf(page).flatMap(({ number, target }) => {
      const reason = brokenLink(page, target);
      return reason === undefined ? [] : [`${page.path}:${number} ${target}: ${reason}`];
    });
    expect(broken).toEqual([]);
  });

  it('docs/README.md lists every page, and README.md leads there', () => {
    const index = byPath.get('docs/README.md');
    if (index === undefined) expect.unreachable('there is no docs/README.md');
    const listed = new Set(linksOf(index).map(({ target }) => `docs/${target}`));
    const unlisted = all.filter(
      ({ path }) => /^docs\/[^/]+$/.test(path) && path !== 'docs/README.md' && !listed.has(path),
    );
    expect(unlisted.map(({ path }) => path)).toEqual([]);
    const front = byPath.get('README.md');
    expect(front && linksOf(front).map(({ target }) => target)).toContain('docs/README.md');
  });

  it('a broken link is found', () => {
    const page = {
      path: 'docs/x.md',
      lines: linesOf('# A `b` (c)\n[a](#a-b-c) [b](#none) [c](none.md) `[d](e)`\n```\n[f](g)\n```'),
    };
    const reasons = linksOf(page).map(({ target }) =>
      target === '#a-b-c' || target === '#none' ? anchorsOf(page).has(target.slice(1)) : brokenLink(page, target),
    );
    expect(reasons).toEqual([true, false, 'there is no docs/none.md']);
  });
});

describe('the command lines that pages show', () => {
  const commands = all.flatMap(shownCommands);

  it('are found', () => {
    expect(commands.length).toBeGreaterThan(150);
    const page = {
      path: 'x.md',
      lines: linesOf(
        '```sh\ngit diff | signalbox "a|b" > c # d\nA=1 signalbox serve --port 0\nnpm i -g signalbox\n```\nSay `signalbox keys list [--json\\|--csv]`.',
      ),
    };
    expect(shownCommands(page).map(({ words }) => words.map(({ text }) => text))).toEqual([
      ['a|b'],
      ['serve', '--port', '0'],
      ['keys', 'list', '--json'],
    ]);
    expect(shellWords(`a "b c"'d' e\\ f`).map(({ text }) => text)).toEqual(['a', 'b cd', 'e f']);
  });

  it('are what the program knows', async () => {
    const wrong: string[] = [];
    for (const command of commands) {
      const reason = await complaint(command);
      if (reason !== undefined) wrong.push(`${command.place} ${command.text}: ${reason}`);
    }
    expect(wrong).toEqual([]);
  });

  it.each([
    ['cost show', 'there is no command "cost"'],
    ['costs shwo', 'too many arguments'],
    ['keys create', 'missing required argument'],
    ['serve --prot 1', 'unknown option'],
  ])('signalbox %s would be noticed', async (line, reason) => {
    expect(await complaint({ words: shellWords(line), inText: false })).toContain(reason);
  });
});
