import {
  type JsonObject,
  type ModelResponse,
  ProviderError,
  RouterError,
  responseEvents,
  type StreamEvent,
} from '@signalbox/core';
import { describe, expect, test } from 'vitest';
import { openaiChat } from '../../src/index.ts';

const { client, server } = openaiChat;
const context = { model: 'asked-for', createId: () => 'made-up', now: () => 5000 };
const decode = (body: unknown) => client.decodeResponse(body, { provider: 'acme' });

function answer(message: JsonObject, more: JsonObject = {}): JsonObject {
  return {
    id: 'c1',
    object: 'chat.completion',
    created: 7,
    model: 'm',
    choices: [{ index: 0, message, finish_reason: 'stop', ...more }],
  };
}

function stream(events: Iterable<StreamEvent>, includeUsage = false) {
  const encoder = server.createStreamEncoder({ ...context, includeUsage });
  const text = [...events].map((event) => encoder.encode(event)).join('');
  const data = text
    .split('\n\n')
    .filter((block) => block !== '')
    .map((block) => block.replace(/^data: /, ''));
  const chunks = data.filter((entry) => entry !== '[DONE]').map((entry) => JSON.parse(entry) as JsonObject);
  return { text, data, chunks, deltas: chunks.map((chunk) => (chunk.choices as { delta: JsonObject }[])[0]?.delta) };
}

describe('a whole answer', () => {
  test('is its parts, finish and usage', () => {
    const message = {
      role: 'assistant',
      reasoning_content: 'Hm',
      content: 'Yes',
      refusal: null,
      tool_calls: [{ id: 'a', type: 'function', function: { name: 'f', arguments: '{}' } }],
    };
    const usage = {
      prompt_tokens: 5,
      completion_tokens: 3,
      total_tokens: 8,
      prompt_tokens_details: { cached_tokens: 4 },
    };
    expect(decode({ ...answer(message), usage, service_tier: 'default', system_fingerprint: 'fp' })).toEqual({
      id: 'c1',
      model: 'm',
      createdAt: 7,
      parts: [
        { type: 'reasoning', text: 'Hm' },
        { type: 'text', text: 'Yes' },
        { type: 'tool-call', id: 'a', name: 'f', arguments: '{}' },
      ],
      finish: { reason: 'tool-calls', rawReason: 'stop' },
      usage: { inputTokens: 5, outputTokens: 3, cacheReadTokens: 4, serviceTier: 'standard', provenance: 'reported' },
      extensions: { 'openai-chat': { service_tier: 'default', system_fingerprint: 'fp' } },
    });
  });

  test.each<[JsonObject, string]>([
    [{ finish_reason: 'length' }, 'length'],
    [{ finish_reason: 'content_filter' }, 'content-filter'],
    [{ finish_reason: 'eos' }, 'stop'],
    [{ finish_reason: '' }, 'stop'],
    [{ finish_reason: null }, 'stop'],
    [{ finish_reason: 'model_length' }, 'context-window'],
    [{ finish_reason: 'function_call' }, 'tool-calls'],
    [{ stop_reason: 'END' }, 'stop-sequence'],
    [{ finish_reason: 'lunch' }, 'other'],
  ])('%j is %s', (choice, reason) => {
    expect(decode(answer({ content: 'x' }, choice)).finish.reason).toBe(reason);
  });

  test('further choices are kept and come back', () => {
    const body = answer({ role: 'assistant', content: 'one' });
    const second = { index: 1, message: { role: 'assistant', content: 'two' }, finish_reason: 'stop' };
    const response = decode({ ...body, choices: [...(body.choices as JsonObject[]), second] });
    expect(response.parts).toEqual([{ type: 'text', text: 'one' }]);
    expect((server.encodeResponse(response, context).choices as JsonObject[])[1]).toMatchObject(second);
  });

  test.each([undefined, 'text', [], {}, { choices: [] }, { choices: [{}] }])('%j is not one', (body) => {
    try {
      decode(body);
      expect.unreachable();
    } catch (error) {
      expect(ProviderError.is(error) && error.kind).toBe('invalid-response');
    }
  });

  test('an error under a good status is an error', () => {
    expect(() => decode({ error: { message: 'gone', code: 502 } })).toThrow('gone');
    expect(() => decode(answer({ content: '' }, { error: { message: 'gone', code: 502 } }))).toThrow('gone');
  });
});

