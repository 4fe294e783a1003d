// npm run failures [-- --fast]: what the gateway makes of providers that fail.
import { parseArgs } from 'node:util';
import { CASES } from './cases/index.ts';
import { summary, tableHead, tableRow } from './report.ts';
import { FAST_SCALE, type Profile, runCases } from './run-cases.ts';

const HELP = `npm run failures [-- --fast] [--only S08,X01] [--json]

Lets providers fail in every way that users meet, and looks at what a streaming client of the gateway sees.
Full (the default): the built program, real time, some twelve minutes.

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
  const cases = chosen(values.only);
  const profile: Profile = values.fast ? 'fast' : 'full';
  if (!values.json) console.log(tableHead());
  const results = await runCases({
    profile,
    cases,
    onResult: (result) => values.json || console.log(tableRow(result)),
  });
  if (values.json) console.log(JSON.stringify({ profile, summary: summary(results), results }, null, 2));
  else {
    const left = profile === 'fast' ? cases.filter((one) => one.fullOnly !== undefined) : [];
    for (const one of left) console.log(`${one.id} is left out of the fast profile: ${one.fullOnly}`);
    console.log(`\n${summary(results)}`);
  }
  return results.every((result) => result.verdict === 'pass') ? 0 : 1;
}

class CommandLineError extends Error {}

function chosen(only: string | undefined) {
  if (only === undefined) return CASES;
  const names = only.split(',').map((name) => name.trim().toUpperCase());
  const isNamed = (id: string, name: string) => id.toUpperCase() === name || id.toUpperCase().startsWith(`${name}.`);
  const unknown = names.find((name) => !CASES.some((one) => isNamed(one.id, name)));
  if (unknown !== undefined) {
    throw new CommandLineError(`There is no case "${unknown}"; there are ${CASES.map((one) => one.id).join(', ')}.`);
  }
  return CASES.filter((one) => names.some((name) => isNamed(one.id, name)));
}

try {
  process.exitCode = await main();
} catch (error) {
  const badArguments = error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
  if (!(error instanceof CommandLineError) && !badArguments) throw error;
  console.error(`failures: ${(error as Error).message.split('\n')[0]}`);
  process.exitCode = 2;
}
