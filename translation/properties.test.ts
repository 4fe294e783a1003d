import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  asArray,
  asObject,
  asString,
  type ModelRequest,
  ProviderError,
  parseJson,
  type WireFrame,
} from '../packages/core/src/index.ts';
import { FORMATS } from '../wire-pack/formats.ts';
import { requestLosses, silentLosses } from '../wire-pack/losses/request-losses.ts';
import { responseLosses } from '../wire-pack/losses/response-losses.ts';
import type { RecordedFormat } from '../wire-pack/recorded-format.ts';
import { contractFaults, decodeFrames, encodeEvents, fold, framesOf, serverContext } from '../wire-pack/stream.ts';
import { request, response, stream } from './generated.ts';

const PROVIDER = 'some-provider';
const RUNS = { numRuns: 100 };
const pairs = FORMATS.flatMap((from) =>
  FORMATS.filter((to) => to !== from).map((to) => [from.format.id, to.format.id, from, to] as const),
);
const each = FORMATS.map((recorded) => [recorded.format.id, recorded] as const);

/** A canonical request through a format: what arrives, and what was lost without a note. */
function pass(asked: ModelRequest, { format }: RecordedFormat) {
  const context = { model: 'some-model', stream: false, provider: PROVIDER, quirks: {} };
  const { body, path, notes } = format.client.encodeRequest(asked, context);
  const arrived = format.server.decodeRequest(JSON.parse(JSON.stringify(body)), path);
  return { body, arrived, silent: silentLosses(requestLosses(asked, arrived), notes) };
}

function frames(recorded: RecordedFormat, text: string): WireFrame[] {
  return framesOf(recorded.format, text);
}

describe.each(pairs)('a caller of %s in front of %s', (_from, _to, from, to) => {
  it('asks for the same, and what is not asked for is reported', () => {
    fc.assert(
      fc.property(request, (asked) => {
        // What a caller of the format can say at all.
        const said = pass(asked, from).arrived;
        const there = pass(said, to);
        expect(there.silent).toEqual([]);
        expect(pass(there.arrived, from).silent).toEqual([]);
      }),
      RUNS,
    );
  });

  it('is told the same, whole and as a stream', () => {
    const limits = [...from.answerLimits, ...to.answerLimits];
    fc.assert(
      fc.property(stream, ({ response: whole, events }) => {
        const answered = decodeFrames(to.format, frames(to, encodeEvents(to.format, events)), PROVIDER);
        expect(answered.error).toBe(undefined);
        const told = decodeFrames(from.format, frames(from, encodeEvents(from.format, answered.events)), PROVIDER);
        expect(told.error).toBe(undefined);
        expect(contractFaults(told.events)).toEqual([]);
        expect(responseLosses(whole, fold(told.events), limits)).toEqual([]);
        const body = JSON.parse(
          JSON.stringify(from.format.server.encodeResponse(fold(answered.events), serverContext())),
        );
        expect(responseLosses(whole, from.format.client.decodeResponse(body, { provider: PROVIDER }), limits)).toEqual(
          [],
        );
      }),
      RUNS,
    );
  });
});