describe('usage', () => {
  const usageOf = (usage: JsonObject, more: JsonObject = {}) =>
    decode({ ...answer({ content: 'x' }), usage, ...more }).usage;

  test.each<[string, JsonObject, object | undefined]>([
    [
      'of xAI, reasoning outside of completion',
      {
        prompt_tokens: 12,
        completion_tokens: 2,
        total_tokens: 334,
        completion_tokens_details: { reasoning_tokens: 320 },
      },
      { inputTokens: 12, outputTokens: 322, reasoningTokens: 320 },
    ],
    [
      'of Google, thoughts only in the total',
      { prompt_tokens: 66, completion_tokens: 6, total_tokens: 100 },
      { outputTokens: 34, reasoningTokens: 28 },
    ],
    [
      'of Mistral, audio outside of the prompt',
      { prompt_tokens: 9, completion_tokens: 201, total_tokens: 585, prompt_tokens_details: { audio_tokens: 375 } },
      { inputTokens: 384, outputTokens: 201, inputAudioTokens: 375 },
    ],
    [
      'of DeepSeek',
      { prompt_tokens: 9, completion_tokens: 1, total_tokens: 10, prompt_cache_hit_tokens: 8 },
      { cacheReadTokens: 8 },
    ],
    [
      'of Moonshot',
      { prompt_tokens: 9, completion_tokens: 1, total_tokens: 10, cached_tokens: 8 },
      { cacheReadTokens: 8 },
    ],
    [
      'with cache writes',
      { prompt_tokens: 9, completion_tokens: 1, prompt_tokens_details: { cached_tokens: 4, cache_write_tokens: 5 } },
      { cacheReadTokens: 4, cacheWrite5mTokens: 5 },
    ],
    [
      'with parts beyond the total',
      {
        prompt_tokens: 1,
        completion_tokens: 10,
        total_tokens: 11,
        completion_tokens_details: { reasoning_tokens: 11 },
        prompt_tokens_details: { cached_tokens: 2 },
      },
      { reasoningTokens: 10, cacheReadTokens: 0 },
    ],
    [
      'with a negative figure',
      { prompt_tokens: -1, completion_tokens: 2 },
      { inputTokens: 0, outputTokens: 2, provenance: 'estimated' },
    ],
    ['with nothing that is a figure', { prompt_tokens: null, completion_tokens: 'NaN' }, undefined],
  ])('%s', (_name, usage, expected) => {
    if (expected === undefined) expect(usageOf(usage)).toBeUndefined();
    else expect(usageOf(usage)).toMatchObject({ provenance: 'reported', ...expected });
  });
});

