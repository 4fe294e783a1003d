import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Manifest {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** The program that is published with all its packages inside. */
export const BUNDLE = 'signalbox';

/** Names of the workspace's packages that are inside the bundle: its development dependencies, and whatever these depend on. */
export function bundledPackages(root: string): ReadonlySet<string> {
  const manifests = new Map(
    globSync(['packages/*/package.json', 'apps/*/package.json'], { cwd: root }).map((path) => {
      const manifest = JSON.parse(readFileSync(join(root, path), 'utf8')) as Manifest;
      return [manifest.name, manifest];
    }),
  );
  const inside = new Set<string>();
  const bundle = manifests.get(BUNDLE);
  const waiting = Object.keys({ ...bundle?.dependencies, ...bundle?.devDependencies });
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const manifest = manifests.get(name);
    if (manifest === undefined || inside.has(name)) continue;
    inside.add(name);
    waiting.push(...Object.keys(manifest.dependencies ?? {}));
  }
  return inside;
}

/** The packages that a changeset names. */
export function namedPackages(changeset: string): readonly string[] {
  const [, front = ''] = /^---\n(.*?)^---/ms.exec(changeset) ?? [];
  return [...front.matchAll(/^\s*['"]?([^'":\s]+)['"]?\s*:\s*(?:major|minor|patch)\s*$/gm)].map(
    (match) => match[1] ?? '',
  );
}

/**
 * A changeset that lets the bundle follow: changesets itself does not follow development dependencies. Undefined where no package
 * inside changes, or where the bundle is released anyway.
 */
export function followingChangeset(changesets: readonly string[], inside: ReadonlySet<string>): string | undefined {
  const named = new Set(changesets.flatMap(namedPackages));
  const changed = [...named].filter((name) => inside.has(name)).sort();
  if (changed.length === 0 || named.has(BUNDLE)) return undefined;
  return `---\n'${BUNDLE}': patch\n---\n\nBrings along what is new in ${changed.map((name) => `\`${name}\``).join(', ')}.\n`;
}
