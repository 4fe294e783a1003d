import { join } from 'node:path';
import { pages } from '../../structure/markdown.ts';
import { shownPrograms } from '../../structure/shown-programs.ts';
import type { Check } from '../check.ts';

/** The compilers that consumers have, by the name under which npm installs each here. */
const COMPILERS = { 'typescript-5.9': 'npm:typescript@~5.9.3', 'typescript-7': 'npm:typescript@~7.0.2' } as const;

/** How consumers resolve packages; each must work. */
const RESOLUTIONS = {
  nodenext: { module: 'nodenext', moduleResolution: 'nodenext' },
  bundler: { module: 'esnext', moduleResolution: 'bundler' },
} as const;

/** The runner of the conformance suite's example, which is the consumer's own choice. */
const TEST_RUNNER = `
declare module 'vitest' {
  export const describe: (name: string, body: () => void) => unknown;
  export const it: (name: string, body: () => void | Promise<void>) => unknown;
  export const expect: (value: unknown, message?: string) => { toBe(expected: unknown): void; toEqual(expected: unknown): void };
}
`;

export const typeConsumers: Check = {
  name: 'every example of every page under TypeScript 5.9 and 7',
  async run({ project, packages }) {
    const libraries = packages.filter(({ manifest }) => manifest.bin === undefined).map(({ name }) => name);
    const empty = project('types');
    const compilers = Object.entries(COMPILERS).map(([alias, spec]) => `${alias}@${spec}`);
    await empty.install(...libraries, ...compilers, '@types/node@24');
    const examples = pages().flatMap(shownPrograms);
    for (const { name, code } of examples) empty.write(`${name}.ts`, code);
    empty.write('catalog.json', '{ "generated": "2026-11-22", "sources": {}, "models": [], "aliases": {} }');
    empty.write('vitest.d.ts', TEST_RUNNER);
    for (const [name, resolution] of Object.entries(RESOLUTIONS)) {
      const compilerOptions = {
        ...resolution,
        target: 'es2023',
        strict: true,
        exactOptionalPropertyTypes: true,
        noUncheckedIndexedAccess: true,
        // What is declared must hold by itself.
        skipLibCheck: false,
        resolveJsonModule: true,
        noEmit: true,
        types: ['node'],
      };
      empty.write(`tsconfig.${name}.json`, JSON.stringify({ compilerOptions, include: ['*.ts'] }));
    }
    for (const compiler of Object.keys(COMPILERS)) {
      for (const resolution of Object.keys(RESOLUTIONS)) {
        const bin = join(empty.folder, 'node_modules', compiler, 'bin', 'tsc');
        const { code, stdout } = await empty.run(process.execPath, [bin, '-p', `tsconfig.${resolution}.json`]);
        if (code !== 0) throw new Error(`${compiler}, ${resolution}:\n${stdout.trim()}`);
      }
    }
    return `${examples.length} examples, ${libraries.length} packages, ${Object.keys(COMPILERS).join(' and ')}, ${Object.keys(RESOLUTIONS).join(' and ')}`;
  },
};
