import {
  asObject,
  type JsonObject,
  type ModelResponse,
  ProviderError,
  RouterError,
  responseEvents,
  type StreamEvent,
} from '@signalbox/core';
import { describe, expect, test } from 'vitest';
import { openaiResponses } from '../../src/index.ts';
import { framesOf } from '../recorded-exchanges.ts';
import { message, response } from './frames.ts';

const { client, server } = openaiResponses;
const finish = { reason: 'stop' } as const;
const decode = (body: unknown) => client.decodeResponse(body, { provider: 'acme' });

function context() {
  let count = 0;
  const createId = () => {
    count += 1;
    return `${count}`;
  };
  return { model: 'asked-for', createId, now: () => 5000 };
}

const encode = (parts: ModelResponse['parts'], more: Partial<ModelResponse> = {}) =>
  server.encodeResponse({ parts, finish, ...more }, context());

function stream(events: Iterable<StreamEvent>): JsonObject[] {
  const encoder = server.createStreamEncoder(context());
  const text = [...events].map((event) => encoder.encode(event)).join('');
  return framesOf(text).map(({ event, data }) => {
    const fields = JSON.parse(data) as JsonObject;
    expect(fields.type).toBe(event);
    return fields;
  });
}

/** The response in the event that ends a stream. */
function lastResponse(events: readonly JsonObject[]): JsonObject {
  return asObject(events.at(-1)?.response) ?? {};
}

describe('a whole answer', () => {
  test('is its parts, finish and usage; the rest is kept', () => {
    const usage = {
      input_tokens: 9,
      input_tokens_details: { cached_tokens: 4, cache_write_tokens: 2, novelty: 1 },
      output_tokens: 5,
      output_tokens_details: { reasoning_tokens: 3 },
      total_tokens: 14,
      cost_in_usd_ticks: 7,
    };
    const more = {
      usage,
      service_tier: 'default',
      tool_usage: { web_search: { num_requests: 2 } },
      metadata: { a: 'b' },
    };
    const body = response([message('Hi')], more);
    const decoded = decode(body);
    expect(decoded).toEqual({
      id: 'resp_1',
      model: 'm',
      createdAt: 7,
      parts: [{ type: 'text', text: 'Hi', extensions: { 'openai-responses/form': { item: { id: 'msg_1' } } } }],
      finish: { reason: 'stop', rawReason: 'completed' },
      usage: {
        inputTokens: 9,
        outputTokens: 5,
        cacheReadTokens: 4,
        cacheWrite5mTokens: 2,
        reasoningTokens: 3,
        webSearches: 2,
        serviceTier: 'standard',
        provenance: 'reported',
      },
      extensions: {
        'openai-responses': {
          service_tier: 'default',
          tool_usage: { web_search: { num_requests: 2 } },
          metadata: { a: 'b' },
          usage: { cost_in_usd_ticks: 7, input_tokens_details: { novelty: 1 } },
        },
      },
    });
    expect(server.encodeResponse(decoded, context())).toMatchObject(body);
  });

  test.each<[JsonObject, string]>([
    [{ status: 'queued', output: [] }, 'pause'],
    [{ status: 'complete' }, 'stop'],
    [{ status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } }, 'length'],
    [{ output: [{ type: 'function_call', call_id: 'c', name: 'f', arguments: '{}' }] }, 'tool-calls'],
    [{ output: [{ type: 'message', content: [{ type: 'refusal', refusal: 'No.' }] }] }, 'refusal'],
  ])('%j is %s', (fields, reason) => {
    expect(decode(response([message('Hi')], fields)).finish.reason).toBe(reason);
  });

  test.each([undefined, 'text', [], {}, { output: 'text' }])('%j is not one', (body) => {
    try {
      decode(body);
      expect.unreachable();
    } catch (error) {
      expect(ProviderError.is(error) && error.kind).toBe('invalid-response');
    }
  });

  test('an error under a good status is an error', () => {
    expect(() => decode({ error: { message: 'gone', code: 'server_error' } })).toThrow('gone');
    expect(() => decode(response([], { status: 'failed', error: { code: 'server_error', message: 'gone' } }))).toThrow(
      'gone',
    );
    expect(() => decode(response([], { status: 'cancelled' }))).toThrow('cancelled');
  });
});

