import { type ModelResponse, ProviderError, responseEvents, type StreamEvent, type WireFormat } from '@signalbox/core';
import { expectedFinish } from './check-responses.ts';
import { responseEssence } from './essence.ts';
import type { Lack, WireFormatFixtures } from './fixtures.ts';
import { framesOf } from './framer.ts';
import { INTERLEAVED_RESPONSE, INTERLEAVED_TOOLS, type SampleResponse } from './sample-responses.ts';
import {
  decodeCut,
  decodeFrames,
  decodePieces,
  decodeStream,
  encodeStream,
  foldEvents,
  PROVIDER,
  providerErrorKind,
  serverContext,
  thrownBy,
} from './stream-drive.ts';
import type { TestRunner } from './test-runner.ts';

/** Streams: written for a caller, cut in every way, and read back as from a provider. */
export function checkStreams(
  { it, expect }: TestRunner,
  format: WireFormat,
  fixtures: WireFormatFixtures,
  samples: readonly SampleResponse[],
): void {
  const lacks: ReadonlySet<Lack> = new Set(fixtures.lacks);
  const cases: { name: string; response: ModelResponse; events: readonly StreamEvent[] }[] = samples.map((sample) => ({
    ...sample,
    events: inPieces(sample.response),
  }));
  cases.push({ name: 'interleaved tool calls', response: INTERLEAVED_RESPONSE, events: INTERLEAVED_TOOLS });

  for (const { name, response, events } of cases) {
    const wire = encodeStream(format, events);
    const wholeFrames = () => framesOf(format.streamFraming, wire);

    it(`streams ${name} to the same answer as without a stream`, () => {
      const decoded = decodeStream(format, wire);
      expectContract(expect, decoded);
      const folded = foldEvents(decoded);
      expect(responseEssence(folded, lacks)).toEqual(responseEssence(response, lacks));
      expect(folded.finish.reason).toBe(expectedFinish(response.finish.reason, fixtures));
    });

    it(`reads ${name} alike in pieces of 1, 7 and 4096 bytes and with every kind of line end`, () => {
      const expected = decodeStream(format, wire);
      const wires = format.streamFraming === 'sse' ? [wire, relined(wire, '\r\n'), relined(wire, '\r')] : [wire];
      for (const text of wires) {
        for (const size of [1, 7, 4096]) {
          expect(decodePieces(format, new TextEncoder().encode(text), size)).toEqual(expected);
        }
      }
    });

    it(`never takes a part of ${name} for the whole`, () => {
      const frames = wholeFrames();
      const whole = decodeCut(format, frames);
      expect(whole.error).toBe(undefined);
      const parts = responseEssence({ ...whole.response, usage: undefined }, lacks);
      let cuts = 0;
      for (let length = 0; length < frames.length; length += 1) {
        const cut = decodeCut(format, frames.slice(0, length));
        if (cut.error === undefined) {
          // Nothing but the end mark was missing.
          expect(responseEssence({ ...cut.response, usage: undefined }, lacks)).toEqual(parts);
          expect(cut.response.finish.reason).toBe(whole.response.finish.reason);
        } else {
          expect(providerErrorKind(cut.error)).toBe('stream-cut');
          expect(cut.finished).toBe(false);
          cuts += 1;
        }
      }
      expect(cuts > 0, 'there must be cuts that are noticed').toBe(true);
    });

    it(`passes over noise in ${name}`, () => {
      const frames = wholeFrames();
      const expected = withoutFields(decodeFrames(format, frames));
      for (const noise of noiseFrames(format, fixtures)) {
        for (const at of [0, 1, Math.floor(frames.length / 2)]) {
          const noisy = [...frames.slice(0, at), ...framesOf(format.streamFraming, noise), ...frames.slice(at)];
          expect(withoutFields(decodeFrames(format, noisy))).toEqual(expected);
        }
      }
    });
  }

  it('ends in the protocol’s own error after a break, and says nothing more', () => {
    const encoder = format.server.createStreamEncoder(serverContext());
    const [first] = samples;
    if (first === undefined) throw new Error('there are no samples');
    let text = '';
    for (const event of inPieces(first.response)) if (event.type !== 'finish') text += encoder.encode(event);
    text += encoder.error(new ProviderError({ kind: 'overloaded', message: 'Too much to do.', status: 529 }));
    expect(encoder.encode({ type: 'text-delta', index: 0, text: 'more' })).toBe('');
    expect(encoder.encode({ type: 'finish', reason: 'stop' })).toBe('');
    const frames = framesOf(format.streamFraming, text);
    const end = decodeCut(format, frames);
    expect(ProviderError.is(end.error), 'the error must be thrown').toBe(true);
    expect(end.finished).toBe(false);
    expect(ProviderError.is(end.error) && end.error.message.includes('Too much to do.')).toBe(true);
    const observer = format.observe({ provider: PROVIDER, hideUsage: false });
    const error = thrownBy(() => {
      for (const frame of frames) observer.observe(frame);
    });
    expect(ProviderError.is(error), 'the observer must throw it too').toBe(true);
  });

  for (const { name, text } of fixtures.streams ?? []) {
    it(`decodes the stream “${name}” to one finish`, () => {
      expectContract(expect, decodeStream(format, text));
    });
  }
}

/** Texts and arguments in several deltas, as providers send them. */
function inPieces(response: ModelResponse): StreamEvent[] {
  const events: StreamEvent[] = [];
  for (const event of responseEvents(response)) {
    if (event.type === 'text-delta' || event.type === 'reasoning-delta') {
      for (const text of pieces(event.text)) events.push({ ...event, text });
    } else if (event.type === 'tool-call-delta') {
      for (const text of pieces(event.arguments)) events.push({ ...event, arguments: text });
    } else {
      events.push(event);
    }
  }
  return events;
}

/** At most five characters each, never half a surrogate pair. */
function pieces(text: string): string[] {
  const characters = [...text];
  const list: string[] = [];
  for (let at = 0; at < characters.length; at += 5) list.push(characters.slice(at, at + 5).join(''));
  return list.length === 0 ? [''] : list;
}

function relined(text: string, ending: string): string {
  return text.replaceAll(/\r\n|\n/g, ending);
}

function noiseFrames(format: WireFormat, fixtures: WireFormatFixtures): string[] {
  if (format.streamFraming === 'ndjson') return ['{"broken\n', fixtures.unknownFrame ?? '{"novelty":true}\n'];
  const unknown = fixtures.unknownFrame ?? 'event: novelty\ndata: {"type":"novelty","value":1}\n\n';
  return ['data: {"broken\n\n', ': a comment\n\n', unknown];
}

/** The events without what a format may have kept of the noise: unknown fields survive. */
function withoutFields(events: readonly StreamEvent[]): StreamEvent[] {
  return events.map((event) => (event.type === 'finish' ? { ...event, extensions: undefined } : event));
}

/** At most one `start`, first; exactly one `finish`, last. */
function expectContract(expect: TestRunner['expect'], events: readonly StreamEvent[]): void {
  const types = events.map((event) => event.type);
  expect(types.filter((type) => type === 'finish').length, 'one finish').toBe(1);
  expect(types.at(-1)).toBe('finish');
  expect(types.lastIndexOf('start') <= 0, 'start comes first and once').toBe(true);
}
