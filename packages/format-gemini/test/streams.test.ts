import { framesOf } from '@signalbox/conformance';
import {
  createResponseFold,
  type JsonObject,
  type ModelResponse,
  ProviderError,
  parseJson,
  type StreamEvent,
  type WireFrame,
} from '@signalbox/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gemini } from '../src/index.ts';

const context = { model: 'asked', createId: () => 'made', now: () => 0 };
const USAGE = { promptTokenCount: 10, totalTokenCount: 10 };

function chunk(
  parts: JsonObject[],
  candidate: JsonObject = {},
  more: JsonObject = { usageMetadata: USAGE },
): JsonObject {
  return {
    candidates: [{ content: { role: 'model', parts }, index: 0, ...candidate }],
    modelVersion: 'gemini',
    responseId: 'r1',
    ...more,
  };
}

function sse(...chunks: readonly JsonObject[]): string {
  return chunks.map((one) => `data: ${JSON.stringify(one)}\r\n\r\n`).join('');
}

function decodeFrames(frames: readonly WireFrame[]): StreamEvent[] {
  const decoder = gemini.client.createStreamDecoder({ provider: 'google' });
  return [...frames.flatMap((frame) => [...decoder.decode(frame)]), ...decoder.end()];
}

function decode(...chunks: readonly JsonObject[]): StreamEvent[] {
  return decodeFrames(framesOf('sse', sse(...chunks)));
}

function fold(events: readonly StreamEvent[]): ModelResponse {
  const folded = createResponseFold();
  for (const event of events) folded.add(event);
  return folded.response();
}

function failure(run: () => unknown): ProviderError | undefined {
  try {
    run();
  } catch (error) {
    if (ProviderError.is(error)) return error;
  }
  return undefined;
}

const END = chunk([], { finishReason: 'STOP' });

