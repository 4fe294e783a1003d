import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { linesOf, pages } from './markdown.ts';
import { type ShownProgram, shownPrograms } from './shown-programs.ts';
import { root, workspacePackages } from './workspace.ts';

// A consumer's project with the workspace's packages linked into it, read as sources.
const folder = mkdtempSync(join(tmpdir(), 'signalbox-shown-programs-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
mkdirSync(join(folder, 'node_modules/@signalbox'), { recursive: true });
for (const { manifest, path } of workspacePackages())
  if (manifest.name.startsWith('@signalbox/')) symlinkSync(path, join(folder, 'node_modules', manifest.name));
for (const name of ['@types', 'vitest'])
  symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name));
writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
// The slice that stands beside a provider's sources.
writeFileSync(
  join(folder, 'catalog.json'),
  '{ "generated": "2026-11-22", "sources": {}, "models": [], "aliases": {} }',
);

/** What the compiler has against programs, at the lines of their pages. */
function complaints(programs: readonly ShownProgram[]): readonly string[] {
  for (const { name, code } of programs) writeFileSync(join(folder, `${name}.ts`), code);
  const compilerOptions = { noUnusedLocals: false, verbatimModuleSyntax: false, declaration: false };
  const files = programs.map(({ name }) => `${name}.ts`);
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ extends: join(root, 'tsconfig.base.json'), compilerOptions, files }),
  );
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  const { stdout, status } = spawnSync(process.execPath, [compiler, '-p', folder, '--pretty', 'false'], {
    cwd: folder,
    encoding: 'utf8',
  });
  const pageOf = new Map(programs.map(({ name, page }) => [name, page]));
  const said = stdout
    .trim()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) =>
      line.replace(/^(.+)\.ts\((\d+),(\d+)\)/, (whole, name: string, row: string, column: string) => {
        const page = pageOf.get(name);
        return page === undefined ? whole : `${page}:${row}:${column}`;
      }),
    );
  return status === 0 || said.length > 0 ? said : [`the compiler ended with ${status}`];
}

const page = (text: string) => ({ path: 'docs/x.md', lines: linesOf(text) });

describe('the programs that pages show', () => {
  const programs = pages().flatMap(shownPrograms);

  it('compile against the packages as they are', () => {
    expect(programs.length).toBeGreaterThan(30);
    expect(complaints(programs)).toEqual([]);
  });

  it('would be noticed where they do not, at the line of the page', () => {
    const wrong = shownPrograms(
      page("Text.\n\n```ts\nimport { createRouter } from '@signalbox/router';\n\ncreateRouter({ provider: [] });\n```"),
    );
    expect(complaints(wrong)).toEqual([expect.stringMatching(/^docs\/x\.md:6:16: error .*'provider' does not exist/)]);
  });

  it('are joined where a fence says so, and get what it says is given', () => {
    const [first, second, ...more] = shownPrograms(
      page(
        '```ts given=request\nconst a = request;\n```\n1. Item\n\n   ```ts continues\n   const b = a;\n   ```\n```ts sketch\n?\n```\n```js\nlet c;\n```\n```sh\nls\n```',
      ),
    );
    expect(more).toEqual([]);
    expect(first?.code.split('\n')).toEqual([
      expect.stringContaining('declare const request:'),
      'const a = request;',
      '',
      '',
      '',
      '',
      'const b = a;',
      '',
    ]);
    expect(second?.code).toContain('let c;');
    expect(second?.code).not.toContain('request');
  });

  it.each([
    ['ts contineus', 'the fence says "contineus"'],
    ['ts continues', 'no block before it'],
    ['ts given=requets', 'nothing says what the given "requets" is'],
  ])('a fence of %s is not taken for something else', (fence, reason) => {
    expect(() => shownPrograms(page(`\`\`\`${fence}\nlet a;\n\`\`\``))).toThrow(reason);
  });
});
