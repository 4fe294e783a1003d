import { framesOf } from '@signalbox/conformance';
import type { JsonObject, JsonValue, OpaquePart, StreamEvent } from '@signalbox/core';
import { describe, expect, it } from 'vitest';
import { gemini } from '../src/index.ts';

const context = { model: 'asked', createId: () => 'made', now: () => 0 };

/** A chunk without figures, so that its finish waits for the end of the stream. */
const chunk = (parts: JsonObject[], candidate: JsonObject = {}, more: JsonObject = {}): JsonObject => {
  return { candidates: [{ content: { role: 'model', parts }, index: 0, ...candidate }], responseId: 'r1', ...more };
};
const STOP = chunk([], { finishReason: 'STOP' });

function read(...chunks: readonly JsonValue[]): readonly StreamEvent[] {
  const decoder = gemini.client.createStreamDecoder({ provider: 'google' });
  const text = chunks.map((one) => `data: ${JSON.stringify(one)}\r\n\r\n`).join('');
  const events = framesOf('sse', text).flatMap((frame) => [...decoder.decode(frame)]);
  return [...events, ...decoder.end()];
}
/** In few words. */
const told = (events: readonly StreamEvent[]) =>
  events.flatMap((one) => {
    if (one.type === 'text-delta') return [`${one.index} text ${one.text}`];
    if (one.type === 'tool-call-start') return [`${one.index} call ${one.name}`];
    return one.type === 'tool-call-delta' ? [`${one.index} with ${one.arguments}`] : [];
  });
const text = (words: string) => ({ text: words });
const call = (name: string, args: JsonObject = {}) => ({ functionCall: { name, args } });

describe('a stream from Google', () => {
  it('has begun with the first chunk that says something of an answer', () => {
    const events = read({ someday: 1 }, chunk([text('hi')]), STOP);
    expect(events.map(({ type }) => type)).toEqual(['start', 'text-delta', 'finish']);
    expect(events[0]).toMatchObject({ id: 'r1' });
  });

  it('is over with its finish: what follows it is none of the answer', () => {
    const figures = { usageMetadata: { promptTokenCount: 1, candidatesTokenCount: 1 } };
    const events = read(chunk([text('hi')], { finishReason: 'STOP' }, figures), chunk([text(' again')]), STOP);
    expect(events.map(({ type }) => type)).toEqual(['start', 'text-delta', 'finish']);
  });

  it('has no part for a text of nothing between calls', () => {
    const events = read(chunk([call('one'), text(''), call('two'), text(''), text('end')]), STOP);
    expect(told(events)).toEqual(['0 call one', '0 with {}', '1 call two', '1 with {}', '2 text end']);
  });

  it('bears out pages by all of its text, also by what came in chunks that are like the one before', () => {
    const groundingMetadata = {
      groundingChunks: [{ web: { uri: 'https://example.org', title: 'Example' } }],
      groundingSupports: [{ segment: { startIndex: 8, endIndex: 13, text: 'three' }, groundingChunkIndices: [0] }],
    };
    const events = read(
      ...['one ', 'two ', 'three'].map((words) => chunk([text(words)])),
      chunk([], { finishReason: 'STOP', groundingMetadata }),
    );
    const [cited] = events.flatMap((one) => (one.type === 'text-extension' ? (one.citations ?? []) : []));
    expect(cited).toMatchObject({ url: 'https://example.org', start: 8, end: 13 });
  });
});

describe('a call whose arguments come in pieces', () => {
  const piece = (name: string | undefined, pieces: JsonObject[], willContinue?: boolean) =>
    chunk([{ functionCall: { ...(name && { name }), partialArgs: pieces, ...(willContinue && { willContinue }) } }]);
  const at = (jsonPath: string, stringValue: string, willContinue?: boolean) => {
    return { jsonPath, stringValue, ...(willContinue && { willContinue }) };
  };

  it('is over with its last piece: what comes then comes behind it', () => {
    const events = read(
      piece('one', [at('$.a', 'x')], true),
      piece(undefined, [at('$.b', 'y')]),
      chunk([text('so')]),
      STOP,
    );
    expect(told(events)).toEqual(['0 call one', '0 with {"a":"x","b":"y"}', '1 text so']);
  });

  it('is over where another one begins', () => {
    const events = read(piece('one', [at('$.a', 'x')], true), piece('two', [at('$.b', 'y')], true), STOP);
    expect(told(events)).toEqual(['0 call one', '0 with {"a":"x"}', '1 call two', '1 with {"b":"y"}']);
  });

  it('is over where a whole one follows, also of the same tool', () => {
    const events = read(piece('one', [at('$.a', 'x')], true), chunk([call('one', { c: 1 })]), STOP);
    expect(told(events)).toEqual(['0 call one', '0 with {"a":"x"}', '1 call one', '1 with {"c":1}']);
  });

  it('has a text in pieces only where the one before says that it goes on, at the same place', () => {
    const events = read(
      piece('one', [at('$.a', 'on ', true), at('$.a', 'and on'), at('$.b', 'one', true)], true),
      piece('one', [at('$.c', 'between'), at('$.b', 'other')], true),
      piece('one', [at('$.a', 'anew')]),
      STOP,
    );
    expect(told(events)).toEqual(['0 call one', '0 with {"a":"anew","b":"other","c":"between"}']);
    const whole = read(piece('one', [at('$.a', 'on ', true)], true), piece('one', [at('$.a', 'and on')]), STOP);
    expect(told(whole)).toEqual(['0 call one', '0 with {"a":"on and on"}']);
    const replaced = read(piece('one', [at('$.a', 'one'), at('$.a', 'other')]), STOP);
    expect(told(replaced)).toEqual(['0 call one', '0 with {"a":"other"}']);
  });
});

