import { defineConfig } from 'vitest/config';

// The tests of the packages that mutation/run.ts names, in the copy of the workspace that Stryker makes: packages import each other's sources there and nowhere else.
export default defineConfig({
  resolve: {
    alias: [{ find: /^@signalbox\/([\w-]+)$/, replacement: `${process.cwd()}/packages/$1/src/index.ts` }],
  },
  test: {
    // biome-ignore lint/suspicious/noUndeclaredEnvVars: no task of turbo's
    include: (process.env.SIGNALBOX_MUTATION_TESTS ?? '').split(','),
    testTimeout: 30_000,
  },
});
