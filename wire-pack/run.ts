// npm run wire-pack -- DIR: every codec against recorded exchanges with providers.
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { RUNGS } from './climb.ts';
import { climbPack } from './ladder.ts';
import { PackError } from './pack.ts';
import { counts, reportJson, reportText } from './report.ts';

const HELP = `npm run wire-pack -- DIR [--only PROVIDER/ENDPOINT] [--verbose] [--json]

Climbs a ladder of tests with every recorded exchange (*.json) below DIR:
${Object.entries(RUNGS)
  .map(([rung, meaning]) => `  ${rung}  ${meaning}`)
  .join('\n')}

--only     exchanges of one provider, one endpoint, or one PROVIDER/ENDPOINT
--verbose  every difference, not only the first three of an exchange
--json     the report as JSON

Exit code 0: all passed. 1: some failed. 2: the pack or the command line is not right.`;

function main(): number {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      only: { type: 'string' },
      verbose: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const [folder] = positionals;
  if (folder === undefined || positionals.length > 1) throw new PackError('Give one folder of recorded exchanges.');
  // npm runs scripts in the checkout; a path that a person typed means where they are.
  // biome-ignore lint/suspicious/noUndeclaredEnvVars: npm sets it, and no task of turbo reads it.
  const report = climbPack(resolve(process.env.INIT_CWD ?? '.', folder), values.only);
  console.log(values.json ? JSON.stringify(reportJson(report), null, 2) : reportText(report, values.verbose));
  return counts(report).failed === 0 ? 0 : 1;
}

try {
  process.exitCode = main();
} catch (error) {
  const badArguments = error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
  if (!(error instanceof PackError) && !badArguments) throw error;
  console.error(`wire-pack: ${(error as Error).message.split('\n')[0]}`);
  process.exitCode = 2;
}
