import { createResponseFold, type JsonObject, ProviderError, type StreamEvent, type WireFrame } from '@signalbox/core';
import { describe, expect, test } from 'vitest';
import { openaiResponses } from '../../src/index.ts';
import { completed, created, event, message, rawFrame, response } from './frames.ts';

const { client } = openaiResponses;

function decode(...frames: WireFrame[]): StreamEvent[] {
  const decoder = client.createStreamDecoder({ provider: 'acme' });
  return [...frames.flatMap((frame) => [...decoder.decode(frame)]), ...decoder.end()];
}

function fold(...frames: WireFrame[]) {
  const folded = createResponseFold();
  for (const entry of decode(...frames)) folded.add(entry);
  return folded.response();
}

function thrown(call: () => unknown): ProviderError {
  try {
    call();
  } catch (error) {
    if (ProviderError.is(error)) return error;
  }
  throw new Error('no ProviderError was thrown');
}

const added = (output_index: number, item: JsonObject) => event('response.output_item.added', { output_index, item });
const done = (output_index: number, item: JsonObject) => event('response.output_item.done', { output_index, item });
const delta = (type: string, text: string, more: JsonObject = {}) =>
  event(`response.${type}.delta`, { output_index: 0, delta: text, ...more });

describe('a stream', () => {
  test('is its start, the pieces as they come, and a finish with the usage', () => {
    expect(
      decode(
        created,
        event('response.in_progress', { response: response() }),
        added(0, message('', { content: [], status: 'in_progress' })),
        event('response.content_part.added', {
          output_index: 0,
          content_index: 0,
          part: { type: 'output_text', text: '' },
        }),
        delta('output_text', 'Hel', { content_index: 0 }),
        delta('output_text', 'lo', { content_index: 0 }),
        event('response.output_text.done', { output_index: 0, content_index: 0, text: 'Hello' }),
        done(0, message('Hello')),
        completed(message('Hello')),
      ),
    ).toEqual([
      { type: 'start', id: 'resp_1', model: 'm', createdAt: 7 },
      { type: 'text-extension', index: 0, extensions: { 'openai-responses/form': { item: { id: 'msg_1' } } } },
      { type: 'text-delta', index: 0, text: 'Hel' },
      { type: 'text-delta', index: 0, text: 'lo' },
      {
        type: 'finish',
        reason: 'stop',
        rawReason: 'completed',
        usage: { inputTokens: 3, outputTokens: 2, provenance: 'reported' },
      },
    ]);
  });

  test('may lack event names and have an end mark', () => {
    const unnamed = (frame: WireFrame) => rawFrame(frame.data);
    const frames = [
      created,
      delta('output_text', 'Hi', { content_index: 0 }),
      done(0, message('Hi')),
      completed(message('Hi')),
    ];
    expect(decode(...frames.map(unnamed), rawFrame('[DONE]'))).toEqual(decode(...frames));
  });

  test('may name its events outside of the data', () => {
    const { type: _type, ...rest } = JSON.parse(completed(message('Hi')).data) as JsonObject;
    expect(fold(rawFrame(JSON.stringify(rest), 'response.completed')).parts).toMatchObject([{ text: 'Hi' }]);
  });

  test('may bring items whole, or in the last event alone', () => {
    const item = message('Hello');
    const expected = client.decodeResponse(response([item]), { provider: 'acme' });
    expect(fold(created, done(0, item), completed(item)).parts).toEqual(expected.parts);
    expect(fold(created, completed(item)).parts).toEqual(expected.parts);
    expect(fold(completed(item)).id).toBe('resp_1');
  });

  test('brings what its deltas left out', () => {
    const item = message('Hello');
    expect(fold(created, delta('output_text', 'Hel'), completed(item)).parts).toMatchObject([{ text: 'Hello' }]);
  });

  test('calls tools by call_id, in turns', () => {
    const call = (id: string, more: JsonObject = {}) => ({
      id: `fc_${id}`,
      type: 'function_call',
      status: 'in_progress',
      call_id: id,
      name: 'f',
      arguments: '',
      ...more,
    });
    const custom = { id: 'ctc_1', type: 'custom_tool_call', call_id: 'c', name: 'exec', input: 'ls' };
    const decoded = fold(
      created,
      added(1, call('a')),
      added(2, call('b', { namespace: 'n' })),
      delta('function_call_arguments', '{"x":', { output_index: 1, item_id: 'fc_a' }),
      delta('function_call_arguments', '{}', { output_index: 2 }),
      delta('function_call_arguments', '1}', { output_index: 1 }),
      added(3, { ...custom, input: '' }),
      delta('custom_tool_call_input', 'ls', { output_index: 3 }),
      done(1, call('a', { arguments: '{"x":1}', status: 'completed' })),
      done(2, call('b', { arguments: '{}', status: 'completed', namespace: 'n' })),
      done(3, custom),
      completed(),
    );
    expect(decoded.finish).toEqual({ reason: 'tool-calls', rawReason: 'completed' });
    expect(decoded.parts).toMatchObject([
      {
        type: 'tool-call',
        id: 'a',
        name: 'f',
        arguments: '{"x":1}',
        extensions: { 'openai-responses/form': { id: 'fc_a' } },
      },
      {
        type: 'tool-call',
        id: 'b',
        arguments: '{}',
        namespace: 'n',
        extensions: { 'openai-responses/form': { id: 'fc_b' } },
      },
      { type: 'tool-call', id: 'c', name: 'exec', arguments: 'ls', kind: 'custom' },
    ]);
  });

  test('shows summaries of reasoning, set apart, with what only OpenAI can read', () => {
    const summary = [
      { type: 'summary_text', text: 'First.' },
      { type: 'summary_text', text: 'Second.' },
    ];
    const item = { id: 'rs_1', type: 'reasoning', summary, encrypted_content: 'c2Vj' };
    const decoded = fold(
      created,
      added(0, { id: 'rs_1', type: 'reasoning', summary: [] }),
      delta('reasoning_summary_text', 'First.', { summary_index: 0 }),
      delta('reasoning_summary_text', 'Sec', { summary_index: 1 }),
      delta('reasoning_summary_text', 'ond.', { summary_index: 1 }),
      done(0, item),
      completed(item),
    );
    expect(decoded.parts).toEqual([
      {
        type: 'reasoning',
        text: 'First.\n\nSecond.',
        encrypted: { issuer: 'openai-responses:acme', value: 'c2Vj' },
        extensions: { 'openai-responses/form': { item: { id: 'rs_1' }, summary } },
      },
    ]);
    expect(decoded.parts).toEqual(client.decodeResponse(response([item]), { provider: 'acme' }).parts);
  });

  test('shows reasoning itself where the provider does', () => {
    const item = { id: 'rs_1', type: 'reasoning', summary: [], content: [{ type: 'reasoning_text', text: 'Hm.' }] };
    const decoded = fold(
      created,
      added(0, { ...item, content: [] }),
      delta('reasoning_text', 'Hm.'),
      done(0, item),
      completed(item),
    );
    expect(decoded.parts).toEqual([
      {
        type: 'reasoning',
        text: 'Hm.',
        extensions: { 'openai-responses/form': { item: { id: 'rs_1' }, content: true } },
      },
    ]);
  });

  test('keeps refusals, annotations and items of the provider’s own tools', () => {
    const search = { id: 'ws_1', type: 'web_search_call', status: 'completed', action: { type: 'search', query: 'q' } };
    const annotations = [{ type: 'url_citation', url: 'https://a.b', start_index: 0, end_index: 2, title: 't' }];
    const text = message('Hi', { content: [{ type: 'output_text', text: 'Hi', annotations }] });
    const refusal = message('', { id: 'msg_2', content: [{ type: 'refusal', refusal: 'No.' }] });
    const decoded = fold(
      created,
      added(0, { ...search, status: 'in_progress' }),
      event('response.web_search_call.searching', { output_index: 0, item_id: 'ws_1' }),
      done(0, search),
      delta('output_text', 'Hi', { output_index: 1 }),
      done(1, text),
      delta('refusal', 'No.', { output_index: 2 }),
      done(2, refusal),
      completed(search, text, refusal),
    );
    expect(decoded.finish.reason).toBe('refusal');
    expect(decoded.parts).toEqual([
      { type: 'opaque', format: 'openai-responses', value: search },
      {
        type: 'text',
        text: 'Hi',
        citations: [{ url: 'https://a.b', title: 't', start: 0, end: 2 }],
        extensions: { 'openai-responses': { annotations }, 'openai-responses/form': { item: { id: 'msg_1' } } },
      },
      { type: 'text', text: 'No.', refusal: true, extensions: { 'openai-responses/form': { item: { id: 'msg_2' } } } },
    ]);
  });
});

