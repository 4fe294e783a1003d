// npm run mutation: changes the code of a package, one place at a time, and says which changes its tests did not notice.
import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type ModuleScore, measureModule } from './measure-module.ts';
import { VALUABLE_MODULES } from './modules.ts';

const HELP = `npm run mutation -- PACKAGE [--files 'budgets/*.ts,pricing.ts'] [--tests 'packages/router/test/retry.test.ts,…'] [--minutes 3] [--again]

Changes the package's code, one place at a time (Stryker), runs its tests on each change, and lists the changes that none noticed.

--files    below its src/; default: the modules whose mistakes would cost most (mutation/modules.ts)
--tests    from the root, with commas between them; default: all of the package
--minutes  no file is begun after so many; the next run goes on with the rest. Default 3
--again    also files that did not change since they were measured

Scores are kept in mutation/output. Exit code 0: measured, whatever the score.`;

interface Kept extends ModuleScore {
  /** Of the module and the package's tests: another one, and it is measured anew. */
  readonly fingerprint: string;
}

const root = fileURLToPath(new URL('..', import.meta.url));

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      files: { type: 'string' },
      tests: { type: 'string' },
      minutes: { type: 'string', default: '3' },
      again: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const [name = ''] = positionals;
  const source = `packages/${name}/src`;
  if (name === '' || !existsSync(`${root}${source}`))
    return fail(`name a package; the most valuable modules are known of ${Object.keys(VALUABLE_MODULES).join(', ')}.`);
  const minutes = Number(values.minutes);
  if (!(minutes > 0)) return fail(`--minutes wants a number above zero, not "${values.minutes}".`);
  const wanted = values.files?.split(',') ?? VALUABLE_MODULES[name];
  if (wanted === undefined)
    return fail(`say with --files what to change in ${name}: mutation/modules.ts has no list for it.`);
  const files = globSync(
    wanted.map((one) => `${source}/${one}`),
    { cwd: root },
  ).sort();
  if (files.length === 0) return fail(`${wanted.join(', ')}: there is no such file in ${source}.`);

  process.chdir(root);
  const tests = values.tests?.split(',') ?? [`packages/${name}/test/**/*.test.ts`];
  const kept = readKept(name);
  const until = performance.now() + minutes * 60_000;
  const left: string[] = [];
  for (const file of files) {
    const fingerprint = fingerprintOf(file, tests);
    if (!values.again && kept.get(file)?.fingerprint === fingerprint) continue;
    if (performance.now() > until) {
      left.push(file);
      continue;
    }
    kept.set(file, { ...(await measureModule(file, tests)), fingerprint });
    writeKept(name, kept);
  }
  report(files, kept, source);
  if (left.length > 0)
    console.log(
      `\nNot measured yet, ${minutes} minutes being over: ${left.join(', ')}. The same command goes on with them.`,
    );
  return 0;
}

function report(files: readonly string[], kept: ReadonlyMap<string, ModuleScore>, source: string): void {
  let killed = 0;
  let mutants = 0;
  for (const file of files) {
    const score = kept.get(file);
    if (score === undefined) continue;
    killed += score.killed;
    mutants += score.mutants;
    console.log(`\n${file.slice(source.length + 1)}  ${percent(score)} (${score.killed} of ${score.mutants})`);
    for (const { line, mutator, replacement, uncovered } of score.survivors)
      console.log(`  ${line}  ${mutator}: ${replacement.slice(0, 100)}${uncovered ? '  (no test comes here)' : ''}`);
  }
  console.log(`\nTogether ${percent({ killed, mutants })} (${killed} of ${mutants})`);
}

const percent = ({ killed, mutants }: Pick<ModuleScore, 'killed' | 'mutants'>) =>
  mutants === 0 ? 'nothing to change' : `${Math.round((100 * killed) / mutants)} %`;

const keptFile = (name: string) => `${root}mutation/output/${name}.json`;

function readKept(name: string): Map<string, Kept> {
  const file = keptFile(name);
  return new Map(existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as [string, Kept][]) : []);
}

function writeKept(name: string, kept: ReadonlyMap<string, Kept>): void {
  mkdirSync(`${root}mutation/output`, { recursive: true });
  writeFileSync(keptFile(name), `${JSON.stringify([...kept], null, 2)}\n`);
}

function fingerprintOf(file: string, tests: readonly string[]): string {
  const hash = createHash('sha256').update(tests.join());
  for (const one of [file, ...globSync([...tests]).sort()]) hash.update(one).update(readFileSync(one));
  return hash.digest('hex');
}

function fail(reason: string): number {
  console.error(`mutation: ${reason} See npm run mutation -- --help.`);
  return 2;
}

process.exitCode = await main();
