import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { root } from './workspace.ts';

/** A page of the repository. */
export interface Page {
  /** From the root of the repository. */
  readonly path: string;
  readonly lines: readonly Line[];
}

export interface Line {
  readonly number: number;
  readonly text: string;
  /** The language of the code block that it stands in: `''` where it names none; absent outside of one. */
  readonly code?: string | undefined;
  /** What else the block's fence says behind the language. */
  readonly info?: string | undefined;
}

/** A code block of a page. */
export interface CodeBlock {
  readonly page: string;
  readonly language: string;
  /** What its fence says behind the language, by words: `continues`, `given=request,providers`. */
  readonly info: readonly string[];
  /** The line of the page with which its text begins. */
  readonly number: number;
  readonly text: string;
}

/** Every page that the repository holds. */
export function pages(): readonly Page[] {
  const found = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '*.md', '**/*.md'], {
    cwd: root,
    encoding: 'utf8',
  });
  return [...new Set(found.trim().split('\n'))]
    .filter((path) => !path.startsWith('.changeset/'))
    .map((path) => ({ path, lines: linesOf(readFileSync(`${root}${path}`, 'utf8')) }));
}

export function linesOf(text: string): readonly Line[] {
  const lines: Line[] = [];
  let fence: { readonly mark: string; readonly code: string; readonly info: string } | undefined;
  for (const [index, line] of text.split('\n').entries()) {
    const [, mark = '', language = '', info = ''] = /^\s*(```+|~~~+)\s*([\w-]*)(.*)/.exec(line) ?? [];
    if (fence !== undefined && mark.startsWith(fence.mark) && language === '') fence = undefined;
    else if (fence !== undefined) lines.push({ number: index + 1, text: line, code: fence.code, info: fence.info });
    else if (mark !== '') fence = { mark, code: language, info: info.trim() };
    else lines.push({ number: index + 1, text: line });
  }
  return lines;
}

/** A page's code blocks in their order, each without the indentation that it stands in. */
export function codeBlocksOf({ path, lines }: Page): readonly CodeBlock[] {
  const groups: Line[][] = [];
  for (const line of lines.filter(({ code }) => code !== undefined)) {
    const group = groups.at(-1);
    // Lines of fences are not among them, so that a gap parts two blocks.
    if (group?.at(-1)?.number === line.number - 1) group.push(line);
    else groups.push([line]);
  }
  return groups.map((group) => {
    const [first] = group;
    const depth = /^\s*/.exec(first?.text ?? '')?.[0].length ?? 0;
    return {
      page: path,
      language: first?.code ?? '',
      info: (first?.info ?? '').split(/\s+/).filter((word) => word !== ''),
      number: first?.number ?? 0,
      text: group.map(({ text }) => (text.slice(0, depth).trim() === '' ? text.slice(depth) : text)).join('\n'),
    };
  });
}

/** Where a page leads: what stands in the brackets of its links and images, code left out. */
export function linksOf({ lines }: Page): readonly { readonly number: number; readonly target: string }[] {
  return lines
    .filter(({ code }) => code === undefined)
    .flatMap(({ number, text }) =>
      [...text.replaceAll(/`[^`]*`/g, '').matchAll(/\]\(\s*<?([^)\s>]+)/g)].map(([, target = '']) => ({
        number,
        target,
      })),
    );
}

/** The anchors that GitHub gives a page's headings. */
export function anchorsOf({ lines }: Page): ReadonlySet<string> {
  const anchors = new Set<string>();
  const seen = new Map<string, number>();
  for (const { text, code } of lines) {
    for (const [, name = ''] of text.matchAll(/<a (?:id|name)="([^"]+)"/g)) anchors.add(name);
    const [, heading] = (code === undefined ? /^#{1,6}\s+(.+?)\s*#*$/.exec(text) : null) ?? [];
    if (heading === undefined) continue;
    const slug = heading
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(/\s/g, '-');
    const before = seen.get(slug) ?? 0;
    seen.set(slug, before + 1);
    anchors.add(before === 0 ? slug : `${slug}-${before}`);
  }
  return anchors;
}