describe('a stream as Google writes it', () => {
  /** The chunks that these events are written as. */
  function written(events: readonly StreamEvent[], before?: readonly StreamEvent[]) {
    const encoder = gemini.server.createStreamEncoder({ ...context, includeUsage: true });
    if (before !== undefined) encoder.goOnFrom?.(before, undefined);
    const body = events.map((event) => encoder.encode(event)).join('');
    return framesOf('sse', body).map(({ data }) => JSON.parse(data) as JsonObject);
  }
  const parts = (chunks: readonly JsonObject[]) =>
    chunks.flatMap(({ candidates }) =>
      (candidates as { content: { parts: JsonObject[] } }[]).flatMap((one) => one.content.parts),
    );
  const delta = (words: string, index = 0): StreamEvent => ({ type: 'text-delta', index, text: words });
  const finish: StreamEvent = { type: 'finish', reason: 'stop' };
  const usage = { inputTokens: 3, outputTokens: 2, provenance: 'reported' } as const;

  it('has no chunk for a piece of nothing', () => {
    expect(written([delta(''), delta('hi'), { type: 'reasoning-delta', index: 1, text: '' }])).toHaveLength(1);
  });

  it('names the model and the answer as they were named last', () => {
    const encoder = gemini.server.createStreamEncoder({ ...context, includeUsage: true });
    const say = (event: StreamEvent) => framesOf('sse', encoder.encode(event)).map(({ data }) => JSON.parse(data))[0];
    expect(say(delta('one'))).toMatchObject({ modelVersion: 'asked', responseId: 'made' });
    encoder.encode({ type: 'start', id: 'r2', model: 'begun' });
    expect(say(delta('two'))).toMatchObject({ modelVersion: 'begun', responseId: 'r2' });
    encoder.answeredBy?.('another');
    expect(say(delta('three'))).toMatchObject({ modelVersion: 'another', responseId: 'r2' });
    expect(say(finish)).toMatchObject({ modelVersion: 'another', responseId: 'r2' });
  });

  it('names them alike for each of several candidates', () => {
    const other = { type: 'other-answer', answer: 1, event: { type: 'text-delta', index: 0, text: 'other' } } as const;
    const chunks = written([{ type: 'start', id: 'r2', model: 'begun' }, delta('first'), other]);
    expect(chunks.map(({ modelVersion, responseId }) => [modelVersion, responseId])).toEqual([
      ['begun', 'r2'],
      ['begun', 'r2'],
    ]);
    expect(chunks[1]).toMatchObject({ candidates: [{ index: 1, content: { parts: [{ text: 'other' }] } }] });
  });

  it('ends with the figures that were told before, where the end tells none', () => {
    const [, last] = written([{ type: 'usage-update', usage }, delta('hi'), finish]);
    expect(last).toMatchObject({ usageMetadata: { promptTokenCount: 3, candidatesTokenCount: 2 } });
  });

  it('does not say a call again that whoever goes on has already', () => {
    const before: StreamEvent[] = [
      { type: 'tool-call-start', index: 0, id: 'c1', name: 'look_up' },
      { type: 'tool-call-delta', index: 0, arguments: '{}' },
    ];
    expect(parts(written([delta('and so', 1), finish], before))).toEqual([{ text: 'and so' }, { text: '' }]);
    expect(parts(written([...before, delta('and so', 1), finish]))[0]).toMatchObject({
      functionCall: { name: 'look_up' },
    });
  });

  it('says what only another format knows as what stands for it', () => {
    const part: OpaquePart = {
      type: 'opaque',
      format: 'openai-chat',
      value: {},
      otherwise: { type: 'text', text: 'said' },
    };
    expect(parts(written([{ type: 'opaque-part', index: 0, part }]))).toEqual([{ text: 'said' }]);
    const own: OpaquePart = { type: 'opaque', format: 'gemini', value: { executableCode: { code: '1' } } };
    expect(parts(written([{ type: 'opaque-part', index: 0, part: own }]))).toEqual([{ executableCode: { code: '1' } }]);
  });
});
