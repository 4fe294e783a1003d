// npm run reference: the API reference of all packages, and the public exports that nothing is said of.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { countExports, type Declaration, undocumented } from './undocumented.ts';

const HELP = `npm run reference [-- --check]

Writes the API reference of all packages into reference/output, and names the public exports that have no documentation.

--check   writes nothing

Exit code 0: everything is documented, and no link in it is broken.`;

const here = fileURLToPath(new URL('.', import.meta.url));
const { values } = parseArgs({
  options: { check: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
});
if (values.help) console.log(HELP);
else process.exitCode = run(values.check);

function run(checkOnly: boolean): number {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-reference-'));
  const json = join(folder, 'api.json');
  const words = [join(here, 'node_modules/typedoc/bin/typedoc'), '--json', json];
  if (!checkOnly) words.push('--html', join(here, 'output'));
  try {
    const { status } = spawnSync(process.execPath, words, { cwd: here, stdio: ['ignore', 'inherit', 'inherit'] });
    if (status !== 0) return 1;
    const project = JSON.parse(readFileSync(json, 'utf8')) as Declaration;
    const silent = undocumented(project);
    for (const one of silent) console.error(`undocumented: ${one}`);
    console.log(`${countExports(project)} public exports, ${silent.length} undocumented`);
    return silent.length === 0 ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