describe('an answer for a caller', () => {
  test('has ids, a status and the usage', () => {
    const parts: ModelResponse['parts'] = [
      { type: 'reasoning', text: 'Hm', encrypted: { issuer: 'openai-responses:p', value: 'c2Vj' } },
      { type: 'text', text: 'One. ' },
      { type: 'text', text: 'Two.' },
      { type: 'tool-call', id: 'call_1', name: 'f', arguments: '' },
      { type: 'tool-call', id: 'call_2', name: 'exec', arguments: 'ls', kind: 'custom' },
      { type: 'image', source: { kind: 'base64', mediaType: 'image/png', data: 'aGk=' } },
    ];
    const usage = { inputTokens: 5, outputTokens: 3, provenance: 'reported' } as const;
    const encoded = encode(parts, { finish: { reason: 'tool-calls' }, usage });
    const content = (text: string) => ({ type: 'output_text', text, annotations: [], logprobs: [] });
    expect(encoded).toMatchObject({
      id: expect.stringMatching(/^resp_/),
      object: 'response',
      created_at: 5,
      status: 'completed',
      model: 'asked-for',
      error: null,
      incomplete_details: null,
      usage: {
        input_tokens: 5,
        input_tokens_details: { cached_tokens: 0 },
        output_tokens: 3,
        output_tokens_details: { reasoning_tokens: 0 },
        total_tokens: 8,
      },
    });
    expect(encoded.output).toEqual([
      {
        type: 'reasoning',
        id: expect.stringMatching(/^rs_/),
        summary: [{ type: 'summary_text', text: 'Hm' }],
        encrypted_content: 'c2Vj',
      },
      {
        type: 'message',
        id: expect.stringMatching(/^msg_/),
        status: 'completed',
        role: 'assistant',
        content: [content('One. '), content('Two.')],
      },
      {
        type: 'function_call',
        id: expect.stringMatching(/^fc_/),
        status: 'completed',
        call_id: 'call_1',
        name: 'f',
        arguments: '{}',
      },
      {
        type: 'custom_tool_call',
        id: expect.stringMatching(/^ctc_/),
        status: 'completed',
        call_id: 'call_2',
        name: 'exec',
        input: 'ls',
      },
      { type: 'image_generation_call', id: expect.stringMatching(/^ig_/), status: 'completed', result: 'aGk=' },
    ]);
  });

  test('does not show what another’s reasoning hides, nor parts of another format', () => {
    const parts: ModelResponse['parts'] = [
      { type: 'reasoning', text: '', encrypted: { issuer: 'anthropic', value: 'c2VjcmV0' } },
      { type: 'reasoning', text: 'Hm', signature: { issuer: 'anthropic', value: 'c2VjcmV0' } },
      { type: 'opaque', format: 'gemini', value: { secret: 'c2VjcmV0' } },
    ];
    const events = stream(responseEvents({ parts, finish }));
    for (const output of [encode(parts).output, lastResponse(events).output]) {
      expect(output).toMatchObject([{ type: 'reasoning', summary: [{ text: 'Hm' }] }]);
      expect(JSON.stringify(output)).not.toContain('c2VjcmV0');
    }
  });

  test.each<[ModelResponse['finish'], object]>([
    [{ reason: 'length' }, { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } }],
    [{ reason: 'context-window' }, { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } }],
    [{ reason: 'content-filter' }, { status: 'incomplete', incomplete_details: { reason: 'content_filter' } }],
    [{ reason: 'refusal' }, { status: 'incomplete', incomplete_details: { reason: 'content_filter' } }],
    [{ reason: 'pause' }, { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } }],
    [{ reason: 'pause', rawReason: 'queued' }, { status: 'queued' }],
    [
      { reason: 'stop-sequence', stopSequence: 'END' },
      { status: 'completed', incomplete_details: null },
    ],
    [
      { reason: 'error', detail: 'It broke.' },
      { status: 'failed', error: { message: 'It broke.' } },
    ],
  ])('that ended with %j is %j', (ending, expected) => {
    expect(encode([{ type: 'text', text: 'x' }], { finish: ending })).toMatchObject(expected);
  });
});

