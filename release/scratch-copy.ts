import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const FILES = ['package.json', 'pnpm-workspace.yaml', '.changeset/config.json', 'scripts/changelog.ts'];
const MANIFESTS = ['packages/*/package.json', 'apps/*/package.json', 'reference/package.json'];

/** Copies what a release is planned from, manifests and changesets, into a folder; `text` may change a file on the way. */
export function copyForPlanning(
  root: string,
  folder: string,
  text = (_path: string, content: string) => content,
): void {
  const manifests = globSync(MANIFESTS, { cwd: root });
  const changesets = globSync('.changeset/*.md', { cwd: root });
  for (const path of [...FILES, ...manifests, ...changesets]) {
    const target = join(folder, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, text(path, readFileSync(join(root, path), 'utf8')));
  }
}

/** The version of each package of a repository or a copy of one. */
export function versionsIn(folder: string): ReadonlyMap<string, string> {
  return new Map(
    globSync(MANIFESTS.slice(0, 2), { cwd: folder }).map((path) => {
      const { name, version } = JSON.parse(readFileSync(join(folder, path), 'utf8')) as {
        name: string;
        version: string;
      };
      return [name, version];
    }),
  );
}
