import { globSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A package of the workspace, as its folder shows it. */
export interface WorkspacePackage {
  /** `packages/core`, `apps/cli`. */
  readonly folder: string;
  /** The folder's own name. */
  readonly name: string;
  readonly kind: 'package' | 'app';
  readonly manifest: Manifest;
  readonly path: string;
}

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly description?: string;
  readonly license?: string;
  readonly type?: string;
  readonly sideEffects?: boolean;
  readonly private?: boolean;
  readonly repository?: { readonly directory?: string };
  readonly exports?: Readonly<Record<string, unknown>>;
  readonly files?: readonly string[];
  readonly engines?: { readonly node?: string };
  readonly publishConfig?: { readonly access?: string; readonly provenance?: boolean };
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

export const root = fileURLToPath(new URL('..', import.meta.url));

export function workspacePackages(): WorkspacePackage[] {
  return ['packages', 'apps'].flatMap((parent) =>
    readdirSync(`${root}${parent}`)
      .sort()
      .map((name): WorkspacePackage => {
        const folder = `${parent}/${name}`;
        const manifest = JSON.parse(readFileSync(`${root}${folder}/package.json`, 'utf8')) as Manifest;
        return { folder, name, kind: parent === 'apps' ? 'app' : 'package', manifest, path: `${root}${folder}` };
      }),
  );
}

/** Every module that the files below a folder import, with the file that does. */
export function importsOf(path: string, folder: 'src' | 'test'): { readonly file: string; readonly module: string }[] {
  return globSync(`${path}/${folder}/**/*.ts`).flatMap((file) => {
    const code = readFileSync(file, 'utf8').replace(/^\s*(?:\*|\/\/|\/\*).*$/gm, '');
    const found = code.matchAll(
      /(?:^\s*import\b(?:[^'";]*?\bfrom\s*)?|^\s*export\b[^'";]*?\bfrom\s*|\bimport\(\s*)['"]([^'"]+)['"]/gm,
    );
    return [...found].map((match) => ({ file: file.slice(root.length), module: match[1] ?? '' }));
  });
}