describe('a stream for a caller', () => {
  test('has every event of its items, numbered, and the whole response at the end', () => {
    const events = stream([
      { type: 'start', id: 'resp_x', model: 'm', createdAt: 7 },
      { type: 'reasoning-delta', index: 0, text: 'H' },
      { type: 'reasoning-delta', index: 0, text: 'm' },
      { type: 'reasoning-signature', index: 0, encrypted: { issuer: 'openai-responses:p', value: 'c2Vj' } },
      { type: 'text-delta', index: 1, text: 'He' },
      { type: 'text-delta', index: 1, text: 'y' },
      { type: 'tool-call-start', index: 2, id: 'call_1', name: 'f' },
      { type: 'tool-call-delta', index: 2, arguments: '{}' },
      { type: 'usage-update', usage: { inputTokens: 1, outputTokens: 1, provenance: 'estimated' } },
      { type: 'finish', reason: 'tool-calls', usage: { inputTokens: 5, outputTokens: 3, provenance: 'reported' } },
    ]);
    expect(events.map(({ type }) => type)).toEqual([
      'response.created',
      'response.in_progress',
      'response.output_item.added',
      'response.reasoning_summary_part.added',
      'response.reasoning_summary_text.delta',
      'response.reasoning_summary_text.delta',
      'response.reasoning_summary_text.done',
      'response.reasoning_summary_part.done',
      'response.output_item.done',
      'response.output_item.added',
      'response.content_part.added',
      'response.output_text.delta',
      'response.output_text.delta',
      'response.output_text.done',
      'response.content_part.done',
      'response.output_item.done',
      'response.output_item.added',
      'response.function_call_arguments.delta',
      'response.function_call_arguments.done',
      'response.output_item.done',
      'response.completed',
    ]);
    expect(events.map((event) => event.sequence_number)).toEqual(events.map((_, index) => index));
    expect(events[0]?.response).toMatchObject({
      id: 'resp_x',
      model: 'm',
      created_at: 7,
      status: 'in_progress',
      output: [],
    });
    expect(events[6]).toMatchObject({ text: 'Hm', summary_index: 0, output_index: 0 });
    expect(events[13]).toMatchObject({ text: 'Hey', content_index: 0, output_index: 1 });
    expect(events[18]).toMatchObject({ arguments: '{}', output_index: 2 });
    const items = events.filter(({ type }) => type === 'response.output_item.done').map(({ item }) => item);
    expect(items[0]).toMatchObject({ type: 'reasoning', encrypted_content: 'c2Vj' });
    expect(events.at(-1)?.response).toMatchObject({
      id: 'resp_x',
      status: 'completed',
      output: items,
      usage: { total_tokens: 8 },
    });
  });

  test('goes on in a new item where a text that ended goes on', () => {
    const events = stream([
      { type: 'text-delta', index: 0, text: 'One. ' },
      { type: 'tool-call-start', index: 1, id: 'call_1', name: 'f' },
      { type: 'text-delta', index: 0, text: 'Two.' },
      { type: 'tool-call-delta', index: 1, arguments: '{"a":1}' },
      { type: 'finish', reason: 'tool-calls' },
    ]);
    expect(lastResponse(events).output).toMatchObject([
      { type: 'message', content: [{ text: 'One. ' }] },
      { type: 'function_call', arguments: '{"a":1}' },
      { type: 'message', content: [{ text: 'Two.' }] },
    ]);
  });

  test('shows annotations as they come, also after their text ended', () => {
    const annotation = { type: 'url_citation', url: 'https://a.b' };
    const extensions = { 'openai-responses': { annotations: [annotation] } };
    const events = stream([
      { type: 'text-delta', index: 0, text: 'Hi' },
      { type: 'text-extension', index: 0, extensions },
      { type: 'tool-call-start', index: 1, id: 'call_1', name: 'f' },
      { type: 'text-extension', index: 0, extensions },
      { type: 'finish', reason: 'tool-calls' },
    ]);
    const shown = events.filter(({ type }) => type === 'response.output_text.annotation.added');
    expect(shown).toMatchObject([
      { annotation_index: 0, annotation },
      { annotation_index: 1, annotation },
    ]);
    const [item] = lastResponse(events).output as JsonObject[];
    expect(item).toMatchObject({ content: [{ annotations: [annotation, annotation] }] });
  });

  test('ends with an error event and a failed response, and says nothing more', () => {
    const encoder = server.createStreamEncoder(context());
    encoder.encode({ type: 'start', id: 'resp_x' });
    encoder.encode({ type: 'text-delta', index: 0, text: 'Half' });
    const error = new ProviderError({ kind: 'rate-limit', message: 'Slow.' });
    const [first, second] = framesOf(encoder.error(error)).map(({ data }) => JSON.parse(data) as JsonObject);
    expect(first).toMatchObject({
      type: 'error',
      sequence_number: 5,
      code: 'rate_limit_exceeded',
      message: 'Slow.',
      error: { type: 'rate_limit_error', code: 'rate_limit_exceeded', message: 'Slow.' },
    });
    expect(second).toMatchObject({
      type: 'response.failed',
      sequence_number: 6,
      response: { id: 'resp_x', status: 'failed', error: { code: 'rate_limit_exceeded', message: 'Slow.' } },
    });
    expect(encoder.encode({ type: 'finish', reason: 'stop' })).toBe('');
    expect(encoder.error(error)).toBe('');
  });

  test('that breaks off lists what was not over as incomplete, half a tool call above all', () => {
    const encoder = server.createStreamEncoder(context());
    encoder.encode({ type: 'start', id: 'resp_x' });
    encoder.encode({ type: 'reasoning-delta', index: 0, text: 'Hm.' });
    encoder.encode({ type: 'text-delta', index: 1, text: 'I look.' });
    encoder.encode({ type: 'tool-call-start', index: 2, id: 'call_1', name: 'bash' });
    encoder.encode({ type: 'tool-call-delta', index: 2, arguments: '{"command":"rm -r' });
    const frames = framesOf(encoder.error(new ProviderError({ kind: 'connection-lost', message: 'Gone.' })));
    const { response } = JSON.parse(frames.at(-1)?.data ?? '') as { response: { output: JsonObject[] } };
    expect(response.output).toMatchObject([
      { type: 'reasoning' },
      { type: 'message', status: 'completed' },
      { type: 'function_call', status: 'incomplete', arguments: '{"command":"rm -r' },
    ]);
    const [text] = framesOf(brokenText())
      .map(({ data }) => JSON.parse(data) as JsonObject)
      .slice(-1);
    expect(text).toMatchObject({ response: { output: [{ type: 'message', status: 'incomplete' }] } });

    function brokenText(): string {
      const broken = server.createStreamEncoder(context());
      broken.encode({ type: 'start', id: 'resp_y' });
      broken.encode({ type: 'text-delta', index: 0, text: 'Half' });
      return broken.error(new ProviderError({ kind: 'connection-lost', message: 'Gone.' }));
    }
  });

  test('can begin with its error', () => {
    const encoder = server.createStreamEncoder(context());
    const frames = framesOf(encoder.error(new RouterError({ kind: 'budget', message: 'Spent.' })));
    expect(frames.map(({ event }) => event)).toEqual(['error', 'response.failed']);
    const decoder = client.createStreamDecoder({ provider: 'p' });
    expect(() => frames.map((frame) => decoder.decode(frame))).toThrow('Spent.');
  });
});

describe('an error answer', () => {
  test('says 400 for an unknown model, which is not found all the same', () => {
    const error = {
      message: 'The requested model "x" does not exist.',
      type: 'invalid_request_error',
      param: 'model',
      code: 'model_not_found',
    };
    expect(client.decodeError(400, { 'x-request-id': 'req_1' }, { error })).toMatchObject({
      kind: 'not-found',
      status: 400,
      code: 'model_not_found',
      requestId: 'req_1',
    });
  });

  test('names the parameter that can not be served', () => {
    const error = new RouterError({ kind: 'unsupported', message: 'Not here.', parameter: 'previous_response_id' });
    expect(server.encodeError(error)).toMatchObject({
      status: 400,
      body: { error: { type: 'invalid_request_error', param: 'previous_response_id', code: 'unsupported_parameter' } },
    });
  });
});
