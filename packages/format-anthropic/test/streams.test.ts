import { framesOf } from '@signalbox/conformance';
import { createResponseFold, type JsonObject, ProviderError, type StreamEvent } from '@signalbox/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anthropicMessages } from '../src/index.ts';

const { client, server } = anthropicMessages;
const CONTEXT = { model: 'claude-x', createId: () => 'made', now: () => 0 };

function sse(...events: JsonObject[]): string {
  return events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('');
}
const START = {
  type: 'message_start',
  message: {
    id: 'msg_1',
    model: 'claude-x-1',
    usage: {
      input_tokens: 10,
      cache_read_input_tokens: 100,
      cache_creation_input_tokens: 30,
      cache_creation: { ephemeral_5m_input_tokens: 10, ephemeral_1h_input_tokens: 20 },
      output_tokens: 1,
      service_tier: 'standard',
      inference_geo: 'eu',
    },
  },
};
const block = (index: number, content_block: JsonObject) => ({ type: 'content_block_start', index, content_block });
const delta = (index: number, fields: JsonObject) => ({ type: 'content_block_delta', index, delta: fields });
const stop = (index: number) => ({ type: 'content_block_stop', index });
const END = {
  type: 'message_delta',
  delta: { stop_reason: 'end_turn', stop_sequence: null },
  usage: { output_tokens: 9 },
};
const STOP = { type: 'message_stop' };

function decode(text: string): StreamEvent[] {
  const decoder = client.createStreamDecoder({ provider: 'anthropic' });
  return [...framesOf('sse', text).flatMap((frame) => [...decoder.decode(frame)]), ...decoder.end()];
}
function fold(events: Iterable<StreamEvent>) {
  const folded = createResponseFold();
  for (const event of events) folded.add(event);
  return folded.response();
}
function encode(events: Iterable<StreamEvent>): string {
  const encoder = server.createStreamEncoder(CONTEXT);
  return [...events].map((event) => encoder.encode(event)).join('');
}
function kindOf(call: () => unknown): string | undefined {
  try {
    call();
  } catch (error) {
    return ProviderError.is(error) ? error.kind : String(error);
  }
  return undefined;
}

