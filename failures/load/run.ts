// npm run load: the built gateway with many streams at once and faults among them.
import { parseArgs } from 'node:util';
import { percentile, speedCheck, steadyChecks } from './load-checks.ts';
import { type LoadResult, runLoad, type WindowKind } from './run-load.ts';

const HELP = `npm run load [-- --seconds 60] [--streams 200] [--json]

Puts the built gateway under load: so many streams at once, by turns all healthy and a fifth of them failing in every way (cuts, stalls, errors,
resets, broken HTTP, callers who leave). Looks at the healthy streams, and at what is left when all is over.

--seconds   how long, at least 20
--streams   streams at once, at least 10
--json      the result as JSON

Run it on a machine that has nothing else to do. Exit code 0: all passed. 1: some did not. 2: the command line is not right.`;

const WINDOW_SECONDS = 5;
const SETTLE_SECONDS = 8;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string', default: '60' },
      streams: { type: 'string', default: '200' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const result = await runLoad({
    streams: wholeNumber(values.streams, 'streams', 10),
    until: { seconds: wholeNumber(values.seconds, 'seconds', 20) },
    windowSeconds: WINDOW_SECONDS,
    settleSeconds: SETTLE_SECONDS,
    from: 'build',
  });
  const checks = [speedCheck(result), ...steadyChecks(result)];
  const failed = checks.filter((check) => !check.holds).length;
  if (values.json) console.log(JSON.stringify({ ...summary(result), checks }, null, 2));
  else {
    printStreams(result);
    for (const { name, holds, detail } of checks) console.log(`${holds ? 'pass' : 'FAIL'}  ${name}: ${detail}`);
    console.log(`\n${checks.length - failed} passed, ${failed} failed`);
  }
  return failed === 0 ? 0 : 1;
}

const GROUPS: readonly (readonly [kind: WindowKind, which: 'healthy' | 'others', name: string])[] = [
  ['clean', 'healthy', 'clean windows, measured route'],
  ['clean', 'others', 'clean windows, the others'],
  ['mixed', 'healthy', 'mixed windows, measured route'],
  ['mixed', 'others', 'mixed windows, the others'],
];

/** Each group's figures, in milliseconds. */
function summary({ windows, left }: LoadResult) {
  const groups = GROUPS.map(([kind, which, name]) => {
    const { streams, outcomes, firstText } = windows[kind][which];
    const [p50, p99] = [0.5, 0.99].map((part) => Math.round(percentile(firstText, part)));
    return {
      name,
      streams,
      complete: outcomes.complete ?? 0,
      error: outcomes.error ?? 0,
      firstTextP50: p50,
      firstTextP99: p99,
    };
  });
  return { groups, callersWhoLeft: left };
}

function printStreams(result: LoadResult): void {
  const { groups, callersWhoLeft } = summary(result);
  console.log(`${'streams'.padEnd(31)}    all  whole  error  first text: p50    p99`);
  for (const one of groups) {
    const counts = [one.streams, one.complete, one.error].map((count) => String(count).padStart(6)).join(' ');
    console.log(
      `${one.name.padEnd(31)} ${counts}  ${`${one.firstTextP50} ms`.padStart(15)} ${`${one.firstTextP99} ms`.padStart(6)}`,
    );
  }
  console.log(`and ${callersWhoLeft} callers who left in the middle, as they were told\n`);
}

class CommandLineError extends Error {}

function wholeNumber(text: string, name: string, least: number): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw new CommandLineError(`--${name} is "${text}": it must be a whole number of ${least} or more.`);
}

try {
  process.exitCode = await main();
} catch (error) {
  const badArguments = error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
  if (!(error instanceof CommandLineError) && !badArguments) throw error;
  console.error(`load: ${(error as Error).message.split('\n')[0]}`);
  process.exitCode = 2;
}
