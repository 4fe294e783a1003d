// npm run bench:analysis [-- --rounds N] [--json]: CPU of the task analysis and of a whole decision, beside an estimate of tokens.
import { parseArgs } from 'node:util';
import { estimateTokens, inboundFromRequest } from '../packages/core/src/index.ts';
import { analyseTask, analysisLine } from '../packages/task-analysis/src/index.ts';
import { createDecidingRouter } from './deciding-router.ts';
import { median } from './median.ts';

const SIZES = [100, 500, 4_096, 100_000];
const TEXT =
  'Refactor the parser so that `parse(input)` returns errors as values, and write tests for it. It has 3 callers.\n\n```ts\nexport function parse(text: string) { return JSON.parse(text); }\n```\n';
const CALLS = 400;

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean' },
  },
});
if (values.help === true) {
  console.log(
    'npm run bench:analysis [-- --rounds N] [--json]\nCPU microseconds of analysing a prompt, of a line of "signalbox analyze --jsonl", and of a decision by best_for_task among 8 models.',
  );
  process.exit(0);
}
const rounds = Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1 || rounds > 100) {
  console.error('bench:analysis: --rounds must be a whole number from 1 to 100.');
  process.exit(2);
}

const router = createDecidingRouter();

const OPERATIONS: Readonly<Record<string, (prompt: string) => unknown>> = {
  'estimate of tokens (floor)': (prompt) => estimateTokens(prompt),
  analysis: (prompt) => analyseTask(prompt),
  'line of JSON in and out': (prompt) => JSON.stringify(analysisLine(1, JSON.parse(JSON.stringify({ prompt })).prompt)),
  'decision by best_for_task': (prompt) =>
    router.decide({
      inbound: inboundFromRequest({
        model: 'auto',
        system: [],
        messages: [{ role: 'user', parts: [{ type: 'text', text: prompt }] }],
        stream: false,
      }),
    }),
};

function cpuMicroseconds(operation: (prompt: string) => unknown, prompt: string): number {
  const start = process.cpuUsage();
  for (let call = 0; call < CALLS; call += 1) operation(prompt);
  const { user, system } = process.cpuUsage(start);
  return (user + system) / CALLS;
}

const measures = SIZES.flatMap((size) => {
  const prompt = TEXT.repeat(Math.ceil(size / TEXT.length)).slice(0, size);
  const samples = new Map(Object.keys(OPERATIONS).map((name): [string, number[]] => [name, []]));
  for (const operation of Object.values(OPERATIONS)) cpuMicroseconds(operation, prompt);
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, operation] of Object.entries(OPERATIONS))
      samples.get(name)?.push(cpuMicroseconds(operation, prompt));
  }
  return [...samples].map(([operation, times]) => ({ operation, characters: size, microseconds: median(times) }));
});
await router.close();

if (values.json) {
  console.log(JSON.stringify({ node: process.version, rounds, measures }, null, 2));
} else {
  console.log(`Node ${process.version}, ${rounds} interleaved rounds, medians of CPU time\n`);
  console.log('operation                    characters         µs   a second');
  for (const { operation, characters, microseconds } of measures) {
    const rate = Math.round(1_000_000 / microseconds);
    console.log(
      `${operation.padEnd(29)}${String(characters).padStart(10)}${microseconds.toFixed(1).padStart(11)}${String(rate).padStart(11)}`,
    );
  }
}