describe('an answer for a caller', () => {
  const response: ModelResponse = {
    parts: [
      { type: 'reasoning', text: 'Hm', signature: { issuer: 'anthropic', value: 'secret' } },
      { type: 'text', text: 'Yes' },
      { type: 'text', text: ', two.' },
      { type: 'tool-call', id: 'a', name: 'f', arguments: '' },
      { type: 'opaque', format: 'anthropic-messages', value: { type: 'server_tool_use' } },
      { type: 'tool-call', id: 'b', name: 'g', arguments: '{"x":1}' },
    ],
    finish: { reason: 'tool-calls', rawReason: 'tool_use' },
    usage: { inputTokens: 5, outputTokens: 3, cacheReadTokens: 2, cacheWrite1hTokens: 1, provenance: 'reported' },
  };

  test('has what clients read, and nothing that is not theirs', () => {
    const body = server.encodeResponse(response, context);
    expect(body).toEqual({
      id: 'made-up',
      object: 'chat.completion',
      created: 5,
      model: 'asked-for',
      choices: [
        {
          index: 0,
          message: {
            role: 'assistant',
            content: 'Yes, two.',
            refusal: null,
            reasoning_content: 'Hm',
            tool_calls: [
              { id: 'a', type: 'function', function: { name: 'f', arguments: '{}' } },
              { id: 'b', type: 'function', function: { name: 'g', arguments: '{"x":1}' } },
            ],
          },
          logprobs: null,
          finish_reason: 'tool_calls',
        },
      ],
      usage: {
        prompt_tokens: 5,
        completion_tokens: 3,
        total_tokens: 8,
        prompt_tokens_details: { cached_tokens: 2, audio_tokens: 0, cache_write_tokens: 1 },
        completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 0 },
      },
    });
  });

  test('as a stream: the role first, calls counted from zero, [DONE] last', () => {
    const { text, data, chunks, deltas } = stream(responseEvents(response));
    expect(text).not.toMatch(/secret|server_tool_use/);
    expect(data.at(-1)).toBe('[DONE]');
    expect(deltas).toEqual([
      { role: 'assistant', content: '' },
      { reasoning_content: 'Hm' },
      { content: 'Yes' },
      { content: ', two.' },
      { tool_calls: [{ index: 0, id: 'a', type: 'function', function: { name: 'f', arguments: '' } }] },
      { tool_calls: [{ index: 1, id: 'b', type: 'function', function: { name: 'g', arguments: '' } }] },
      { tool_calls: [{ index: 1, function: { arguments: '{"x":1}' } }] },
      { tool_calls: [{ index: 0, function: { arguments: '{}' } }] },
      {},
    ]);
    for (const chunk of chunks) {
      expect(chunk).toMatchObject({ id: 'made-up', object: 'chat.completion.chunk', created: 5, model: 'asked-for' });
      expect(chunk).not.toHaveProperty('usage');
    }
    const reasons = chunks.map((chunk) => (chunk.choices as { finish_reason: string | null }[])[0]?.finish_reason);
    expect(reasons).toEqual([...Array(8).fill(null), 'tool_calls']);
  });

  test('the usage chunk comes to those who asked, after the finish', () => {
    const { chunks } = stream(responseEvents(response), true);
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { prompt_tokens: 5, completion_tokens: 3 } });
    for (const chunk of chunks.slice(0, -1)) expect(chunk.usage).toBeNull();
  });

  test('a stream that fails ends in an error: no [DONE], no finish, nothing after it', () => {
    const encoder = server.createStreamEncoder(context);
    const begun = encoder.encode({ type: 'text-delta', index: 0, text: 'Hi' });
    const failed = encoder.error(new ProviderError({ kind: 'stream-cut', message: 'cut' }));
    const after =
      encoder.encode({ type: 'finish', reason: 'stop' }) +
      encoder.error(new RouterError({ kind: 'internal', message: 'x' }));
    expect(begun.startsWith('data: {"id":"made-up"')).toBe(true);
    expect(failed).toBe('data: {"error":{"message":"cut","type":"server_error","param":null,"code":"stream_cut"}}\n\n');
    expect(after).toBe('');
    expect(begun + failed).not.toMatch(/DONE|"finish_reason":"/);
  });

  test.each<[ModelResponse['finish']['reason'], string]>([
    ['stop', 'stop'],
    ['stop-sequence', 'stop'],
    ['length', 'length'],
    ['context-window', 'length'],
    ['refusal', 'content_filter'],
    ['content-filter', 'content_filter'],
    ['pause', 'length'],
    ['error', 'error'],
    ['other', 'stop'],
  ])('%s is finish_reason %s', (reason, expected) => {
    const body = server.encodeResponse({ parts: [{ type: 'text', text: 'x' }], finish: { reason } }, context);
    expect(body).toMatchObject({ choices: [{ finish_reason: expected }] });
    const { chunks } = stream([{ type: 'finish', reason }]);
    expect(chunks.at(-1)).toMatchObject({ choices: [{ finish_reason: expected }] });
  });

  test('fields of this format come back where they were', () => {
    const body = {
      ...answer(
        {
          role: 'assistant',
          content: 'Yes',
          refusal: null,
          annotations: [{ type: 'url_citation' }],
          reasoning_details: [{ type: 'reasoning.encrypted', data: 'x' }],
          audio: { id: 'au', data: 'AAAA', transcript: 'Yes' },
        },
        { logprobs: { content: [{ token: 'Yes' }], refusal: null }, native_finish_reason: 'end_turn' },
      ),
      system_fingerprint: 'fp',
    };
    const response = decode(body);
    expect(server.encodeResponse(response, context)).toEqual(body);
    const { text } = stream(responseEvents(response));
    for (const piece of [
      '"fp"',
      'reasoning.encrypted',
      'url_citation',
      '"token":"Yes"',
      '"transcript":"Yes"',
      'end_turn',
    ]) {
      expect(text).toContain(piece);
    }
  });

  test('pictures go out in the form that clients of OpenRouter know', () => {
    const picture: ModelResponse = {
      parts: [{ type: 'image', source: { kind: 'base64', mediaType: 'image/png', data: 'AAAA' } }],
      finish: { reason: 'stop' },
    };
    const images = [{ type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } }];
    expect(server.encodeResponse(picture, context)).toMatchObject({ choices: [{ message: { content: '', images } }] });
    expect(stream(responseEvents(picture)).deltas).toContainEqual({ images });
  });
});