describe('the end of a stream', () => {
  test.each<[JsonObject, string]>([
    [{ status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } }, 'length'],
    [{ status: 'incomplete', incomplete_details: { reason: 'content_filter' } }, 'content-filter'],
    [{ status: 'incomplete', incomplete_details: { reason: 'novelty' } }, 'other'],
  ])('%j is %s', (fields, reason) => {
    const last = event('response.incomplete', { response: response([message('Hi')], fields) });
    expect(fold(created, last).finish.reason).toBe(reason);
  });

  test.each<[string, WireFrame[]]>([
    ['nothing', []],
    ['a start', [created]],
    ['text', [created, delta('output_text', 'Hi'), done(0, message('Hi'))]],
    ['an end mark', [created, delta('output_text', 'Hi'), rawFrame('[DONE]')]],
  ])('after %s is a cut', (_name, frames) => {
    expect(thrown(() => decode(...frames)).kind).toBe('stream-cut');
    const observer = openaiResponses.observe({ provider: 'acme', hideUsage: false });
    for (const frame of frames) observer.observe(frame);
    expect(thrown(() => observer.end()).kind).toBe('stream-cut');
  });

  test.each<[WireFrame, string, string]>([
    [
      event('error', { code: 'server_is_overloaded', message: 'Busy.', param: null, sequence_number: 3 }),
      'overloaded',
      'Busy.',
    ],
    [
      event('error', { error: { type: 'insufficient_quota', code: 'insufficient_quota', message: 'Pay.' } }),
      'quota',
      'Pay.',
    ],
    [
      event('response.failed', {
        response: response([], {
          status: 'failed',
          error: { code: 'rate_limit_exceeded', message: 'Slow. Please try again in 2s.' },
        }),
      }),
      'rate-limit',
      'Slow. Please try again in 2s.',
    ],
    [
      event('response.failed', { response: response([], { status: 'failed' }) }),
      'server',
      'The provider says that the response failed.',
    ],
    [
      event('response.failed', {
        response: response([], { status: 'failed', error: { code: 'invalid_prompt', message: 'No.' } }),
      }),
      'invalid-request',
      'No.',
    ],
    [rawFrame('{"error":{"message":"Gone.","code":502}}'), 'server', 'Gone.'],
    [rawFrame('upstream is gone', 'error'), 'server', 'upstream is gone'],
  ])('%# by an error is that error', (frame, kind, text) => {
    const error = thrown(() => decode(created, delta('output_text', 'Hi'), frame));
    expect([error.kind, error.message, error.provider]).toEqual([kind, text, 'acme']);
    const observer = openaiResponses.observe({ provider: 'acme', hideUsage: false });
    expect(thrown(() => observer.observe(frame))).toEqual(error);
  });

  test('takes nothing after it', () => {
    const late = [delta('output_text', 'more'), completed(message('more')), rawFrame('[DONE]')];
    expect(decode(created, completed(message('Hi')), ...late)).toEqual(decode(created, completed(message('Hi'))));
    const observer = openaiResponses.observe({ provider: 'acme', hideUsage: false });
    const verdicts = [created, completed(message('Hi')), ...late].map((frame) => observer.observe(frame).forward);
    expect(verdicts).toEqual([true, true, false, false, true]);
    expect(observer.text).toBe('Hi');
  });

  test('with a tool call that has no name is not an answer', () => {
    const error = thrown(() => decode(created, done(0, { type: 'function_call', call_id: 'c', arguments: '{}' })));
    expect(error.kind).toBe('invalid-response');
  });
});
