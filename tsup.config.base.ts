import type { Options } from 'tsup';

/** JavaScript of a package; declarations come from `tsc`, whose newest version tsup can't drive. */
export const packageBuild: Options = {
  entry: ['src/index.ts'],
  format: ['esm'],
  target: 'node22',
  platform: 'node',
  sourcemap: true,
  clean: true,
  removeNodeProtocol: false,
};
