import { createResponseFold, type JsonObject, ProviderError, type StreamEvent, type WireFrame } from '@signalbox/core';
import { describe, expect, test } from 'vitest';
import { openaiChat } from '../../src/index.ts';
import { chunk, done, frame, usageChunk } from './frames.ts';

function decode(frames: readonly WireFrame[]): StreamEvent[] {
  const decoder = openaiChat.client.createStreamDecoder({ provider: 'acme' });
  return [...frames.flatMap((one) => decoder.decode(one)), ...decoder.end()];
}

function fold(frames: readonly WireFrame[]) {
  const response = createResponseFold();
  for (const event of decode(frames)) response.add(event);
  return response.response();
}

function errorOf(run: () => unknown): ProviderError {
  try {
    run();
  } catch (error) {
    if (ProviderError.is(error)) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

const call = (delta: JsonObject) => chunk({ tool_calls: [delta] });

describe('a stream', () => {
  test('begins with one start, ends with one finish, and the usage comes in between', () => {
    expect(
      decode([
        chunk({ role: 'assistant', content: '' }),
        chunk({ content: 'Hi' }),
        chunk({}, 'stop'),
        usageChunk(),
        done,
      ]),
    ).toEqual([
      { type: 'start', id: 'c1', model: 'm', createdAt: 7 },
      { type: 'text-delta', index: 0, text: 'Hi' },
      { type: 'usage-update', usage: { inputTokens: 3, outputTokens: 2, provenance: 'reported' } },
      {
        type: 'finish',
        reason: 'stop',
        rawReason: 'stop',
        usage: { inputTokens: 3, outputTokens: 2, provenance: 'reported' },
      },
    ]);
  });

  test('needs no [DONE], and nothing after it counts', () => {
    expect(decode([chunk({ content: 'Hi' }), chunk({}, 'stop')]).at(-1)).toMatchObject({
      type: 'finish',
      reason: 'stop',
    });
    expect(
      decode([chunk({}, 'stop'), done, chunk({ content: 'more' })]).some((event) => event.type === 'text-delta'),
    ).toBe(false);
  });

  test.each<[string, WireFrame[]]>([
    ['nothing', []],
    ['no reason', [chunk({ content: 'Hi' })]],
    ['no reason, but [DONE]', [chunk({ content: 'Hi' }), done]],
  ])('is cut where there is %s', (_name, frames) => {
    expect(errorOf(() => decode(frames))).toMatchObject({ kind: 'stream-cut', provider: 'acme' });
  });

  test('is complete without a reason where usage and [DONE] came', () => {
    expect(fold([chunk({ content: 'Hi' }), usageChunk(), done])).toMatchObject({
      finish: { reason: 'stop' },
      usage: { inputTokens: 3 },
    });
  });

  test('of all usages the last one holds', () => {
    const usage = (completion: number) => ({
      usage: { prompt_tokens: 3, completion_tokens: completion, total_tokens: 3 + completion },
    });
    const frames = [
      chunk({ content: 'a' }, null, usage(1)),
      chunk({ content: 'b' }, null, usage(2)),
      chunk({}, 'stop', usage(9)),
      chunk({}, 'stop'),
    ];
    expect(fold(frames).usage).toMatchObject({ inputTokens: 3, outputTokens: 9 });
    const groq = chunk({}, 'stop', { x_groq: { usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 } } });
    expect(fold([groq]).usage).toMatchObject({ inputTokens: 1, outputTokens: 1 });
  });

  test('a first chunk without id and choices begins nothing', () => {
    const filter = frame({ choices: [], created: 0, id: '', model: '', object: '', prompt_filter_results: [{ a: 1 }] });
    const events = decode([filter, chunk({ content: 'Hi' }), chunk({}, 'stop')]);
    expect(events[0]).toMatchObject({ type: 'start', id: 'c1' });
    expect(events.at(-1)).toMatchObject({ extensions: { 'openai-chat': { prompt_filter_results: [{ a: 1 }] } } });
  });

  test('comments, malformed frames and null content are passed over', () => {
    const frames = [
      frame(''),
      frame('{"choices":[{"de'),
      chunk({ role: 'assistant', content: null }),
      chunk({ content: 'Hi', role: 'assistant' }),
      chunk({}, 'stop'),
    ];
    expect(fold(frames).parts).toEqual([{ type: 'text', text: 'Hi' }]);
  });

  test.each(['reasoning_content', 'reasoning'])('reasoning comes as %s', (field) => {
    const frames = [
      chunk({ [field]: 'H' }),
      chunk({ [field]: 'm', content: null }),
      chunk({ content: 'Yes' }),
      chunk({}, 'stop'),
    ];
    expect(fold(frames).parts).toEqual([
      { type: 'reasoning', text: 'Hm' },
      { type: 'text', text: 'Yes' },
    ]);
  });

  test('reasoning details are joined and kept, and read where there is nothing else', () => {
    const detail = (text: string) => ({ reasoning_details: [{ type: 'reasoning.text', index: 0, text }] });
    const signed = { reasoning_details: [{ type: 'reasoning.text', index: 0, signature: 's' }] };
    const response = fold([chunk(detail('a')), chunk(detail('b')), chunk(signed), chunk({}, 'stop')]);
    expect(response.parts).toEqual([{ type: 'reasoning', text: 'ab' }]);
    expect(response.extensions).toEqual({
      'openai-chat': {
        message: { reasoning_details: [{ type: 'reasoning.text', index: 0, text: 'ab', signature: 's' }] },
      },
    });
  });

  test("Mistral's content parts are reasoning, text and what they are", () => {
    const thinking = (text: string) => chunk({ content: [{ type: 'thinking', thinking: [{ type: 'text', text }] }] });
    const frames = [
      thinking('a'),
      thinking('b'),
      chunk({ content: [{ type: 'text', text: 'c' }] }),
      chunk({ content: [{ type: 'reference', reference_ids: [1] }] }),
      chunk({ content: [{ type: 'text', text: 'd' }] }),
      chunk({ content: '' }, 'stop'),
    ];
    expect(fold(frames).parts).toEqual([
      { type: 'reasoning', text: 'ab' },
      { type: 'text', text: 'c' },
      { type: 'opaque', format: 'openai-chat', value: { type: 'reference', reference_ids: [1] } },
      { type: 'text', text: 'd' },
    ]);
  });

  test('refusals, annotations and log probabilities hang on the text', () => {
    const logprobs = (token: string) => ({
      choices: [{ index: 0, delta: { content: token }, logprobs: { content: [{ token }], refusal: null } }],
    });
    const response = fold([
      frame(logprobs('a')),
      frame(logprobs('b')),
      chunk({ annotations: [{ type: 'url_citation' }] }),
      chunk({}, 'stop'),
    ]);
    expect(response.parts).toEqual([
      {
        type: 'text',
        text: 'ab',
        extensions: {
          'openai-chat': { logprobs: [{ token: 'a' }, { token: 'b' }], annotations: [{ type: 'url_citation' }] },
        },
      },
    ]);
    expect(fold([chunk({ refusal: 'No' }), chunk({ refusal: '.' }), chunk({}, 'stop')])).toMatchObject({
      parts: [{ type: 'text', text: 'No.', refusal: true }],
      finish: { reason: 'refusal' },
    });
  });

  test('a chunk of another choice is not this answer', () => {
    const other = frame({ id: 'c1', choices: [{ index: 1, delta: { content: 'other' }, finish_reason: 'stop' }] });
    expect(fold([chunk({ content: 'one' }), other, chunk({}, 'stop')]).parts).toEqual([{ type: 'text', text: 'one' }]);
  });
});

describe('streamed tool calls', () => {
  const two = [
    { type: 'tool-call', id: 'a', name: 'f', arguments: '{"x":1}' },
    { type: 'tool-call', id: 'b', name: 'g', arguments: '{}' },
  ];
  const end = chunk({}, 'stop');

  test.each<[string, WireFrame[]]>([
    [
      'as OpenAI streams them',
      [
        call({ index: 0, id: 'a', type: 'function', function: { name: 'f', arguments: '' } }),
        call({ index: 0, function: { arguments: '{"x"' } }),
        call({ index: 0, function: { arguments: ':1}' } }),
        call({ index: 1, id: 'b', type: 'function', function: { name: 'g', arguments: '{}' } }),
      ],
    ],
    [
      'interleaved',
      [
        call({ index: 0, id: 'a', function: { name: 'f', arguments: '' } }),
        call({ index: 1, id: 'b', function: { name: 'g', arguments: '{' } }),
        call({ index: 0, function: { arguments: '{"x":1}' } }),
        call({ index: 1, function: { arguments: '}' } }),
      ],
    ],
    [
      'whole and without index',
      [
        chunk({
          tool_calls: [
            { id: 'a', function: { name: 'f', arguments: '{"x":1}' } },
            { id: 'b', function: { name: 'g', arguments: '{}' } },
          ],
        }),
      ],
    ],
    [
      'all at index 0, with new ids',
      [
        call({ index: 0, id: 'a', function: { name: 'f', arguments: '{"x":1}' } }),
        call({ index: 0, id: 'b', function: { name: 'g', arguments: '{' } }),
        call({ index: 0, function: { arguments: '}' } }),
      ],
    ],
    [
      'with empty and repeated ids and names',
      [
        call({ index: 0, id: 'a', function: { name: 'f', arguments: null } }),
        call({ index: 0, id: '', function: { name: '', arguments: '{"x"' } }),
        call({ index: 0, id: 'a', function: { name: 'f', arguments: ':1}' } }),
        call({ index: 1, id: 'b', function: { name: 'g', arguments: '{}' } }),
      ],
    ],
    [
      'with the id on a later delta',
      [
        call({ index: 0, function: { name: 'f', arguments: '{"x"' } }),
        call({ index: 0, id: 'a', function: { arguments: ':1}' } }),
        call({ index: 1, id: 'b', function: { name: 'g' } }),
        call({ index: 1, function: { arguments: '{}' } }),
      ],
    ],
    [
      'without index after the head',
      [
        call({ id: 'a', function: { name: 'f', arguments: '' } }),
        call({ function: { arguments: '{"x":1}' } }),
        call({ id: 'b', function: { name: 'g', arguments: '{}' } }),
      ],
    ],
    [
      'with arguments that are objects',
      [
        call({ index: 0, id: 'a', function: { name: 'f', arguments: { x: 1 } } }),
        call({ index: 1, id: 'b', function: { name: 'g', arguments: {} } }),
      ],
    ],
    [
      'with the empty members of servers written in Go',
      [
        chunk({
          function_call: { name: '', arguments: '' },
          tool_calls: [
            { id: 'a', function: { name: 'f', arguments: '{"x":1}' }, custom: { name: '', input: '' } },
            { id: 'b', function: { name: 'g', arguments: '{}' }, custom: { name: '', input: '' } },
          ],
        }),
      ],
    ],
  ])('%s', (_name, frames) => {
    const response = fold([...frames, end]);
    expect(response.parts).toEqual(two);
    expect(response.finish).toEqual({ reason: 'tool-calls', rawReason: 'stop' });
  });

  test('without any id get one; without a name they are no answer', () => {
    const unnamed = { function: { name: 'f', arguments: '{}' } };
    const frames = [call(unnamed), call({ function: { name: 'g', arguments: '{}' } }), end];
    expect(fold(frames).parts).toMatchObject([
      { id: 'call_c1_0', name: 'f' },
      { id: 'call_c1_1', name: 'g' },
    ]);
    // No id comes twice in a conversation, whose answers have each their own.
    const later = { choices: [{ index: 0, delta: { tool_calls: [unnamed] }, finish_reason: 'tool_calls' }] };
    expect(fold([frame({ id: 'chatcmpl-2', ...later })]).parts).toMatchObject([{ id: 'call_chatcmpl-2_0' }]);
    expect(fold([frame(later)]).parts).toMatchObject([{ id: 'call_0' }]);
    expect(errorOf(() => fold([call({ index: 0, id: 'a', function: { arguments: '{}' } }), end])).kind).toBe(
      'invalid-response',
    );
  });

  test('custom calls and the legacy function call are calls', () => {
    const frames = [
      call({ index: 0, id: 'a', type: 'custom', custom: { name: 'sql', input: 'select' } }),
      call({ index: 0, custom: { input: ' 1' } }),
      end,
    ];
    expect(fold(frames).parts).toEqual([
      { type: 'tool-call', id: 'a', name: 'sql', kind: 'custom', arguments: 'select 1' },
    ]);
    const legacy = [
      chunk({ function_call: { name: 'f', arguments: '{' } }),
      chunk({ function_call: { arguments: '}' } }),
      chunk({}, 'function_call'),
    ];
    expect(fold(legacy)).toMatchObject({
      parts: [{ type: 'tool-call', id: 'call_c1_0', name: 'f', arguments: '{}' }],
      finish: { reason: 'tool-calls', rawReason: 'function_call' },
    });
  });

  test("Google's thought signature belongs to the provider that sent it", () => {
    const signed = call({
      index: 0,
      id: 'a',
      function: { name: 'f', arguments: '{}' },
      extra_content: { google: { thought_signature: 's' } },
    });
    expect(fold([signed, end]).parts).toMatchObject([{ signature: { issuer: 'acme', value: 's' } }]);
  });
});

describe('an error in a stream', () => {
  test.each<[string, WireFrame, Partial<ProviderError>]>([
    [
      'of OpenAI',
      frame({ error: { message: 'The server had an error', type: 'server_error', code: null, param: null } }),
      { kind: 'server', message: 'The server had an error' },
    ],
    [
      'of Groq',
      frame(
        { error: { message: 'no call', type: 'invalid_request_error', code: 'tool_use_failed', status_code: 400 } },
        'error',
      ),
      { kind: 'invalid-response', code: 'tool_use_failed', status: 400 },
    ],
    [
      'of OpenRouter, in a chunk',
      chunk({ role: 'assistant', content: '' }, null, { error: { code: 429, message: 'Rate limited' } }),
      { kind: 'rate-limit', status: 429 },
    ],
    [
      'of OpenRouter, in a choice',
      frame({ id: 'c', choices: [{ index: 0, delta: {}, error: { code: 502, message: 'Upstream gone' } }] }),
      { kind: 'server', status: 502 },
    ],
    ['of vLLM', frame({ object: 'error', message: 'prompt is too long', code: 400 }), { kind: 'context-length' }],
    ['of an overloaded server', frame({ error: { message: 'busy', code: 'overloaded' } }), { kind: 'overloaded' }],
    ['that is text', frame('overloaded', 'error'), { kind: 'server', message: 'overloaded' }],
    ['that is only a reason', chunk({}, 'error'), { kind: 'server' }],
    ['in a list', frame('[{"error":{"code":503,"status":"UNAVAILABLE","message":"busy"}}]'), { kind: 'overloaded' }],
  ])('%s is thrown by the decoder and by the observer', (_name, bad, expected) => {
    const begin = chunk({ content: 'Hi' });
    expect(errorOf(() => decode([begin, bad]))).toMatchObject({ provider: 'acme', ...expected });
    const observer = openaiChat.observe({ provider: 'acme', hideUsage: false });
    observer.observe(begin);
    expect(errorOf(() => observer.observe(bad))).toMatchObject({ provider: 'acme', ...expected });
  });
});
