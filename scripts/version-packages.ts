// npm run version-packages: new versions and changelogs out of the changesets; the bundled program follows its packages.
import { spawnSync } from 'node:child_process';
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { bundledPackages, followingChangeset } from './bundled-packages.ts';

const here = fileURLToPath(new URL('..', import.meta.url));

/** Gives every package that a changeset names its next version, in a repository or a copy of one. Gives the exit code. */
export function versionPackages(root: string): number {
  const changesets = globSync('.changeset/*.md', { cwd: root, exclude: ['.changeset/README.md'] });
  const following = followingChangeset(
    changesets.map((path) => readFileSync(join(root, path), 'utf8')),
    bundledPackages(root),
  );
  if (following !== undefined) writeFileSync(join(root, '.changeset/bundled-packages.md'), following);
  const changeset = join(here, 'node_modules/@changesets/cli/bin.js');
  const { status, stderr } = spawnSync(process.execPath, [changeset, 'version'], { cwd: root, encoding: 'utf8' });
  if (status !== 0) process.stderr.write(stderr);
  return status ?? 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({ options: { root: { type: 'string', default: here } } });
  process.exitCode = versionPackages(values.root);
}
