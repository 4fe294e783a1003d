import { defineConfig } from 'vitest/config';

// One configuration for all: workspace projects would not inherit the source condition and would test stale builds.
export default defineConfig({
  resolve: { conditions: ['@signalbox/source'] },
  ssr: { resolve: { conditions: ['@signalbox/source', 'node', 'import', 'default'] } },
  test: {
    include: [
      '{packages,apps}/*/test/**/*.test.ts',
      'structure/**/*.test.ts',
      'bench/test/**/*.test.ts',
      'failures/test/**/*.test.ts',
      'wire-pack/test/**/*.test.ts',
      'translation/**/*.test.ts',
      'routing-quality/test/**/*.test.ts',
      'examples/test/**/*.test.ts',
      'readme/**/*.test.ts',
      'reference/test/**/*.test.ts',
      'release/test/**/*.test.ts',
    ],
    globalSetup: ['apps/cli/test/shared-build.ts'],
    // Half of the tests wait for programs that they started: a core is not kept free beside them.
    maxWorkers: '100%',
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // npm run coverage: the packages that decide what an answer says and costs.
    coverage: {
      include: ['packages/{core,router,cost-tracker,format-*}/src/**/*.ts'],
      reporter: ['text-summary', 'json-summary'],
    },
  },
});