describe('a stream from Google', () => {
  it('is text in pieces, usage that grows, and one finish', () => {
    expect(
      decode(
        chunk([{ text: 'I ', thought: true }]),
        chunk([{ text: 'think.', thought: true }, { text: 'Hel' }]),
        chunk(
          [{ text: 'lo.' }],
          { finishReason: 'STOP' },
          { usageMetadata: { ...USAGE, candidatesTokenCount: 3, thoughtsTokenCount: 4 } },
        ),
      ),
    ).toEqual([
      { type: 'start', id: 'r1', model: 'gemini', createdAt: undefined },
      { type: 'reasoning-delta', index: 0, text: 'I ' },
      { type: 'usage-update', usage: { inputTokens: 10, outputTokens: 0, provenance: 'reported' } },
      { type: 'reasoning-delta', index: 0, text: 'think.' },
      { type: 'text-delta', index: 1, text: 'Hel' },
      { type: 'usage-update', usage: { inputTokens: 10, outputTokens: 0, provenance: 'reported' } },
      { type: 'text-delta', index: 1, text: 'lo.' },
      {
        type: 'finish',
        reason: 'stop',
        rawReason: 'STOP',
        usage: { inputTokens: 10, outputTokens: 7, reasoningTokens: 4, provenance: 'reported' },
        extensions: undefined,
      },
    ]);
  });

  it('has parallel calls, each whole, signed where Google signed', () => {
    const response = fold(
      decode(
        chunk([{ functionCall: { name: 'a', args: { x: 1 } }, thoughtSignature: 's' }]),
        chunk([{ functionCall: { name: 'a', args: {} } }, { functionCall: { id: 'own', name: 'b' } }], {
          finishReason: 'STOP',
        }),
      ),
    );
    expect(response.parts).toEqual([
      {
        type: 'tool-call',
        id: 'call_gemini_r1_0',
        name: 'a',
        arguments: '{"x":1}',
        signature: { issuer: 'google', value: 's' },
      },
      { type: 'tool-call', id: 'call_gemini_r1_1', name: 'a', arguments: '{}' },
      { type: 'tool-call', id: 'own', name: 'b', arguments: '' },
    ]);
    expect(response.finish.reason).toBe('tool-calls');
  });

  it('keeps the signature on an empty text at its end', () => {
    const response = fold(
      decode(chunk([{ text: 'Hello.' }]), chunk([{ text: '', thoughtSignature: 's' }], { finishReason: 'STOP' })),
    );
    expect(response.parts).toEqual([
      { type: 'text', text: 'Hello.' },
      { type: 'text', text: '', extensions: { gemini: { thoughtSignature: 's' } } },
    ]);
  });

  it('gives each signed text a part of its own', () => {
    const response = fold(
      decode(
        chunk([{ text: 'One.', thoughtSignature: '1' }, { text: 'Two.', thoughtSignature: '2' }, { text: 'Three.' }]),
        END,
      ),
    );
    expect(response.parts.map((part) => (part.type === 'text' ? part.text : ''))).toEqual(['One.', 'Two.', 'Three.']);
  });

  it('puts arguments together that come in pieces', () => {
    const piece = (partialArgs: JsonObject[], willContinue: boolean, name?: string) =>
      chunk([{ functionCall: { ...(name === undefined ? {} : { name }), partialArgs, willContinue } }]);
    const response = fold(
      decode(
        piece([{ jsonPath: '$.city', stringValue: 'Lon', willContinue: true }], true, 'a'),
        piece(
          [
            { jsonPath: '$.city', stringValue: 'don' },
            { jsonPath: '$.days[0]', numberValue: 1 },
          ],
          true,
        ),
        piece(
          [
            { jsonPath: "$['odd.name']", boolValue: false },
            { jsonPath: '$.none', nullValue: 'NULL_VALUE' },
          ],
          true,
        ),
        chunk([{ functionCall: {} }]),
        chunk([{ functionCall: {} }]),
        piece([{ jsonPath: '$.x', stringValue: 'y' }], true, 'b'),
        chunk([{ functionCall: { name: 'c', args: {} } }]),
        END,
      ),
    );
    expect(
      response.parts.map((part) => (part.type === 'tool-call' ? [part.name, parseJson(part.arguments)] : [])),
    ).toEqual([
      ['a', { city: 'London', days: [1], 'odd.name': false, none: null }],
      ['b', { x: 'y' }],
      ['c', {}],
    ]);
    expect(response.parts[0]).not.toHaveProperty('extensions');
  });

  it('keeps the arguments of a call whose last piece never came', () => {
    const first = chunk([
      { functionCall: { name: 'a', partialArgs: [{ jsonPath: '$.x', numberValue: 1 }], willContinue: true } },
    ]);
    const response = fold(decode(first, chunk([], { finishReason: 'MAX_TOKENS' })));
    expect(response).toMatchObject({ parts: [{ name: 'a', arguments: '{"x":1}' }], finish: { reason: 'length' } });
  });

  it('refuses pieces that make no sense', () => {
    for (const jsonPath of ['city', '$', '$.list[4]', undefined]) {
      const part = { functionCall: { name: 'a', partialArgs: [{ jsonPath, stringValue: 'x' }], willContinue: true } };
      expect(failure(() => decode(chunk([part as JsonObject]), END))?.kind).toBe('invalid-response');
    }
  });

  it('brings media and parts nobody knows whole', () => {
    const parts = [{ inlineData: { mimeType: 'image/png', data: 'AAAA' } }, { executableCode: { code: '1' } }];
    const response = fold(decode(chunk(parts), END));
    expect(response.parts).toEqual([
      { type: 'image', source: { kind: 'base64', mediaType: 'image/png', data: 'AAAA' } },
      { type: 'opaque', format: 'gemini', value: { executableCode: { code: '1' } } },
    ]);
  });

  it('keeps what only Google knows of the answer', () => {
    const more = { usageMetadata: { ...USAGE, trafficType: 'ON_DEMAND' }, novelty: 1 };
    const finish = decode(chunk([{ text: 'x' }]), chunk([], { finishReason: 'STOP', avgLogprobs: -0.1 }, more)).at(-1);
    expect(finish).toMatchObject({
      extensions: {
        gemini: { novelty: 1, candidate: { avgLogprobs: -0.1 }, usageMetadata: { trafficType: 'ON_DEMAND' } },
      },
    });
  });

  const second = (text: string, more: JsonObject = {}) => ({
    candidates: [{ content: { parts: [{ text }] }, index: 1, ...more }],
  });

  it('follows every candidate to its end', () => {
    const events = decode(
      chunk([{ text: 'One' }]),
      second('Oth'),
      chunk([{ text: '.' }], { finishReason: 'STOP' }),
      second('er', { finishReason: 'MAX_TOKENS' }),
    );
    expect(events.filter((event) => event.type === 'finish')).toHaveLength(1);
    expect(fold(events)).toMatchObject({
      parts: [{ type: 'text', text: 'One.' }],
      others: [{ parts: [{ type: 'text', text: 'Other' }], finish: { reason: 'length' } }],
    });
  });

  it('is cut where one candidate did not end', () => {
    const chunks = [chunk([{ text: 'One' }]), second('Oth'), chunk([{ text: '.' }], { finishReason: 'STOP' })];
    expect(failure(() => decode(...chunks))).toMatchObject({ kind: 'stream-cut' });
  });

  it('waits for the candidates that were asked for', () => {
    const decoder = gemini.client.createStreamDecoder({ provider: 'google', answers: 2 });
    const chunks = [chunk([{ text: 'One.' }], { finishReason: 'STOP' }), second('Other', { finishReason: 'STOP' })];
    const frames = chunks.map((one) => ({ raw: new Uint8Array(), data: JSON.stringify(one) }));
    const events = [...frames.flatMap((one) => [...decoder.decode(one)]), ...decoder.end()];
    expect(fold(events)).toMatchObject({ parts: [{ text: 'One.' }], others: [{ parts: [{ text: 'Other' }] }] });
  });

  it('may be one JSON array in pieces', () => {
    const chunks = [chunk([{ text: 'One' }]), chunk([{ text: '.' }], { finishReason: 'STOP' })].map((one) =>
      JSON.stringify(one),
    );
    const data = [`[${chunks[0]}`, ',', `,${chunks[1]}`, ']'];
    const frames = data.map((text) => ({ raw: new Uint8Array(), data: text }));
    expect(fold(decodeFrames(frames))).toMatchObject({ parts: [{ text: 'One.' }], finish: { reason: 'stop' } });
  });
});