describe('a provider’s stream', () => {
  it('is decoded block by block', () => {
    const response = fold(
      decode(
        sse(
          START,
          block(0, { type: 'thinking', thinking: '', signature: '' }),
          { type: 'ping' },
          delta(0, { type: 'thinking_delta', thinking: 'Hm' }),
          delta(0, { type: 'signature_delta', signature: 'c2ln' }),
          stop(0),
          block(1, { type: 'redacted_thinking', data: 'eA==' }),
          stop(1),
          block(2, { type: 'text', text: '' }),
          delta(2, { type: 'text_delta', text: 'Hello' }),
          delta(2, { type: 'citations_delta', citation: { cited_text: 'H' } }),
          delta(2, { type: 'novel_delta', novelty: 1 }),
          delta(2, { type: 'citations_delta', citation: { cited_text: 'e' } }),
          stop(2),
          block(3, { type: 'server_tool_use', id: 's1', name: 'web_search', input: {} }),
          delta(3, { type: 'input_json_delta', partial_json: '{"q":' }),
          delta(3, { type: 'input_json_delta', partial_json: '"x"}' }),
          stop(3),
          block(4, { type: 'novel_block', value: 1 }),
          stop(4),
          block(5, { type: 'tool_use', id: 't1', name: 'f', input: {}, caller: { type: 'direct' } }),
          delta(5, { type: 'input_json_delta', partial_json: '' }),
          delta(5, { type: 'input_json_delta', partial_json: '{"a":1}' }),
          stop(5),
          { type: 'novel_event' },
          {
            type: 'message_delta',
            delta: { stop_reason: 'tool_use', stop_sequence: null, container: { id: 'c' } },
            usage: {
              output_tokens: 50,
              output_tokens_details: { thinking_tokens: 12 },
              server_tool_use: { web_search_requests: 1, web_fetch_requests: 2 },
            },
          },
          STOP,
        ),
      ),
    );
    const own = (fields: JsonObject) => ({ extensions: { 'anthropic-messages': fields } });
    const form = (fields: JsonObject) => ({ extensions: { 'anthropic-messages/form': fields } });
    const opaque = (value: JsonObject) => ({ type: 'opaque', format: 'anthropic-messages', value });
    expect(response).toEqual({
      id: 'msg_1',
      model: 'claude-x-1',
      parts: [
        { type: 'reasoning', text: 'Hm', signature: { issuer: 'anthropic', value: 'c2ln' } },
        { type: 'reasoning', text: '', encrypted: { issuer: 'anthropic', value: 'eA==' } },
        { type: 'text', text: 'Hello', ...own({ citations: [{ cited_text: 'H' }, { cited_text: 'e' }] }) },
        opaque({ type: 'server_tool_use', id: 's1', name: 'web_search', input: { q: 'x' } }),
        opaque({ type: 'novel_block', value: 1 }),
        { type: 'tool-call', id: 't1', name: 'f', arguments: '{"a":1}', ...form({ caller: { type: 'direct' } }) },
      ],
      finish: { reason: 'tool-calls', rawReason: 'tool_use' },
      usage: {
        inputTokens: 140,
        outputTokens: 50,
        cacheReadTokens: 100,
        cacheWrite5mTokens: 10,
        cacheWrite1hTokens: 20,
        reasoningTokens: 12,
        webSearches: 1,
        serviceTier: 'standard',
        provenance: 'reported',
      },
      ...own({ container: { id: 'c' }, usage: { inference_geo: 'eu', server_tool_use: { web_fetch_requests: 2 } } }),
    });
  });

  it('is complete with a stop reason and a clean end, and not before', () => {
    const text = [START, block(0, { type: 'text', text: 'Hi' }), stop(0)];
    expect(fold(decode(sse(...text, END))).finish.reason).toBe('stop');
    expect(kindOf(() => decode(sse(...text)))).toBe('stream-cut');
    expect(kindOf(() => decode(''))).toBe('stream-cut');
  });

  it('takes a whole input with the start, and the tool call for the reason', () => {
    const response = fold(
      decode(sse(START, block(0, { type: 'tool_use', id: 't', name: 'f', input: { a: 1 } }), stop(0), END, STOP)),
    );
    expect(response.parts).toMatchObject([{ arguments: '{"a":1}' }]);
    expect(response.finish).toEqual({ reason: 'tool-calls', rawReason: 'end_turn' });
  });

  it('bills the steps of a compaction, which stand outside the totals', () => {
    const usage = {
      input_tokens: 53,
      output_tokens: 14,
      iterations: [
        { type: 'compaction', input_tokens: 1000, output_tokens: 125, cache_creation_input_tokens: 7 },
        { type: 'advisor_message', model: 'claude-y', input_tokens: 9999, output_tokens: 9999 },
        { type: 'message', input_tokens: 53, output_tokens: 14 },
      ],
    };
    const response = fold(decode(sse(START, { ...END, usage: { ...START.message.usage, ...usage } }, STOP)));
    expect(response.usage).toMatchObject({ inputTokens: 53 + 130 + 1007, outputTokens: 139, cacheWrite5mTokens: 17 });
    const back = server.encodeResponse(response, CONTEXT);
    expect(back.usage).toMatchObject({ ...usage, cache_creation_input_tokens: 30 });
  });

  it.each([
    ['overloaded_error', 'overloaded'],
    ['rate_limit_error', 'rate-limit'],
    ['api_error', 'server'],
    ['novel_error', 'server'],
  ])('breaks off with %s', (type, kind) => {
    const error = { type: 'error', error: { type, message: 'Sorry.' } };
    expect(kindOf(() => decode(sse(START, error)))).toBe(kind);
    const observer = anthropicMessages.observe({ provider: 'anthropic', hideUsage: false });
    expect(kindOf(() => framesOf('sse', sse(START, error)).map((frame) => observer.observe(frame)))).toBe(kind);
  });

  it('breaks off with errors of servers that only resemble Anthropic', () => {
    expect(kindOf(() => decode('data: {"error":{"message":"no"}}\n\n'))).toBe('server');
    expect(kindOf(() => decode('event: error\ndata: no\n\n'))).toBe('server');
  });
});

