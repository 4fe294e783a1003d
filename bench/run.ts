// npm run bench [-- --rounds N] [--json]: what the gateway costs beside the bare floor, and how fast the program starts.
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { measureFirstByte } from './first-byte.ts';
import { measureGatewayCpu } from './gateway-cpu.ts';
import { measureStartTime } from './start-time.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean' },
  },
});
if (values.help === true) {
  console.log(
    'npm run bench [-- --rounds N] [--json]\nCPU per request of the gateway beside a bare proxy, and start time. Linux only.',
  );
  process.exit(0);
}
const rounds = Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1 || rounds > 100) {
  console.error('bench: --rounds must be a whole number from 1 to 100.');
  process.exit(2);
}

const start = measureStartTime(rounds * 3);
const firstByte = await measureFirstByte(rounds);
const gateway = await measureGatewayCpu(rounds);
if (values.json) {
  console.log(
    JSON.stringify({ node: process.version, cpus: cpus().length, rounds, start, firstByte, gateway }, null, 2),
  );
} else {
  console.log(`Node ${process.version}, ${cpus().length} CPUs, ${rounds} interleaved rounds, medians\n`);
  console.log('CPU microseconds per request         bare proxy   signalbox   ratio');
  for (const row of gateway) {
    const cells = [
      row.workload.padEnd(34),
      row.bare.toFixed(0).padStart(12),
      row.gateway.toFixed(0).padStart(11),
      row.ratio.toFixed(2).padStart(7),
    ];
    console.log(cells.join(' '));
  }
  console.log(
    `\nstart: node -e 0 ${start.bareMs.toFixed(0)} ms, signalbox --version ${start.versionMs.toFixed(0)} ms (at most ${start.limitMs.toFixed(0)} ms)`,
  );
  console.log(
    `first byte: ${firstByte.cpuMs.toFixed(1)} ms of CPU from the provider's first byte to stdout (at most ${firstByte.limitMs} ms)`,
  );
}
