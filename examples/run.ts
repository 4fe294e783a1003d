// npm run example -- NAME [words]: an example of this folder from its sources; without any key the simulator answers in the vendors' place.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { startSimulator } from '../packages/simulator/src/index.ts';
import { KEY_VARIABLES, simulatedVendors } from './simulated-vendors.ts';

const folder = fileURLToPath(new URL('.', import.meta.url));
const names = readdirSync(folder).filter((name) => existsSync(`${folder}${name}/package.json`));

async function main([name = '', ...words]: readonly string[]): Promise<number> {
  const file = ['main.ts', 'compare.ts'].find((one) => existsSync(`${folder}${name}/${one}`));
  if (!names.includes(name) || file === undefined) {
    console.error(`npm run example -- NAME: one of ${names.join(', ')}`);
    return 2;
  }
  const hasKey = KEY_VARIABLES.some((variable) => process.env[variable] !== undefined);
  const simulator = hasKey ? undefined : await startSimulator();
  if (simulator !== undefined) console.error('No key is in the environment: the simulator answers.');
  const child = spawn(process.execPath, ['--conditions=@signalbox/source', file, ...words], {
    cwd: `${folder}${name}`,
    env: { ...process.env, ...(simulator && simulatedVendors(simulator.url)) },
    stdio: 'inherit',
  });
  // The example ends by itself on Ctrl+C, which the terminal sends to both.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  const code = await new Promise<number>((resolve) => child.on('close', (status) => resolve(status ?? 1)));
  await simulator?.close();
  return code;
}

process.exitCode = await main(process.argv.slice(2));
