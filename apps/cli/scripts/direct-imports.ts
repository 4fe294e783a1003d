import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Options } from 'tsup';

type Plugin = NonNullable<Options['esbuildPlugins']>[number];

const workspace = fileURLToPath(new URL('../../../', import.meta.url));
/** `import { a, type B, c as d } from '@signalbox/name'`, and `export` in its place. Types alone are left out by the bundler itself. */
const NAMED = /^(import|export) \{([^}]*)\} from '@signalbox\/([a-z-]+)';/gm;
const EXPORTED = /^export \{([^}]*)\} from '(\.\/[^']+)';/gm;

interface Name {
  /** As the module that is named calls it. */
  readonly outer: string;
  /** As the module that names it calls it. */
  readonly inner: string;
}

/**
 * Names that a source takes from a package's index are taken from the file that has them. A bundle is split by file: what anybody takes from an index would come into a chunk
 * with all that the index names, and be loaded and run by every command that takes anything from it.
 */
export const directImports: Plugin = {
  name: 'direct-imports',
  setup(build) {
    const indexes = new Map<string, ReadonlyMap<string, { readonly file: string; readonly name: string }>>();
    build.onLoad({ filter: /[\\/](?:packages|apps)[\\/][^\\/]+[\\/]src[\\/].*\.ts$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replace(NAMED, (_, keyword: string, names: string, from: string) => {
        const folder = join(workspace, from === 'gateway' ? 'apps' : 'packages', from, 'src');
        const index = indexes.get(from) ?? exportsOf(join(folder, 'index.ts'));
        indexes.set(from, index);
        return namesIn(names)
          .map(({ outer, inner }) => {
            const found = index.get(outer);
            if (found === undefined) return `${keyword} { ${outer} as ${inner} } from '@signalbox/${from}';`;
            return `${keyword} { ${found.name} as ${inner} } from ${JSON.stringify(found.file)};`;
          })
          .join(' ');
      }),
      loader: 'ts',
      resolveDir: dirname(path),
    }));
  },
};

/** The file that has each name of an index, and how it is called there. */
function exportsOf(index: string): ReadonlyMap<string, { readonly file: string; readonly name: string }> {
  return new Map(
    [...readFileSync(index, 'utf8').matchAll(EXPORTED)].flatMap(([, names = '', file = '']) =>
      namesIn(names).map(({ outer, inner }) => [inner, { file: join(dirname(index), file), name: outer }] as const),
    ),
  );
}

function namesIn(list: string): readonly Name[] {
  return list
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '' && !one.startsWith('type '))
    .map((one) => {
      const [outer = '', inner = outer] = one.split(' as ');
      return { outer, inner };
    });
}
