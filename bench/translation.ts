// npm run bench:translation [-- --rounds N] [--json]: CPU of the codecs beside JSON.parse and JSON.stringify of the same bytes.
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { parseJson, type WireFormat } from '../packages/core/src/index.ts';
import { FORMATS } from '../wire-pack/formats.ts';
import { encodeEvents, framesOf } from '../wire-pack/stream.ts';
import { median } from './median.ts';
import { burstOf, requestOfSize } from './translation-workload.ts';

const SIZES = [10_000, 100_000, 1_000_000, 10_000_000];
const DELTAS = 200;
const CONTEXT = { model: 'some-model', stream: false, provider: 'some-provider', quirks: {} };

/** One operation beside its floor: CPU microseconds, and how many times the floor. */
interface Measure {
  readonly format: string;
  readonly operation: string;
  readonly bytes: number;
  readonly microseconds: number;
  readonly floorMicroseconds: number;
  readonly ratio: number;
}

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean' },
  },
});
if (values.help === true) {
  console.log(
    'npm run bench:translation [-- --rounds N] [--json]\nCPU of decoding and encoding requests and streams, beside JSON.parse and JSON.stringify.',
  );
  process.exit(0);
}
const rounds = Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1 || rounds > 100) {
  console.error('bench:translation: --rounds must be a whole number from 1 to 100.');
  process.exit(2);
}

const measures = FORMATS.flatMap(({ format }) => [
  ...SIZES.flatMap((size) => requestMeasures(format, size)),
  ...streamMeasures(format),
]);
if (values.json) {
  console.log(JSON.stringify({ node: process.version, cpus: cpus().length, rounds, measures }, null, 2));
} else {
  console.log(`Node ${process.version}, ${cpus().length} CPUs, ${rounds} interleaved rounds, medians of CPU time\n`);
  console.log(
    'format              operation                    bytes         µs    µs/KB      floor   times the floor',
  );
  for (const one of measures) console.log(line(one));
}

function line({ format, operation, bytes, microseconds, floorMicroseconds, ratio }: Measure): string {
  return [
    format.padEnd(19),
    operation.padEnd(24),
    String(bytes).padStart(9),
    microseconds.toFixed(0).padStart(10),
    (microseconds / (bytes / 1000)).toFixed(2).padStart(8),
    floorMicroseconds.toFixed(0).padStart(10),
    ratio.toFixed(2).padStart(8),
  ].join(' ');
}

function requestMeasures(format: WireFormat, size: number): Measure[] {
  const request = requestOfSize(size);
  const { body, path } = format.client.encodeRequest(request, CONTEXT);
  const text = JSON.stringify(body);
  const bytes = Buffer.byteLength(text);
  const parsed: unknown = JSON.parse(text);
  const parse = () => void JSON.parse(text);
  const stringify = () => void JSON.stringify(body);
  return [
    measure(format, 'decode a request', bytes, () => void format.server.decodeRequest(parsed, path), parse),
    measure(format, 'encode a request', bytes, () => void format.client.encodeRequest(request, CONTEXT), stringify),
  ];
}

function streamMeasures(format: WireFormat): Measure[] {
  const events = burstOf(DELTAS);
  const text = encodeEvents(format, events);
  const frames = framesOf(format, text);
  const chunks = frames.map((frame) => parseJson(frame.data));
  const bytes = Buffer.byteLength(text);
  const parse = () => {
    for (const frame of frames) parseJson(frame.data);
  };
  const stringify = () => {
    for (const chunk of chunks) JSON.stringify(chunk);
  };
  const decode = () => {
    const decoder = format.client.createStreamDecoder({ provider: CONTEXT.provider });
    for (const frame of frames) decoder.decode(frame);
    decoder.end();
  };
  const observe = () => {
    const observer = format.observe({ provider: CONTEXT.provider, hideUsage: false });
    for (const frame of frames) observer.observe(frame);
    observer.end();
  };
  return [
    measure(format, `decode ${DELTAS} deltas`, bytes, decode, parse),
    measure(format, `observe ${DELTAS} deltas`, bytes, observe, parse),
    measure(format, `encode ${DELTAS} deltas`, bytes, () => void encodeEvents(format, events), stringify),
  ];
}

/** Runs an operation and its floor in turns, so that both see the same machine. */
function measure(format: WireFormat, operation: string, bytes: number, run: () => void, floor: () => void): Measure {
  const times = Math.max(1, Math.ceil(2_000_000 / bytes));
  const own: number[] = [];
  const bare: number[] = [];
  // The first round warms the compiler up and counts for nothing.
  for (let round = 0; round <= rounds; round += 1) {
    const [one, other] = [cpuMicroseconds(run, times), cpuMicroseconds(floor, times)];
    if (round === 0) continue;
    own.push(one);
    bare.push(other);
  }
  const [microseconds, floorMicroseconds] = [median(own), median(bare)];
  return {
    format: format.id,
    operation,
    bytes,
    microseconds,
    floorMicroseconds,
    ratio: microseconds / floorMicroseconds,
  };
}

function cpuMicroseconds(run: () => void, times: number): number {
  const before = process.cpuUsage();
  for (let time = 0; time < times; time += 1) run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / times;
}
