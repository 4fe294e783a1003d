import { defineConfig } from 'vitest/config';

/** Tests that leave nothing behind which another file could find: one after the other in the same process, which halves their CPU. */
const TOGETHER = [
  'packages/{batch,cache,conformance,config,core,cost-tracker,format-*,model-catalog,provider-*,rate-limit,redaction,router,simulator,strategies,task-analysis}/test/**/*.test.ts',
  'apps/gateway/test/**/*.test.ts',
  'translation/**/*.test.ts',
  'wire-pack/test/**/*.test.ts',
  'routing-quality/test/**/*.test.ts',
];

/** All others, each file in a process of its own: they start programs, share files, set variables of the environment. */
const APART = [
  '{packages,apps}/*/test/**/*.test.ts',
  'structure/**/*.test.ts',
  'bench/test/**/*.test.ts',
  'failures/test/**/*.test.ts',
  'examples/test/**/*.test.ts',
  'readme/**/*.test.ts',
  'reference/test/**/*.test.ts',
  'release/test/**/*.test.ts',
];

// One configuration for all: each project below extends it, so that none tests a stale build for want of the source condition.
export default defineConfig({
  resolve: { conditions: ['@signalbox/source'] },
  ssr: { resolve: { conditions: ['@signalbox/source', 'node', 'import', 'default'] } },
  test: {
    // Half of the tests wait for programs that they started: a core is not kept free beside them.
    maxWorkers: '100%',
    testTimeout: 30_000,
    hookTimeout: 60_000,
    projects: [
      { extends: true, test: { name: 'together', include: TOGETHER, isolate: false } },
      {
        extends: true,
        test: {
          name: 'apart',
          include: APART,
          exclude: ['**/node_modules/**', ...TOGETHER],
          globalSetup: ['apps/cli/test/shared-build.ts'],
        },
      },
    ],
    // npm run coverage: the packages that decide what an answer says and costs.
    coverage: {
      include: ['packages/{core,router,cost-tracker,format-*}/src/**/*.ts'],
      reporter: ['text-summary', 'json-summary'],
    },
  },
});