describe.each(each)('%s', (id, recorded) => {
  const { format } = recorded;

  it('loses nothing of a request without a note', () => {
    fc.assert(
      fc.property(request, (asked) => {
        expect(pass(asked, recorded).silent).toEqual([]);
      }),
      RUNS,
    );
  });

  it('tells an answer whole as it tells it in pieces', () => {
    fc.assert(
      fc.property(response, (whole) => {
        const body = JSON.parse(JSON.stringify(format.server.encodeResponse(whole, serverContext())));
        const back = format.client.decodeResponse(body, { provider: PROVIDER });
        expect(responseLosses(whole, back, recorded.answerLimits)).toEqual([]);
      }),
      RUNS,
    );
  });

  it('ends a stream once, and never mixes what its clients can not take apart', () => {
    fc.assert(
      fc.property(stream, ({ events }) => {
        const wire = frames(recorded, encodeEvents(format, events)).map(
          (frame) => asObject(parseJson(frame.data)) ?? {},
        );
        const ends = wire.filter((event) => isEnd(id, event));
        expect(ends).toHaveLength(1);
        if (id === 'anthropic-messages') expectNoOverlap(wire);
        if (id === 'ollama-chat' || id === 'gemini') expectWholeCalls(wire, events);
      }),
      RUNS,
    );
  });

  it('reads whatever comes as events or as a ProviderError', () => {
    const whole = encodeEvents(format, [
      { type: 'start' },
      { type: 'text-delta', index: 0, text: 'Łódź 🌧' },
      { type: 'finish', reason: 'stop' },
    ]);
    const bytes = new TextEncoder().encode(whole);
    const members = fc.constantFrom(
      'type',
      'choices',
      'delta',
      'message',
      'content',
      'candidates',
      'parts',
      'tool_calls',
      'function',
      'index',
      'output',
      'item',
      'response',
      'usage',
      'error',
      'functionCall',
      'done',
    );
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        fc.jsonValue({ maxDepth: 1 }),
        fc.dictionary(members, tie('tree'), { maxKeys: 4 }),
        fc.array(tie('tree'), { maxLength: 3 }),
      ),
    }));
    const noise = fc.oneof(
      fc.uint8Array({ maxLength: 60 }),
      tree.map((value) => lineOf(recorded, JSON.stringify(value))),
      // A code point or a line that is cut in two.
      fc.nat({ max: bytes.length }).map((at) => bytes.subarray(0, at)),
    );
    fc.assert(
      fc.property(fc.array(noise, { maxLength: 4 }), (pieces) => {
        const received = Buffer.concat(pieces);
        decodeFrames(format, framesOf(format, received, 7), PROVIDER);
        const observer = format.observe({ provider: PROVIDER, hideUsage: true });
        onlyProviderErrors(() => {
          for (const frame of framesOf(format, received)) observer.observe(frame);
          observer.end();
        });
      }),
      { numRuns: 300 },
    );
    fc.assert(
      fc.property(tree, (body) => {
        onlyProviderErrors(() => format.client.decodeResponse(body, { provider: PROVIDER }));
        expect(format.client.decodeError(500, {}, body).message).toBeTypeOf('string');
      }),
      { numRuns: 300 },
    );
  });
});

function onlyProviderErrors(call: () => unknown): void {
  try {
    call();
  } catch (error) {
    if (!ProviderError.is(error)) throw error;
  }
}

function lineOf({ format }: RecordedFormat, json: string): Uint8Array {
  return new TextEncoder().encode(format.streamFraming === 'sse' ? `data: ${json}\n\n` : `${json}\n`);
}

function isEnd(id: string, event: Record<string, unknown>): boolean {
  const [choice] = asArray(event.choices);
  const [candidate] = asArray(event.candidates);
  switch (id) {
    case 'anthropic-messages':
      return event.type === 'message_stop';
    case 'openai-chat':
      return typeof asObject(choice)?.finish_reason === 'string';
    case 'openai-responses':
      return event.type === 'response.completed' || event.type === 'response.incomplete';
    case 'gemini':
      return asObject(candidate)?.finishReason !== undefined;
    default:
      return event.done === true;
  }
}

/** Anthropic: a block starts after the one before stopped, indices count. */
function expectNoOverlap(wire: readonly Record<string, unknown>[]): void {
  let open: unknown;
  let count = 0;
  for (const { type, index } of wire) {
    if (type === 'content_block_start') {
      expect(open).toBe(undefined);
      expect(index).toBe(count);
      open = index;
      count += 1;
    } else if (type === 'content_block_delta') expect(index).toBe(open);
    else if (type === 'content_block_stop') {
      expect(index).toBe(open);
      open = undefined;
    }
  }
  expect(open).toBe(undefined);
}

/** Ollama and Gemini: a call is in one line, arguments and all. */
function expectWholeCalls(
  wire: readonly Record<string, unknown>[],
  events: readonly { readonly type: string }[],
): void {
  const calls = wire.flatMap((event) => [
    ...asArray(asObject(event.message)?.tool_calls),
    ...asArray(asObject(asObject(asArray(event.candidates)[0])?.content)?.parts).filter(
      (part) => asObject(part)?.functionCall !== undefined,
    ),
  ]);
  expect(calls).toHaveLength(events.filter((event) => event.type === 'tool-call-start').length);
  for (const call of calls) {
    const called = asObject(asObject(call)?.function) ?? asObject(asObject(call)?.functionCall);
    expect(asString(called?.name)).not.toBe(undefined);
  }
}
