import { dirname, join } from 'node:path';
import { defineConfig, type Options } from 'tsup';
import { directImports } from './scripts/direct-imports.ts';
import { nodeBuiltins } from './scripts/node-builtins.ts';

type PluginBuild = Parameters<NonNullable<Options['esbuildPlugins']>[number]['setup']>[0];

/**
 * Of undici the program needs the pool of connections alone: the rest (fetch, WebSocket, caches, mocks) would be made at each start, 8 MB of memory and 50 ms. The
 * file is not of undici's public ones; the bundle holds the version of the lock file, and its tests run it.
 */
const undiciAgent = {
  name: 'undici-agent',
  setup(build: PluginBuild) {
    build.onResolve({ filter: /^undici$/ }, ({ resolveDir }) => ({
      path: 'agent',
      namespace: 'undici',
      pluginData: { resolveDir },
    }));
    // HTTP/2 takes 15 ms of CPU to load, and is for providers that speak it: loaded when a connection turns out to be one.
    build.onResolve({ filter: /^\.\/client-h2\.js$/ }, ({ resolveDir, namespace }) =>
      namespace === 'undici-later' ? undefined : { path: join(resolveDir, 'client-h2.js'), namespace: 'undici-later' },
    );
    build.onLoad({ filter: /.*/, namespace: 'undici-later' }, ({ path }) => ({
      contents: `module.exports = (...values) => require(${JSON.stringify(path)})(...values);`,
      resolveDir: dirname(path),
    }));
    build.onLoad({ filter: /.*/, namespace: 'undici' }, ({ pluginData }) => ({
      contents: "export { default as Agent } from 'undici/lib/dispatcher/agent.js';",
      resolveDir: pluginData.resolveDir,
    }));
  },
};

/** A source with one character beyond Latin-1 takes two bytes of memory for each of them. esbuild leaves those of regular expressions as they are. */
const ascii = {
  name: 'ascii',
  renderChunk: (code: string) => ({
    code: code.replace(/[^\0-\xff]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`),
  }),
};

/** A bundle with everything in it, split so that `--version` loads next to nothing. */
export default defineConfig({
  entry: { cli: 'src/cli.ts' },
  format: ['esm'],
  target: 'node22',
  platform: 'node',
  splitting: true,
  minify: true,
  clean: true,
  noExternal: [/.*/],
  plugins: [ascii],
  esbuildPlugins: [undiciAgent, nodeBuiltins, directImports],
  // Bundled from the packages' sources, so that a bundle never holds a stale build.
  esbuildOptions(options) {
    options.charset = 'ascii';
    options.conditions = ['@signalbox/source', 'node', 'import', 'module'];
  },
  removeNodeProtocol: false,
  // Bundled CommonJS (undici, commander, yaml) asks for `require` at run time.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
});
