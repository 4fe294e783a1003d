import { GIVEN_NAMES } from './given-names.ts';
import { type CodeBlock, codeBlocksOf, type Page } from './markdown.ts';

/** A program that a page shows: a block of TypeScript or JavaScript and those that continue it. */
export interface ShownProgram {
  /** The page, and which of its programs it is: a file's name without its ending. */
  readonly name: string;
  readonly page: string;
  /** A module; each of its lines has the number that it has in the page. */
  readonly code: string;
}

const LANGUAGES: ReadonlySet<string> = new Set(['ts', 'typescript', 'tsx', 'mts', 'js', 'javascript', 'mjs', 'cjs']);
/** What a block's fence may say behind the language. */
const CONTINUES = 'continues';
const SKETCH = 'sketch';
const GIVEN = 'given=';

/**
 * The programs of a page. A block stands for itself; one that says `continues` goes on from the block before it; one that says `sketch` is not
 * meant to compile. What a block takes from around it stands in its `given=NAME,NAME`.
 */
export function shownPrograms(page: Page): readonly ShownProgram[] {
  const programs: CodeBlock[][] = [];
  for (const block of codeBlocksOf(page).filter(({ language }) => LANGUAGES.has(language))) {
    const place = `${block.page}:${block.number}`;
    for (const word of block.info) {
      if (word !== CONTINUES && word !== SKETCH && !word.startsWith(GIVEN))
        throw new Error(`${place}: the fence says "${word}"; it may say ${CONTINUES}, ${SKETCH} or ${GIVEN}NAME,NAME`);
    }
    if (block.info.includes(SKETCH)) continue;
    if (!block.info.includes(CONTINUES)) programs.push([block]);
    else if (programs.length === 0) throw new Error(`${place}: there is no block before it that it could continue`);
    else programs.at(-1)?.push(block);
  }
  return programs.map((blocks, index) => ({
    name: `${page.path.replace(/\.md$/, '').replaceAll('/', '__')}-${index + 1}`,
    page: page.path,
    code: moduleOf(blocks),
  }));
}

function moduleOf(blocks: readonly CodeBlock[]): string {
  const given = new Set(blocks.flatMap(({ info, page, number }) => givenNames(info, `${page}:${number}`)));
  const declarations = [...given].map((name) => `declare const ${name}: ${GIVEN_NAMES[name]};`);
  const lines: string[] = [['export {};', ...declarations].join(' ')];
  for (const { number, text } of blocks) {
    while (lines.length < number - 1) lines.push('');
    lines.push(...text.split('\n'));
  }
  return `${lines.join('\n')}\n`;
}

function givenNames(info: readonly string[], place: string): readonly string[] {
  const names = info.flatMap((word) => (word.startsWith(GIVEN) ? word.slice(GIVEN.length).split(',') : []));
  for (const name of names) {
    if (!Object.hasOwn(GIVEN_NAMES, name))
      throw new Error(`${place}: nothing says what the given "${name}" is; a row in structure/given-names.ts does`);
  }
  return names;
}
