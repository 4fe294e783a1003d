import { defineConfig, type Options } from 'tsup';

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
    build.onLoad({ filter: /.*/, namespace: 'undici' }, ({ pluginData }) => ({
      contents: "export { default as Agent } from 'undici/lib/dispatcher/agent.js';",
      resolveDir: pluginData.resolveDir,
    }));
  },
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
  esbuildPlugins: [undiciAgent],
  // Bundled from the packages' sources, so that a bundle never holds a stale build.
  esbuildOptions(options) {
    options.conditions = ['@signalbox/source', 'node', 'import', 'module'];
  },
  removeNodeProtocol: false,
  // Bundled CommonJS (undici, commander, yaml) asks for `require` at run time.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
});
