// npm run standalone: packs every package and uses them as strangers would, in empty projects outside of the workspace.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startSimulator } from '../packages/simulator/src/index.ts';
import type { Check, Scene } from './check.ts';
import { commandLine } from './checks/command-line.ts';
import { configured, library } from './checks/library.ts';
import { providersAlone } from './checks/single-packages.ts';
import { thirdParty } from './checks/third-party.ts';
import { typeConsumers } from './checks/type-consumers.ts';
import { createEmptyProject } from './empty-project.ts';
import { startLoopbackRegistry } from './loopback-registry.ts';
import { packPackages } from './packed-packages.ts';

const HELP = `npm run standalone [-- --quick] [--only setup,npx] [--keep]

Builds and packs every package, and installs them with npm into empty projects from a registry on 127.0.0.1; what is not ours
comes from the registry that npm is set up with. The simulator answers in the providers' place.

--quick   without the checks that need a compiler
--only    checks with one of these words in their name
--keep    leaves the projects where they are, and says where

Exit code 0: all passed.`;

const QUICK: readonly Check[] = [library, configured, ...providersAlone, commandLine];
const SLOW: readonly Check[] = [typeConsumers, thirdParty];

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string' },
      keep: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const wanted = (values.quick ? QUICK : [...QUICK, ...SLOW]).filter(({ name }) => isNamed(name, values.only));
  if (wanted.length === 0) {
    console.error(`standalone: no check has ${values.only} in its name.`);
    return 2;
  }
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-standalone-'));
  const tarballs = join(folder, 'tarballs');
  mkdirSync(tarballs);
  const packages = await packPackages(tarballs);
  const registry = await startLoopbackRegistry(packages);
  const simulator = await startSimulator();
  const scene: Scene = {
    packages,
    registry: registry.url,
    simulator: simulator.url,
    project: (name) => createEmptyProject(join(folder, name), registry.url),
  };
  try {
    console.log(`${packages.length} packages packed.`);
    const failed = await runChecks(wanted, scene);
    console.log(`${wanted.length - failed} passed, ${failed} failed`);
    return failed === 0 ? 0 : 1;
  } finally {
    await simulator.close();
    await registry.close();
    if (values.keep) console.log(`The projects are in ${folder}.`);
    else rmSync(folder, { recursive: true, force: true });
  }
}

/** Two at a time: npm mostly waits. Gives how many failed. */
async function runChecks(checks: readonly Check[], scene: Scene): Promise<number> {
  const waiting = [...checks];
  let failed = 0;
  const work = async () => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
      const started = performance.now();
      const seconds = () => `${((performance.now() - started) / 1_000).toFixed(1)} s`;
      try {
        const seen = await check.run(scene);
        console.log(`pass  ${check.name}: ${seen} (${seconds()})`);
      } catch (error) {
        failed += 1;
        console.log(`FAIL  ${check.name} (${seconds()})\n  ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  };
  await Promise.all([work(), work()]);
  return failed;
}

const isNamed = (name: string, only: string | undefined) =>
  only === undefined || only.split(',').some((part) => name.toLowerCase().includes(part.trim().toLowerCase()));

process.exitCode = await main();
