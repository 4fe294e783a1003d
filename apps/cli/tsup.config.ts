import { defineConfig } from 'tsup';

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