describe('the end of a stream from Google', () => {
  it('is a cut where no finish reason came', () => {
    for (const chunks of [
      [],
      [chunk([{ text: 'One' }])],
      [chunk([{ text: 'One' }], { finishReason: 'FINISH_REASON_UNSPECIFIED' })],
    ]) {
      expect(failure(() => decode(...chunks))).toMatchObject({ kind: 'stream-cut', provider: 'google' });
    }
  });

  it('is the finish where its figures never came', () => {
    const events = decode(chunk([{ text: 'One' }], {}, {}), chunk([], { finishReason: 'MAX_TOKENS' }, {}));
    expect(events.at(-1)).toMatchObject({ type: 'finish', reason: 'length', usage: undefined });
  });

  it('is a refusal where the prompt was refused', () => {
    const events = decode({ promptFeedback: { blockReason: 'SAFETY' }, usageMetadata: USAGE, responseId: 'r1' });
    expect(events).toMatchObject([
      { type: 'start', id: 'r1' },
      { type: 'finish', reason: 'content-filter', rawReason: 'SAFETY' },
    ]);
  });

  it('is an error where one is sent', () => {
    const error = { error: { code: 429, status: 'RESOURCE_EXHAUSTED', message: 'Slow down.' } };
    expect(failure(() => decode(chunk([{ text: 'One' }]), error))).toMatchObject({
      kind: 'rate-limit',
      message: 'Slow down.',
      status: 429,
    });
    const observer = gemini.observe({ provider: 'google', hideUsage: false });
    expect(failure(() => framesOf('sse', sse(error)).map((frame) => observer.observe(frame)))?.kind).toBe('rate-limit');
  });
});

