import http from 'node:http';
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

/**
 * An import of node:http as a module reads all its names, and among them those of WebSocket, for which Node loads its own fetch: 14 MB of memory and 40 ms of CPU
 * at each start, for nothing that the program uses.
 */
const nodeHttp = {
  name: 'node-http',
  setup(build: PluginBuild) {
    const names = Object.keys(http).filter((name) => !['WebSocket', 'CloseEvent', 'MessageEvent'].includes(name));
    build.onResolve({ filter: /^(node:)?http$/ }, ({ kind }) =>
      kind === 'import-statement' ? { path: 'http', namespace: 'node-http' } : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: 'node-http' }, () => ({
      contents: `const http = process.getBuiltinModule('node:http');
export const { ${names.join(', ')} } = http;
export default http;`,
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
  esbuildPlugins: [undiciAgent, nodeHttp],
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
