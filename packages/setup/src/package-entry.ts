import { readFileSync } from 'node:fs';
import { createRequire, findPackageJSON } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The conditions under which a package's `exports` are read here. */
const CONDITIONS: readonly string[] = ['node', 'import', 'module-sync', 'default'];

/**
 * Path of the module that `import(name)` in a file would load; undefined: no such package is installed there. Packages that
 * can only be imported have no entry for `require.resolve`, and `import.meta.resolve` knows no other file than its own: so their
 * `exports` are read as https://nodejs.org/api/packages.html#conditional-exports describes.
 */
export function packageEntry(name: string, file: string): string | undefined {
  const require = createRequire(file);
  try {
    return require.resolve(name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_PACKAGE_PATH_NOT_EXPORTED') return undefined;
  }
  const manifest = findPackageJSON(name, pathToFileURL(resolve(file)));
  if (manifest === undefined) return undefined;
  const { exports } = JSON.parse(readFileSync(manifest, 'utf8')) as { readonly exports?: unknown };
  const main = isRecord(exports) && '.' in exports ? exports['.'] : exports;
  const target = targetOf(main);
  return target === undefined ? undefined : join(dirname(manifest), target);
}

/** The first of nested conditions that holds, in the package's own order. */
function targetOf(entry: unknown): string | undefined {
  if (typeof entry === 'string') return entry;
  if (!isRecord(entry)) return undefined;
  for (const [condition, inner] of Object.entries(entry)) {
    const target = CONDITIONS.includes(condition) ? targetOf(inner) : undefined;
    if (target !== undefined) return target;
  }
  return undefined;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;
