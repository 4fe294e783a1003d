// npm run bench:translation [-- --part NAME] [--rounds N] [--json]: CPU of the codecs beside JSON.parse and JSON.stringify of the same bytes.
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { growthMeasures, growthTable } from './growth.ts';
import { requestMeasures, requestTable } from './request-codecs.ts';
import { streamMeasures, streamTables } from './stream-codecs.ts';

const PARTS = ['requests', 'streams', 'growth'] as const;

const { values } = parseArgs({
  options: {
    part: { type: 'string' },
    rounds: { type: 'string', default: '7' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean' },
  },
});
if (values.help === true) {
  console.log(
    `npm run bench:translation [-- --part ${PARTS.join('|')}] [--rounds N] [--json]\nCPU of decoding and encoding requests and streams, beside JSON.parse and JSON.stringify.`,
  );
  process.exit(0);
}
const rounds = Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1 || rounds > 100) {
  console.error('bench:translation: --rounds must be a whole number from 1 to 100.');
  process.exit(2);
}
const parts = PARTS.filter((part) => values.part === undefined || values.part === part);
if (parts.length === 0) {
  console.error(`bench:translation: --part must be one of ${PARTS.join(', ')}.`);
  process.exit(2);
}

const results: Record<string, unknown> = {};
const tables: string[] = [];
if (parts.includes('requests')) {
  const measures = await requestMeasures(rounds);
  results.requests = measures;
  tables.push(requestTable(measures));
}
if (parts.includes('streams')) {
  const measures = await streamMeasures(rounds);
  results.streams = measures;
  tables.push(streamTables(measures));
}
if (parts.includes('growth')) {
  const measures = await growthMeasures(rounds);
  results.growth = measures;
  tables.push(growthTable(measures));
}
if (values.json) {
  console.log(JSON.stringify({ node: process.version, cpus: cpus().length, rounds, ...results }, null, 2));
} else {
  console.log(`Node ${process.version}, ${cpus().length} CPUs, ${rounds} interleaved rounds, medians of CPU time\n`);
  console.log(tables.join('\n\n'));
}
