import type { StreamEvent, WireFormat } from '../packages/core/src/index.ts';
import { FORMATS } from '../wire-pack/formats.ts';
import { encodeEvents, framesOf, serverContext } from '../wire-pack/stream.ts';
import { cpuMicroseconds, type Work } from './cpu.ts';
import { median } from './median.ts';
import { requestOfSize } from './translation-workload.ts';
import { vendorBurst } from './vendor-bursts.ts';

/** 10 KB, doubled ten times: about 10 MB. */
const SIZES = Array.from({ length: 11 }, (_, doublings) => 10_000 * 2 ** doublings);
const CONTEXT = { model: 'some-model', stream: false, provider: 'some-provider', quirks: {} };
/** Bytes that are worked through for one figure, so that small inputs are measured as well as large ones. */
const BYTES_A_FIGURE = 2_000_000;

/** How the time of one kind of work grows with its input, and how that of JSON.parse of the same bytes does. */
export interface GrowthMeasure {
  readonly format: string;
  readonly operation: string;
  readonly bytes: readonly number[];
  readonly microseconds: readonly number[];
  readonly parseMicroseconds: readonly number[];
  /** What a doubling of the input does to the time, over all doublings: 2 is linear. */
  readonly perDoubling: number;
  readonly parsePerDoubling: number;
}

interface Case {
  readonly operation: string;
  /** The work on an input of about so many bytes, its bytes, and the JSON texts in it. */
  readonly of: (format: WireFormat, size: number) => { run: Work; bytes: number; texts: readonly string[] };
}

const CASES: readonly Case[] = [
  {
    operation: 'decode a request',
    of(format, size) {
      const { body, path } = format.client.encodeRequest(requestOfSize(size), CONTEXT);
      const text = JSON.stringify(body);
      const parsed: unknown = JSON.parse(text);
      return { run: () => void format.server.decodeRequest(parsed, path), bytes: text.length, texts: [text] };
    },
  },
  {
    operation: 'encode a request',
    of(format, size) {
      const request = requestOfSize(size);
      const text = JSON.stringify(format.client.encodeRequest(request, CONTEXT).body);
      return { run: () => void format.client.encodeRequest(request, CONTEXT), bytes: text.length, texts: [text] };
    },
  },
  {
    operation: 'translate text deltas',
    of(format, size) {
      const deltas = Math.ceil((size * 200) / vendorBurst(format, 200).length);
      return translation(format, vendorBurst(format, deltas));
    },
  },
  { operation: 'translate arguments', of: (format, size) => translation(format, encodeEvents(format, call(size))) },
  {
    operation: 'translate log probabilities',
    of: (format, size) => translation(format, encodeEvents(format, likely(size))),
  },
];

/** Measures all formats and cases at all sizes. */
export async function growthMeasures(rounds: number): Promise<GrowthMeasure[]> {
  const measures: GrowthMeasure[] = [];
  for (const { format } of FORMATS) {
    for (const one of CASES) measures.push(await growthOf(format, one, Math.min(rounds, 5)));
  }
  return measures;
}

async function growthOf(format: WireFormat, { operation, of }: Case, rounds: number): Promise<GrowthMeasure> {
  const bytes: number[] = [];
  const microseconds: number[] = [];
  const parseMicroseconds: number[] = [];
  for (const size of SIZES) {
    const input = of(format, size);
    const times = Math.max(1, Math.ceil(BYTES_A_FIGURE / input.bytes));
    const parse = () => {
      for (const text of input.texts) JSON.parse(text);
    };
    const own: number[] = [];
    const floor: number[] = [];
    for (let round = 0; round <= rounds; round += 1) {
      const [one, other] = [await cpuMicroseconds(input.run, times), await cpuMicroseconds(parse, times)];
      if (round === 0) continue;
      own.push(one);
      floor.push(other);
    }
    bytes.push(input.bytes);
    microseconds.push(median(own));
    parseMicroseconds.push(median(floor));
  }
  return {
    format: format.id,
    operation,
    bytes,
    microseconds,
    parseMicroseconds,
    perDoubling: perDoubling(bytes, microseconds),
    parsePerDoubling: perDoubling(bytes, parseMicroseconds),
  };
}