describe('a stream for a caller', () => {
  function encode(...events: StreamEvent[]): JsonObject[] {
    const encoder = gemini.server.createStreamEncoder(context);
    const text = events.map((event) => encoder.encode(event)).join('');
    for (const one of text.split('\r\n\r\n').slice(0, -1)) expect(one).toMatch(/^data: \{.*\}$/);
    return framesOf('sse', text).map((frame) => parseJson(frame.data) as JsonObject);
  }
  const START: StreamEvent = { type: 'start', id: 'r1', model: 'gemini' };

  it('is whole chunks with CRLF, usage cumulative, the reason in the last', () => {
    const [first, second, ...others] = encode(
      START,
      { type: 'text-delta', index: 0, text: 'Hel' },
      { type: 'usage-update', usage: { inputTokens: 10, outputTokens: 1, provenance: 'reported' } },
      { type: 'text-delta', index: 0, text: 'lo.' },
      { type: 'finish', reason: 'stop', usage: { inputTokens: 10, outputTokens: 2, provenance: 'reported' } },
    );
    const usage = (candidatesTokenCount: number) => ({
      promptTokenCount: 10,
      candidatesTokenCount,
      totalTokenCount: 10 + candidatesTokenCount,
    });
    expect(first).toEqual({
      candidates: [{ content: { parts: [{ text: 'Hel' }], role: 'model' }, index: 0 }],
      modelVersion: 'gemini',
      responseId: 'r1',
    });
    expect(second).toMatchObject({ candidates: [{ content: { parts: [{ text: 'lo.' }] } }], usageMetadata: usage(1) });
    expect(others).toEqual([
      {
        candidates: [{ content: { parts: [{ text: '' }], role: 'model' }, finishReason: 'STOP', index: 0 }],
        usageMetadata: usage(2),
        modelVersion: 'gemini',
        responseId: 'r1',
      },
    ]);
  });

  it('has calls whole, in their order, before what comes behind them', () => {
    const chunks = encode(
      START,
      { type: 'tool-call-start', index: 0, id: '1', name: 'a' },
      { type: 'tool-call-start', index: 1, id: '2', name: 'b', signature: { issuer: 'google', value: 's' } },
      { type: 'tool-call-delta', index: 0, arguments: '{"x":' },
      { type: 'tool-call-delta', index: 1, arguments: '{}' },
      { type: 'tool-call-delta', index: 0, arguments: '1}' },
      { type: 'text-delta', index: 2, text: 'Done.' },
      { type: 'finish', reason: 'tool-calls' },
    );
    expect(chunks).toMatchObject([
      {
        candidates: [
          {
            content: {
              parts: [
                { functionCall: { id: '1', name: 'a', args: { x: 1 } } },
                { functionCall: { id: '2', name: 'b', args: {} }, thoughtSignature: 's' },
                { text: 'Done.' },
              ],
            },
          },
        ],
      },
      { candidates: [{ finishReason: 'STOP' }] },
    ]);
  });

  it('has calls without arguments at its end', () => {
    const chunks = encode(
      START,
      { type: 'tool-call-start', index: 0, id: '1', name: 'a' },
      { type: 'tool-call-delta', index: 0, arguments: '' },
      { type: 'finish', reason: 'tool-calls' },
    );
    expect(chunks).toMatchObject([
      { candidates: [{ finishReason: 'STOP', content: { parts: [{ functionCall: { id: '1', name: 'a' } }] } }] },
    ]);
  });

  it('shows reasoning, and only signatures of Google’s', () => {
    const chunks = encode(
      START,
      { type: 'reasoning-delta', index: 0, text: 'I think.' },
      { type: 'reasoning-signature', index: 0, signature: { issuer: 'anthropic', value: 'FOREIGN' } },
      { type: 'reasoning-signature', index: 1, signature: { issuer: 'google', value: 's' } },
      { type: 'text-extension', index: 2, extensions: { gemini: { thoughtSignature: 't' }, other: { citations: [] } } },
      { type: 'finish', reason: 'stop' },
    );
    expect(
      chunks.flatMap((one) => (one.candidates as { content: { parts: JsonObject[] } }[])[0]?.content.parts),
    ).toEqual([
      { text: 'I think.', thought: true },
      { thought: true, thoughtSignature: 's' },
      { text: '', thoughtSignature: 't' },
      { text: '' },
    ]);
  });

  it('ends in Google’s error, once', () => {
    const encoder = gemini.server.createStreamEncoder(context);
    encoder.encode(START);
    const text = encoder.error(new ProviderError({ kind: 'overloaded', message: 'Busy.', retryAfterMs: 1000 }));
    expect(text).toBe(
      'data: {"error":{"code":503,"message":"Busy.","status":"UNAVAILABLE","details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"1s"}]}}\r\n\r\n',
    );
    expect(encoder.encode({ type: 'finish', reason: 'stop' })).toBe('');
  });

  it('gives back every call, however its pieces fall', () => {
    const call = fc.record({ name: fc.constantFrom('a', 'b'), input: fc.dictionary(fc.string(), fc.jsonValue()) });
    fc.assert(
      fc.property(
        fc.array(call, { minLength: 1, maxLength: 4 }),
        fc.infiniteStream(fc.nat({ max: 7 })),
        (calls, sizes) => {
          const starts: StreamEvent[] = calls.map(({ name }, index) => ({
            type: 'tool-call-start',
            index,
            id: `id_${index}`,
            name,
          }));
          const queues = calls.map(({ input }) => [...JSON.stringify(input)]);
          const deltas: StreamEvent[] = [];
          while (queues.some((queue) => queue.length > 0)) {
            for (const [index, queue] of queues.entries()) {
              const size = (sizes.next().value ?? 0) + 1;
              if (queue.length > 0)
                deltas.push({ type: 'tool-call-delta', index, arguments: queue.splice(0, size).join('') });
            }
          }
          const chunks = encode(START, ...starts, ...deltas, { type: 'finish', reason: 'tool-calls' });
          const parts = fold(decode(...chunks)).parts;
          expect(
            parts.map((part) =>
              part.type === 'tool-call' ? [part.id, part.name, JSON.parse(part.arguments || '{}')] : [],
            ),
          ).toEqual(calls.map(({ name, input }, index) => [`id_${index}`, name, JSON.parse(JSON.stringify(input))]));
        },
      ),
    );
  });
});
