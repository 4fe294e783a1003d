// npm run failures [-- --fast]: what the gateway makes of providers that fail.
import { parseArgs } from 'node:util';
import { CASES, LANES } from './cases/index.ts';
import type { FailureCase, Lane } from './failure-case.ts';
import { summary, tableHead, tableRow } from './report.ts';
import type { CaseResult } from './run-case.ts';
import { FAST_SCALE, type Profile, runLanes } from './run-lanes.ts';

const HELP = `npm run failures [-- --fast] [--only S08,X01] [--json]

Lets providers fail in every way that users meet, and looks at what a streaming client of the gateway sees.
Full (the default): the built program, real time, some three minutes.

--fast   the gateway in this process, with all delays and timers ${FAST_SCALE} times as fast
--only   these cases; X01 means all of its variants
--json   the results as JSON

Seconds are those of a case's own clock. Verdicts: pass; partial (right, but not in the best way); safe (an error, said in time);
fail (a hang, or a wrong answer that looks right).
Exit code 0: all passed. 1: some did not (partial and safe count as failed). 2: the command line is not right.`;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      fast: { type: 'boolean', default: false },
      only: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const lanes = chosen(values.only);
  const profile: Profile = values.fast ? 'fast' : 'full';
  if (!values.json) console.log(tableHead());
  const results = await runLanes({ profile, lanes, onResult: values.json ? undefined : createPrinter(lanes, profile) });
  if (values.json) console.log(JSON.stringify({ profile, summary: summary(results), results }, null, 2));
  else {
    for (const one of lanes.flatMap((lane) => lane.cases).filter((one) => isLeftOut(one, profile)))
      console.log(`${one.id} is left out of the fast profile: ${one.fullOnly}`);
    console.log(`\n${summary(results)}`);
  }
  return results.every((result) => result.verdict === 'pass') ? 0 : 1;
}

/** Prints rows in the order of the cases, each as soon as those before it are there. */
function createPrinter(lanes: readonly Lane[], profile: Profile): (result: CaseResult) => void {
  const waiting = lanes.flatMap((lane) => lane.cases).filter((one) => !isLeftOut(one, profile));
  const done = new Map<string, CaseResult>();
  return (result) => {
    done.set(result.id, result);
    for (let next = waiting[0]; next !== undefined; next = waiting[0]) {
      const ready = done.get(next.id);
      if (ready === undefined) return;
      console.log(tableRow(ready));
      waiting.shift();
    }
  };
}

const isLeftOut = (one: FailureCase, profile: Profile) => profile === 'fast' && one.fullOnly !== undefined;

class CommandLineError extends Error {}

function chosen(only: string | undefined): readonly Lane[] {
  if (only === undefined) return LANES;
  const names = only.split(',').map((name) => name.trim().toUpperCase());
  const isNamed = (id: string, name: string) => id.toUpperCase() === name || id.toUpperCase().startsWith(`${name}.`);
  const unknown = names.find((name) => !CASES.some((one) => isNamed(one.id, name)));
  const known = new Set(CASES.map((one) => one.id.split('.')[0]));
  if (unknown !== undefined) {
    throw new CommandLineError(`There is no case "${unknown}"; there are ${[...known].join(', ')}.`);
  }
  return LANES.map((lane) => ({
    ...lane,
    cases: lane.cases.filter((one) => names.some((name) => isNamed(one.id, name))),
  })).filter((lane) => lane.cases.length > 0);
}

try {
  process.exitCode = await main();
} catch (error) {
  const badArguments = error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
  if (!(error instanceof CommandLineError) && !badArguments) throw error;
  console.error(`failures: ${(error as Error).message.split('\n')[0]}`);
  process.exitCode = 2;
}
