import { parseJson, type StreamEvent, type WireFormat, type WireFrame } from '../packages/core/src/index.ts';
import { createFramer } from '../packages/provider-kit/src/index.ts';
import { FORMATS } from '../wire-pack/formats.ts';
import { encodeEvents, framesOf } from '../wire-pack/stream.ts';
import { type Beside, measureBeside } from './cpu.ts';
import { translateBurst } from './translated-burst.ts';
import { vendorBurst } from './vendor-bursts.ts';

const DELTAS = 200;
const TIMES = 100;
const CONTEXT = { provider: 'some-provider', hideUsage: false };

/** One piece of work on a burst, beside JSON.parse of the events it came as. */
export interface StreamMeasure extends Beside {
  readonly from: string;
  /** The caller's format, of a translation. */
  readonly to?: string | undefined;
  readonly work: 'decode' | 'observe' | 'encode' | 'translate frames' | 'translate bytes';
  readonly bytes: number;
}

/** Measures the parts of the work for each format, and the whole of it for each pair. */
export async function streamMeasures(rounds: number): Promise<StreamMeasure[]> {
  const measures: StreamMeasure[] = [];
  for (const { format } of FORMATS) measures.push(...(await partsOf(format, rounds)));
  // All pairs run before one is measured: which of them comes first must not matter.
  for (const from of FORMATS) {
    for (const to of FORMATS) await translations(from.format, to.format, 1);
  }
  for (const from of FORMATS) {
    for (const to of FORMATS) measures.push(...(await translations(from.format, to.format, rounds)));
  }
  return measures;
}

/** Parsing each event with JSON.parse and no more. The end mark of Chat Completions is no JSON and costs the floor nothing. */
function parsing(frames: readonly WireFrame[]): () => void {
  const texts = frames.map((frame) => frame.data).filter((data) => parseJson(data) !== undefined);
  return () => {
    for (const text of texts) JSON.parse(text);
  };
}

async function partsOf(format: WireFormat, rounds: number): Promise<StreamMeasure[]> {
  const body = vendorBurst(format, DELTAS);
  const frames = framesOf(format, body);
  const events: StreamEvent[] = [];
  const first = format.client.createStreamDecoder(CONTEXT);
  for (const frame of frames) events.push(...first.decode(frame));
  events.push(...first.end());
  const work = {
    decode: () => {
      const decoder = format.client.createStreamDecoder(CONTEXT);
      for (const frame of frames) decoder.decode(frame);
      decoder.end();
    },
    observe: () => {
      const observer = format.observe(CONTEXT);
      for (const frame of frames) observer.observe(frame);
      observer.end();
    },
    encode: () => void encodeEvents(format, events),
  } as const;
  const measures: StreamMeasure[] = [];
  for (const name of ['decode', 'observe', 'encode'] as const) {
    const beside = await measureBeside(work[name], parsing(frames), TIMES, rounds);
    measures.push({ from: format.id, work: name, bytes: Buffer.byteLength(body), ...beside });
  }
  return measures;
}

async function translations(from: WireFormat, to: WireFormat, rounds: number): Promise<StreamMeasure[]> {
  const body = Buffer.from(vendorBurst(from, DELTAS));
  const frames = framesOf(from, body);
  const ready = translateBurst(from, to, async function* () {
    yield frames;
  });
  const fromBytes = translateBurst(from, to, async function* () {
    const framer = createFramer(from.streamFraming, CONTEXT.provider);
    yield framer.push(body);
    yield framer.end();
  });
  const about = { from: from.id, to: to.id, bytes: body.length };
  return [
    { ...about, work: 'translate frames', ...(await measureBeside(discard(ready), parsing(frames), TIMES, rounds)) },
    { ...about, work: 'translate bytes', ...(await measureBeside(discard(fromBytes), parsing(frames), TIMES, rounds)) },
  ];
}

function discard(work: () => Promise<unknown>): () => Promise<void> {
  return async () => {
    await work();
  };
}

/** The measures as tables: the parts, and the pairs. */
export function streamTables(measures: readonly StreamMeasure[]): string {
  const ids = [...new Set(measures.map((one) => one.from))];
  const parts = measures
    .filter((one) => one.to === undefined)
    .map(({ from, work, bytes, microseconds, floorMicroseconds, ratio }) =>
      [
        from.padEnd(19),
        work.padEnd(8),
        String(bytes).padStart(9),
        microseconds.toFixed(0).padStart(9),
        floorMicroseconds.toFixed(0).padStart(9),
        ratio.toFixed(2).padStart(7),
      ].join(' '),
    );
  const pairs = (work: StreamMeasure['work']) => [
    `${'from, to'.padEnd(19)} ${ids.map((id) => id.padStart(18)).join(' ')}`,
    ...ids.map(
      (from) =>
        `${from.padEnd(19)} ${ids
          .map((to) => {
            const found = measures.find((one) => one.work === work && one.from === from && one.to === to);
            return (found?.ratio.toFixed(2) ?? '').padStart(18);
          })
          .join(' ')}`,
    ),
  ];
  return [
    `Bursts of ${DELTAS} text deltas as vendors send them: microseconds, beside JSON.parse of the events`,
    'format              work         bytes        µs  parse µs  ratio',
    ...parts,
    '',
    'Translated bursts, from frames to the bytes for the caller (decoder, the router’s books, encoder, UTF-8), over JSON.parse of the events',
    ...pairs('translate frames'),
    '',
    'The same from the bytes of the socket: cutting into frames is in the figure, and not in what it is compared with',
    ...pairs('translate bytes'),
  ].join('\n');
}
