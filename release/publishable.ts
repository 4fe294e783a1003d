import { execFileSync } from 'node:child_process';
import type { PackedPackage } from '../standalone/packed-packages.ts';

interface Published {
  readonly private?: boolean;
  readonly license?: string;
  readonly engines?: { readonly node?: string };
  readonly publishConfig?: { readonly access?: string; readonly provenance?: boolean };
  readonly exports?: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  readonly bin?: Readonly<Record<string, string>>;
  readonly repository?: { readonly url?: string };
}

/** Paths inside a tarball, without the leading `package/`. */
export const filesOf = ({ tarball }: Pick<PackedPackage, 'tarball'>): readonly string[] =>
  execFileSync('tar', ['-tzf', tarball], { encoding: 'utf8' })
    .split('\n')
    .filter((path) => path !== '')
    .map((path) => path.replace(/^package\//, ''));

/** Why a package can't go out as it is packed, a sentence each. */
export function publishingProblems({ name, manifest }: PackedPackage, files: readonly string[]): readonly string[] {
  const {
    private: hidden,
    license,
    engines,
    publishConfig,
    repository,
    exports = {},
    bin = {},
  } = manifest as Published;
  const problems: string[] = [];
  const want = (holds: boolean, sentence: string) => {
    if (!holds) problems.push(`${name}: ${sentence}`);
  };
  want(hidden !== true, 'is private.');
  want(publishConfig?.access === 'public', 'publishConfig.access is not "public".');
  // npm accepts provenance only from the repository that the manifest names: https://docs.npmjs.com/generating-provenance-statements
  want(publishConfig?.provenance === true, 'publishConfig.provenance is not true.');
  want(repository?.url?.startsWith('git+https://') === true, 'repository.url is no git+https address.');
  want(license !== undefined && engines?.node !== undefined, 'says no license or no engines.node.');
  want(
    !/"(?:workspace|catalog):/.test(JSON.stringify(manifest)),
    'still has a range of the workspace in its manifest.',
  );
  // The condition under which the checkout reads sources is for the checkout alone.
  const entries = Object.values(exports).flatMap((entry) =>
    typeof entry === 'string'
      ? [entry]
      : Object.keys(entry).flatMap((key) => (key.startsWith('@') ? [] : (entry[key] ?? []))),
  );
  const pointed = [...entries, ...Object.values(bin)].map((path) => path.replace(/^\.\//, ''));
  for (const file of new Set(['LICENSE', 'README.md', 'package.json', ...pointed]))
    want(files.includes(file), `has no ${file}.`);
  const strangers = files.filter(
    (file) => !/^(?:dist\/|(?:LICENSE|README\.md|CHANGELOG\.md|package\.json)$)/.test(file),
  );
  want(strangers.length === 0, `has files that nobody needs: ${strangers.join(', ')}.`);
  return problems;
}