describe('the observer', () => {
  it('counts as content what a reader would, and pings not', () => {
    const observer = anthropicMessages.observe({ provider: 'anthropic', hideUsage: false });
    const verdicts = framesOf(
      'sse',
      `${sse(
        START,
        block(0, { type: 'text', text: '' }),
        { type: 'ping' },
        delta(0, { type: 'text_delta', text: '' }),
        delta(0, { type: 'text_delta', text: 'a' }),
        stop(0),
        block(1, { type: 'tool_use', id: 't', name: 'f', input: {} }),
        delta(1, { type: 'input_json_delta', partial_json: '' }),
        delta(1, { type: 'input_json_delta', partial_json: '{}' }),
        END,
        STOP,
      )}data: [DONE]\n\n`,
    ).map((frame) => observer.observe(frame));
    expect(verdicts.map((verdict) => verdict.content)).toEqual([
      false,
      false,
      false,
      false,
      true,
      false,
      true,
      false,
      true,
      false,
      false,
      false,
    ]);
    expect(verdicts.map((verdict) => verdict.forward)).toEqual([...Array(11).fill(true), false]);
    expect(observer.text).toBe('a');
  });
});

describe('a caller’s stream', () => {
  it('has Anthropic’s events, with the input’s usage at the start where it is known', () => {
    const usage = { inputTokens: 110, outputTokens: 3, cacheReadTokens: 100, provenance: 'reported' } as const;
    const text = encode([
      { type: 'start', id: 'm', model: 'other-model' },
      { type: 'usage-update', usage },
      { type: 'text-delta', index: 0, text: 'Hi' },
      { type: 'tool-call-start', index: 1, id: 'call:1', name: 'f' },
      { type: 'tool-call-delta', index: 1, arguments: '{}' },
      { type: 'finish', reason: 'tool-calls', rawReason: 'tool_calls', usage },
    ]);
    const events = framesOf('sse', text).map((frame) => JSON.parse(frame.data) as JsonObject);
    expect(framesOf('sse', text).map((frame) => frame.event)).toEqual(events.map((event) => event.type));
    expect(events).toMatchObject([
      {
        type: 'message_start',
        message: { id: 'm', model: 'other-model', usage: { input_tokens: 10, cache_read_input_tokens: 100 } },
      },
      { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
      { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Hi' } },
      { type: 'content_block_stop', index: 0 },
      { type: 'content_block_start', index: 1, content_block: { type: 'tool_use', name: 'f', input: {} } },
      { type: 'content_block_delta', index: 1, delta: { type: 'input_json_delta', partial_json: '{}' } },
      { type: 'content_block_stop', index: 1 },
      { type: 'message_delta', delta: { stop_reason: 'tool_use' }, usage: { input_tokens: 10, output_tokens: 3 } },
      { type: 'message_stop' },
    ]);
  });

  it('shows a tool call as it grows, and makes only the others wait', () => {
    const encoder = server.createStreamEncoder(CONTEXT);
    encoder.encode({ type: 'start' });
    encoder.encode({ type: 'tool-call-start', index: 0, id: 'a', name: 'f' });
    expect(encoder.encode({ type: 'tool-call-delta', index: 0, arguments: '{"x":' })).toContain('partial_json');
    expect(encoder.encode({ type: 'tool-call-start', index: 1, id: 'b', name: 'g' })).toBe('');
    expect(encoder.encode({ type: 'tool-call-delta', index: 1, arguments: '{"y":' })).toBe('');
    const rest = encoder.encode({ type: 'tool-call-delta', index: 0, arguments: '1}' });
    expect(rest).toContain('"id":"b"');
    expect(encoder.encode({ type: 'tool-call-delta', index: 1, arguments: '2}' })).toContain('2}');
  });

  it('turns a free-text tool’s input into a JSON string, piece by piece', () => {
    const response = fold(
      decode(
        encode([
          { type: 'tool-call-start', index: 0, id: 'a', name: 'patch', kind: 'custom' },
          { type: 'tool-call-delta', index: 0, arguments: 'say "hi"\n' },
          { type: 'tool-call-delta', index: 0, arguments: 'then }{ stop' },
          { type: 'finish', reason: 'tool-calls' },
        ]),
      ),
    );
    expect(response.parts).toMatchObject([{ arguments: JSON.stringify({ input: 'say "hi"\nthen }{ stop' }) }]);
  });

  it('shows no foreign signature and no foreign block', () => {
    const text = encode([
      { type: 'reasoning-delta', index: 0, text: 'Hm' },
      { type: 'reasoning-signature', index: 0, signature: { issuer: 'gemini', value: 'secret' } },
      {
        type: 'opaque-part',
        index: 1,
        part: { type: 'opaque', format: 'openai-responses', value: { type: 'secret' } },
      },
      { type: 'finish', reason: 'stop' },
    ]);
    expect(text).not.toContain('secret');
    expect(fold(decode(text)).parts).toEqual([{ type: 'reasoning', text: 'Hm' }]);
  });

  it('never ends cleanly after a failed answer', () => {
    for (const reason of ['error', 'content-filter'] as const) {
      const response = fold(decode(encode([{ type: 'finish', reason, rawReason: 'MALFORMED' }])));
      expect(response.finish).toMatchObject({ reason: 'refusal', detail: expect.stringContaining('MALFORMED') });
    }
  });

  it("hands a stop reason that it does not know on as it came, and no other vendor's", () => {
    const paused = { ...END, delta: { stop_reason: 'tomorrows_reason', stop_sequence: null } };
    const read = decode(sse(START, paused, STOP));
    expect(fold(read).finish).toEqual({ reason: 'other', rawReason: 'tomorrows_reason' });
    expect(encode(read)).toContain('"stop_reason":"tomorrows_reason"');
    const whole = client.decodeResponse({ ...START.message, content: [], ...paused.delta }, { provider: 'anthropic' });
    expect(server.encodeResponse(whole, CONTEXT).stop_reason).toBe('tomorrows_reason');
    expect(encode([{ type: 'finish', reason: 'other', rawReason: 'OTHER' }])).toContain('"stop_reason":"end_turn"');
  });

  it('never overlaps blocks and loses nothing, however the parts are interleaved', () => {
    const part = fc.record({
      tool: fc.boolean(),
      pieces: fc.array(fc.string({ minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 5 }),
    });
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 5 }), fc.infiniteStream(fc.nat()), (parts, random) => {
        const queues = parts.map(({ tool, pieces }, index): StreamEvent[] => {
          if (!tool) return pieces.map((text) => ({ type: 'text-delta', index, text }));
          const json = JSON.stringify({ value: pieces.join('') });
          const middle = Math.floor(json.length / 2);
          return [
            { type: 'tool-call-start', index, id: `t${index}`, name: 'f' },
            { type: 'tool-call-delta', index, arguments: json.slice(0, middle) },
            { type: 'tool-call-delta', index, arguments: json.slice(middle) },
          ];
        });
        const events: StreamEvent[] = [];
        while (queues.some((queue) => queue.length > 0)) {
          const open = queues.filter((queue) => queue.length > 0);
          const event = open[(random.next().value ?? 0) % open.length]?.shift();
          if (event !== undefined) events.push(event);
        }
        events.push({ type: 'finish', reason: 'stop' });
        const text = encode(events);
        const open = new Set<unknown>();
        for (const frame of framesOf('sse', text)) {
          const event = JSON.parse(frame.data) as JsonObject;
          if (event.type === 'content_block_start') {
            expect(open.size).toBe(0);
            open.add(event.index);
          }
          if (event.type === 'content_block_delta') expect(open.has(event.index)).toBe(true);
          if (event.type === 'content_block_stop') expect(open.delete(event.index)).toBe(true);
        }
        const calls = fold(decode(text)).parts.filter((one) => one.type === 'tool-call');
        const wanted = fold(events).parts.filter((one) => one.type === 'tool-call');
        const byId = (one: { id: string }, other: { id: string }) => one.id.localeCompare(other.id);
        expect(calls.map(({ id, arguments: json }) => ({ id, json })).sort(byId)).toEqual(
          wanted.map(({ id, arguments: json }) => ({ id, json })).sort(byId),
        );
        const letters = (list: readonly { type: string; text?: string }[]) =>
          [...list.map((one) => (one.type === 'text' ? one.text : '')).join('')].sort().join('');
        expect(letters(fold(decode(text)).parts as never)).toBe(letters(fold(events).parts as never));
      }),
    );
  });
});
