import type { WireFormat } from '../packages/core/src/index.ts';
import { FORMATS } from '../wire-pack/formats.ts';
import { type Beside, measureBeside } from './cpu.ts';
import { requestOfSize } from './translation-workload.ts';

const SIZES = [1_000, 10_000, 100_000, 1_000_000, 10_000_000];
/** Bytes that each codec has worked off before it is measured, so that the compiler's own work is behind it: some ten thousand of the smallest requests. */
const WARM_UP_BYTES = 60_000_000;
const CONTEXT = { model: 'some-model', stream: false, provider: 'some-provider', quirks: {} };

/** One codec's work on a request of a size, beside the JSON work on the same bytes. */
export interface RequestMeasure extends Beside {
  readonly format: string;
  readonly operation: 'decode' | 'encode';
  readonly bytes: number;
  /** JSON work and codec's work together, over the JSON work: what the request costs in all. */
  readonly withJson: number;
}

/** Measures every format at every size, both directions. */
export async function requestMeasures(rounds: number): Promise<RequestMeasure[]> {
  const measures: RequestMeasure[] = [];
  for (const { format } of FORMATS) {
    for (const size of SIZES) measures.push(...(await measuresOf(format, size, rounds)));
  }
  return measures;
}

async function measuresOf(format: WireFormat, size: number, rounds: number): Promise<RequestMeasure[]> {
  const request = requestOfSize(size);
  const { body, path } = format.client.encodeRequest(request, CONTEXT);
  const text = JSON.stringify(body);
  const bytes = Buffer.byteLength(text);
  const parsed: unknown = JSON.parse(text);
  const times = Math.max(1, Math.ceil(4_000_000 / bytes));
  const warmUp = Math.ceil(WARM_UP_BYTES / (bytes * times));
  const decode = () => void format.server.decodeRequest(parsed, path);
  const encode = () => void format.client.encodeRequest(request, CONTEXT);
  const decoding = await measureBeside(decode, () => void JSON.parse(text), times, rounds, warmUp);
  const encoding = await measureBeside(encode, () => void JSON.stringify(body), times, rounds, warmUp);
  return [
    { format: format.id, operation: 'decode', bytes, ...decoding, withJson: 1 + decoding.ratio },
    { format: format.id, operation: 'encode', bytes, ...encoding, withJson: 1 + encoding.ratio },
  ];
}

/** The measures as a table. */
export function requestTable(measures: readonly RequestMeasure[]): string {
  const lines = measures.map(({ format, operation, bytes, microseconds, floorMicroseconds, ratio, withJson }) =>
    [
      format.padEnd(19),
      operation.padEnd(8),
      String(bytes).padStart(9),
      microseconds.toFixed(0).padStart(9),
      (microseconds / (bytes / 1000)).toFixed(2).padStart(7),
      floorMicroseconds.toFixed(0).padStart(9),
      ratio.toFixed(2).padStart(7),
      withJson.toFixed(2).padStart(12),
    ].join(' '),
  );
  return [
    'Requests: the codec alone, the JSON work alone (JSON.parse to decode, JSON.stringify to encode), and both over the JSON work',
    'format              work         bytes  codec µs   µs/KB   JSON µs   codec  JSON + codec',
    ...lines,
  ].join('\n');
}
