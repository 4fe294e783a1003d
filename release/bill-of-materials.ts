import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { BUNDLE } from '../scripts/bundled-packages.ts';
import { root } from '../standalone/packed-packages.ts';

/** A bill in CycloneDX 1.6; the parts that are read here (https://cyclonedx.org/docs/1.6/json/). */
interface Bill {
  readonly metadata: { readonly component: { readonly 'bom-ref': string } };
  readonly components: readonly { readonly 'bom-ref': string; readonly name: string; readonly group?: string }[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn?: readonly string[] }[];
}

const run = (words: readonly string[], cwd = root) =>
  promisify(execFile)(process.execPath, words, { cwd, maxBuffer: 2 ** 26 });

/** Writes a CycloneDX bill of materials for each package into a folder: what an install of it brings along. Gives the number of components by package. */
export async function writeBills(folder: string, names: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  const inside = await bundledModules();
  for (const name of names) {
    const words = ['sbom', '--sbom-format', 'cyclonedx', '--sbom-spec-version', '1.6', '--filter', name];
    // Published, the program has no dependency: what is inside it are its development dependencies, as far as they are bundled.
    if (name !== BUNDLE) words.push('--prod');
    else words.push('--sbom-type', 'application');
    const { stdout } = await run([join(root, 'node_modules/pnpm/bin/pnpm.mjs'), ...words]);
    const whole = JSON.parse(stdout) as Bill;
    const bill = name === BUNDLE ? onlyOf(whole, inside) : whole;
    writeFileSync(
      join(folder, `${name.replace('@', '').replace('/', '-')}.cdx.json`),
      `${JSON.stringify(bill, null, 2)}\n`,
    );
    counts.set(name, bill.components.length);
  }
  return counts;
}

/** A bill with some of its components alone. */
export function onlyOf(bill: Bill, names: ReadonlySet<string>): Bill {
  const nameOf = ({ group, name }: Bill['components'][number]) => (group === undefined ? name : `${group}/${name}`);
  const components = bill.components.filter((one) => names.has(nameOf(one)));
  const kept = new Set([bill.metadata.component['bom-ref'], ...components.map((one) => one['bom-ref'])]);
  const dependencies = bill.dependencies
    .filter(({ ref }) => kept.has(ref))
    .map((one) => ({ ...one, dependsOn: one.dependsOn?.filter((ref) => kept.has(ref)) }));
  return { ...bill, components, dependencies };
}

/** Names of the packages whose modules are in the program's bundle, as its bundler says. */
async function bundledModules(): Promise<ReadonlySet<string>> {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-bundle-'));
  try {
    const tsup = join(root, 'node_modules/tsup/dist/cli-default.js');
    await run([tsup, '--metafile', '--silent', '--out-dir', folder], join(root, 'apps/cli'));
    const { inputs } = JSON.parse(readFileSync(join(folder, 'metafile-esm.json'), 'utf8')) as {
      inputs: Readonly<Record<string, unknown>>;
    };
    return new Set(Object.keys(inputs).flatMap((path) => packageOf(path) ?? []));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The package that a bundled file belongs to; undefined: the program's own. */
export function packageOf(path: string): string | undefined {
  const foreign = path.split('node_modules/').at(-1);
  if (path.includes('node_modules/')) return /^(?:@[^/]+\/)?[^/]+/.exec(foreign ?? '')?.[0];
  const own = /(?:^|\/)(?:packages\/([^/]+)|(?:apps|\.\.)\/(gateway))\//.exec(path);
  return own === null ? undefined : `@signalbox/${own[1] ?? own[2]}`;
}
