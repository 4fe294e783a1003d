import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { CatalogSlice } from '../packages/core/src/index.ts';
import { readSource } from './catalog/read-source.ts';
import { sliceOf } from './catalog/slice.ts';
import { sliceChanges } from './catalog/slice-changes.ts';
import { sliceText } from './catalog/slice-text.ts';

const HELP = `usage: npm run catalog:refresh -- FILE [--dry-run] [--out FOLDER]

Reads a model catalogue (dollars per million tokens, as decimals) and writes each provider's slice of it to
packages/provider-<name>/src/catalog.json (nano-dollars per million tokens, as whole numbers), for every provider that
has a package. A package for several vendors has a slice for each: src/catalog/<vendor>.json (an empty file asks for a
new one). The same input gives the same bytes.

  --dry-run     say what would change, write nothing
  --out FOLDER  write below FOLDER/provider-<name>/src; default: packages
  --help        this text
`;

process.exitCode = run(process.argv.slice(2));

function run(words: readonly string[]): number {
  let parsed: ReturnType<typeof parseWords>;
  try {
    parsed = parseWords(words);
  } catch (error) {
    return fail(`${error instanceof Error ? error.message : String(error)}\n\n${HELP}`, 2);
  }
  const { values, positionals } = parsed;
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const [file, ...rest] = positionals;
  if (file === undefined || rest.length > 0)
    return fail(`expected one file, found ${positionals.length}\n\n${HELP}`, 2);
  // npm runs scripts in the workspace's root; a relative path is meant from where the user stands.
  const { INIT_CWD: from = process.cwd() } = process.env;
  let text: string;
  try {
    text = readFileSync(resolve(from, file), 'utf8');
  } catch (error) {
    return fail(`can't read ${file}: ${error instanceof Error ? error.message : String(error)}`, 1);
  }
  const read = readSource(text);
  if ('problems' in read) {
    const count = `${read.problems.length} problem${read.problems.length === 1 ? '' : 's'}`;
    return fail(`${file}: ${count}, nothing was written\n${read.problems.map((one) => `  ${one}`).join('\n')}`, 1);
  }
  const folder =
    values.out === undefined ? fileURLToPath(new URL('../packages', import.meta.url)) : resolve(from, values.out);
  for (const { provider, path } of slicesIn(folder)) {
    const slice = sliceOf(read.catalog, provider);
    if (slice.models.length > 0) refresh(path, provider, slice, values['dry-run']);
  }
  if (values['dry-run']) process.stdout.write('dry run: nothing was written\n');
  return 0;
}

function parseWords(words: readonly string[]) {
  return parseArgs({
    args: [...words],
    allowPositionals: true,
    options: {
      'dry-run': { type: 'boolean', default: false },
      out: { type: 'string' },
      help: { type: 'boolean', default: false, short: 'h' },
    },
  });
}

function fail(message: string, code: number): number {
  process.stderr.write(`catalog-refresh: ${message}\n`);
  return code;
}

/** Where slices go: one a package, or one for each vendor that has a file in the package's folder of slices. */
function slicesIn(folder: string): readonly { readonly provider: string; readonly path: string }[] {
  const prefix = 'provider-';
  return readdirSync(folder)
    .filter((name) => name.startsWith(prefix) && existsSync(`${folder}/${name}/src`))
    .sort()
    .flatMap((name) => {
      const source = `${folder}/${name}/src`;
      if (!existsSync(`${source}/catalog`)) {
        return [{ provider: name.slice(prefix.length), path: `${source}/catalog.json` }];
      }
      return readdirSync(`${source}/catalog`)
        .filter((file) => file.endsWith('.json'))
        .sort()
        .map((file) => ({ provider: file.slice(0, -'.json'.length), path: `${source}/catalog/${file}` }));
    });
}

function refresh(path: string, provider: string, slice: CatalogSlice, dryRun: boolean): void {
  const found = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const before = found.trim() === '' ? undefined : found;
  const after = sliceText(slice);
  const changes = sliceChanges(before === undefined ? undefined : (JSON.parse(before) as CatalogSlice), slice);
  const lists = Object.entries(changes).filter(([, ids]) => ids.length > 0);
  const counts = Object.entries(changes).map(([what, ids]) => `${ids.length} ${what}`);
  const state = before === after ? 'unchanged' : counts.join(', ');
  process.stdout.write(`${provider}: ${slice.models.length} models, ${Math.ceil(after.length / 1024)} kB, ${state}\n`);
  for (const [what, ids] of lists) process.stdout.write(`  ${what}: ${ids.join(', ')}\n`);
  if (before !== after && !dryRun) writeFileSync(path, after);
}