/** The slope of a line through the logarithms of size and time (least squares), as what a doubling costs. */
function perDoubling(sizes: readonly number[], times: readonly number[]): number {
  const points = sizes.map((size, index) => [Math.log2(size), Math.log2(times[index] ?? Number.NaN)] as const);
  const mean = (place: 0 | 1) => points.reduce((sum, point) => sum + point[place], 0) / points.length;
  const [x, y] = [mean(0), mean(1)];
  const slope =
    points.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0) /
    points.reduce((sum, point) => sum + (point[0] - x) ** 2, 0);
  return 2 ** slope;
}

/** Decoding and encoding anew, from frames to text. */
function translation(format: WireFormat, body: string): { run: Work; bytes: number; texts: readonly string[] } {
  const frames = framesOf(format, body);
  return {
    bytes: body.length,
    texts: frames.map((frame) => frame.data).filter((data) => data.startsWith('{')),
    run() {
      const decoder = format.client.createStreamDecoder({ provider: CONTEXT.provider });
      const encoder = format.server.createStreamEncoder(serverContext());
      let length = 0;
      for (const frame of frames) for (const event of decoder.decode(frame)) length += encoder.encode(event).length;
      for (const event of decoder.end()) length += encoder.encode(event).length;
      if (length === 0) throw new Error('bench: nothing was translated');
    },
  };
}

/** About as many bytes as one event of the kind takes in most formats. */
const BYTES_AN_EVENT = 180;

/** One tool call whose arguments come in small pieces. */
function call(size: number): StreamEvent[] {
  const events: StreamEvent[] = [
    { type: 'start', id: 'answer_1', model: 'some-model', createdAt: 1_760_000_000 },
    { type: 'tool-call-start', index: 0, id: 'call_1', name: 'write_file' },
    { type: 'tool-call-delta', index: 0, arguments: '{"text":"' },
  ];
  for (let done = 0; done < size; done += BYTES_AN_EVENT) {
    events.push({ type: 'tool-call-delta', index: 0, arguments: `line ${done} of \\"it\\"\\n` });
  }
  return [...events, { type: 'tool-call-delta', index: 0, arguments: '"}' }, { type: 'finish', reason: 'tool-calls' }];
}

/** A text whose log probabilities come with each token, in the formats that have them. */
function likely(size: number): StreamEvent[] {
  const events: StreamEvent[] = [{ type: 'start', id: 'answer_1', model: 'some-model', createdAt: 1_760_000_000 }];
  for (let done = 0; done < size; done += 2 * BYTES_AN_EVENT) {
    const token = ` t${done}`;
    const logprobs = [{ token, logprob: -0.25, bytes: [32, 116], top_logprobs: [] }];
    const extensions = { 'openai-chat': { logprobs }, 'openai-responses': { logprobs } };
    events.push({ type: 'text-delta', index: 0, text: token }, { type: 'text-extension', index: 0, extensions });
  }
  return [...events, { type: 'finish', reason: 'stop' }];
}

/** The measures as a table. */
export function growthTable(measures: readonly GrowthMeasure[]): string {
  const shown = [0, 4, 7, 10];
  const lines = measures.map((one) =>
    [
      one.format.padEnd(19),
      one.operation.padEnd(28),
      ...shown.map((place) =>
        ((one.microseconds[place] ?? 0) / ((one.bytes[place] ?? 1) / 1000)).toFixed(2).padStart(8),
      ),
      one.perDoubling.toFixed(2).padStart(12),
      one.parsePerDoubling.toFixed(2).padStart(12),
    ].join(' '),
  );
  const head = shown.map((place) => `${Math.round((SIZES[place] ?? 0) / 1000)} KB`.padStart(8)).join(' ');
  return [
    'Growth from 10 KB to 10 MB: microseconds per kilobyte, and what doubling the input does to the time (2 is linear) beside JSON.parse',
    `${'format'.padEnd(19)} ${'work'.padEnd(28)} ${head}   × a double  JSON.parse`,
    ...lines,
  ].join('\n');
}
