import { Stryker } from '@stryker-mutator/core';

/** A change of the code that no test noticed. */
interface Survivor {
  /** In the file, from 1. */
  readonly line: number;
  readonly mutator: string;
  /** What stands there in the changed code. */
  readonly replacement: string;
  /** No test runs this line at all. */
  readonly uncovered: boolean;
}

/** What became of the changes of one file. */
export interface ModuleScore {
  /** Changes that some test noticed: it failed, or ended no more. */
  readonly killed: number;
  /** All of them, but for those that are no program. */
  readonly mutants: number;
  readonly survivors: readonly Survivor[];
}

/**
 * Changes one file in every way that Stryker knows, one at a time, in a copy of the workspace, and runs the package's tests on each. Throws where the tests fail before anything
 * was changed. To be called in the workspace's folder.
 */
export async function measureModule(file: string, tests: readonly string[]): Promise<ModuleScore> {
  // mutation/vitest.config.ts reads it, in Stryker's own process for tests.
  process.env.SIGNALBOX_MUTATION_TESTS = tests.join();
  const stryker = new Stryker({ configFile: 'mutation/stryker.config.json', mutate: [file] });
  return scoreOf(await stryker.runMutationTest());
}

type MutantResult = Awaited<ReturnType<Stryker['runMutationTest']>>[number];

function scoreOf(results: readonly MutantResult[]): ModuleScore {
  const survivors = results
    .filter(({ status }) => status === 'Survived' || status === 'NoCoverage')
    .map(({ location, mutatorName, replacement = '', status }) => ({
      line: location.start.line,
      mutator: mutatorName,
      replacement: replacement.replaceAll(/\s+/g, ' '),
      uncovered: status === 'NoCoverage',
    }));
  const killed = results.filter(({ status }) => status === 'Killed' || status === 'Timeout').length;
  return { killed, mutants: killed + survivors.length, survivors };
}
