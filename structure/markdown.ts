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
  let fence: { readonly mark: string; readonly code: string } | undefined;
  for (const [index, line] of text.split('\n').entries()) {
    const [, mark = '', language = ''] = /^\s*(```+|~~~+)\s*([\w-]*)/.exec(line) ?? [];
    if (fence !== undefined && mark.startsWith(fence.mark) && language === '') fence = undefined;
    else if (fence !== undefined) lines.push({ number: index + 1, text: line, code: fence.code });
    else if (mark !== '') fence = { mark, code: language };
    else lines.push({ number: index + 1, text: line });
  }
  return lines;
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
