import { describe, expect, test } from 'vitest';
import { ANTHROPIC, at, events, post, useSimulator } from './simulator-client.ts';

describe('Anthropic Messages', () => {
  const simulator = useSimulator();
  const base = { model: 'claude-sonnet-4-5', max_tokens: 2000, messages: [{ role: 'user', content: 'Hello there' }] };
  const ask = (body: object, headers: Record<string, string> = {}) =>
    post(simulator(), '/v1/messages', { ...base, ...body }, { ...ANTHROPIC, ...headers });
  /** Event names with repetitions folded. */
  const outline = (text: string) =>
    events(text)
      .map((event) => event.event)
      .filter((name, index, all) => name !== all[index - 1]);

  test('streams message, blocks, delta and stop, with a ping after the first block’s start', async () => {
    const { text, headers } = await ask({ stream: true });
    expect(headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(headers.get('request-id')).toMatch(/^req_/);
    expect(outline(text)).toEqual([
      'message_start',
      'content_block_start',
      'ping',
      'content_block_delta',
      'content_block_stop',
      'message_delta',
      'message_stop',
    ]);
    const last = events(text).find((event) => event.event === 'message_delta');
    expect(last?.json).toMatchObject({ delta: { stop_reason: 'end_turn' }, usage: { input_tokens: 3 } });
    expect(at(last?.json, 'usage', 'output_tokens')).toBeGreaterThan(20);
  });

  test('thinks in a signed block before the text, and counts it', async () => {
    const thinking = { type: 'enabled', budget_tokens: 1024 };
    const whole = (await ask({ thinking })).json;
    expect(whole).toMatchObject({ content: [{ type: 'thinking' }, { type: 'text' }] });
    expect(at(whole, 'content', 0, 'signature')).toMatch(/^[A-Za-z0-9+/]{100,}=*$/);
    expect(at(whole, 'usage', 'output_tokens_details', 'thinking_tokens')).toBeGreaterThan(10);
    const { text } = await ask({ thinking, stream: true });
    const deltas = events(text).map((event) => at(event.json, 'delta', 'type'));
    expect(deltas.indexOf('signature_delta')).toBeGreaterThan(deltas.indexOf('thinking_delta'));
    const signature = events(text).find((event) => at(event.json, 'delta', 'type') === 'signature_delta');
    expect(at(signature?.json, 'delta', 'signature')).toBe(at(whole, 'content', 0, 'signature'));
  });

  test('keeps the signature where thinking is not displayed', async () => {
    const { json } = await ask({ thinking: { type: 'adaptive', display: 'omitted' } });
    expect(json).toMatchObject({ content: [{ type: 'thinking', thinking: '' }, { type: 'text' }] });
    expect(at(json, 'content', 0, 'signature')).not.toBe('');
  });

  test('streams tool arguments as partial JSON after an empty piece', async () => {
    const tools = [
      {
        name: 'get_weather',
        input_schema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
      },
    ];
    const { text } = await ask({ tools, tool_choice: { type: 'any' }, stream: true });
    const pieces = events(text)
      .map((event) => at(event.json, 'delta', 'partial_json'))
      .filter((piece) => piece !== undefined);
    expect(pieces[0]).toBe('');
    expect(JSON.parse(pieces.join(''))).toEqual({ city: 'simulated city' });
    expect(text).toContain('"stop_reason":"tool_use"');
  });

  test('writes a marked beginning to the cache, then reads it; input is counted net', async () => {
    const system = [{ type: 'text', text: 'A rule to follow. '.repeat(400), cache_control: { type: 'ephemeral' } }];
    const first = (await ask({ system })).json;
    expect(first).toMatchObject({
      usage: { cache_creation_input_tokens: 1800, cache_read_input_tokens: 0, input_tokens: 3 },
    });
    const second = (await ask({ system, messages: [{ role: 'user', content: 'And another' }] })).json;
    expect(second).toMatchObject({
      usage: { cache_creation_input_tokens: 0, cache_read_input_tokens: 1800, input_tokens: 3 },
    });
    const other = await ask({ system, model: 'claude-opus-4-5' });
    expect(other.json).toMatchObject({ usage: { cache_read_input_tokens: 0 } });
  });

  test('ends at a stop sequence and at the limit', async () => {
    expect((await ask({ stop_sequences: ['answer'] })).json).toMatchObject({
      stop_reason: 'stop_sequence',
      stop_sequence: 'answer',
      content: [{ text: 'This is a simulated ' }],
    });
    expect((await ask({ max_tokens: 5 })).json).toMatchObject({
      stop_reason: 'max_tokens',
      usage: { output_tokens: 5 },
    });
  });

  test('continues a prefill that is the beginning of its answer', async () => {
    const whole = String(at((await ask({})).json, 'content', 0, 'text'));
    const prefill = whole.slice(0, 40);
    const { json } = await ask({ messages: [...base.messages, { role: 'assistant', content: prefill }] });
    expect(at(json, 'content', 0, 'text')).toBe(whole.slice(40));
    const { status, json: refused } = await ask(
      { messages: [...base.messages, { role: 'assistant', content: prefill }] },
      { 'x-simulate': 'noPrefill' },
    );
    expect(status).toBe(400);
    expect(refused).toMatchObject({ type: 'error', error: { type: 'invalid_request_error' } });
  });

  test.each([
    ['max_tokens', { max_tokens: undefined }, 'max_tokens: Field required'],
    ['a model', { model: undefined }, 'model: a model name is required.'],
    ['messages', { messages: [] }, 'at least one message'],
    ['text in a text block', { messages: [{ role: 'user', content: [{ type: 'text', text: '' }] }] }, 'non-empty'],
    [
      'the call to a result',
      { messages: [{ role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content: 'x' }] }] },
      'unexpected `tool_use_id`',
    ],
    [
      'the result of a call',
      {
        messages: [
          { role: 'assistant', content: [{ type: 'tool_use', id: 'toolu_1', name: 'f', input: {} }] },
          { role: 'user', content: 'And?' },
        ],
      },
      'without `tool_result` blocks',
    ],
  ])('refuses a request without %s', async (_, body, sentence) => {
    const { status, json } = await ask(body);
    expect(status).toBe(400);
    expect(json).toMatchObject({ type: 'error', error: { type: 'invalid_request_error' } });
    expect(at(json, 'error', 'message')).toContain(sentence);
  });

  test('keeps no thread, and says so in the words on which the SDKs send whole conversations', async () => {
    const { status, json } = await ask({ thread: { type: 'create' } });
    expect(status).toBe(400);
    expect(at(json, 'error', 'details')).toEqual({
      error_code: 'thread_unsupported_request',
      unsupported: ['thread'],
    });
  });

  test('wants a version, and takes no sampling under the one of 2026-10-21', async () => {
    expect((await post(simulator(), '/v1/messages', base)).text).toContain('anthropic-version: header is required');
    const newer = { 'anthropic-version': '2026-10-21' };
    expect((await ask({ temperature: 1 }, newer)).status).toBe(400);
    expect((await ask({}, newer)).status).toBe(200);
    const document = { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'A page.' } };
    const turns = (content: unknown) => ({
      messages: [
        { role: 'user', content: 'Hi' },
        { role: 'assistant', content },
      ],
    });
    expect((await ask(turns([document]), newer)).status).toBe(400);
    expect((await ask({ messages: [{ role: 'user', content: [document] }] }, newer)).status).toBe(200);
    const cited = [{ type: 'text', text: 'Hi', citations: [{ type: 'char_location' }] }];
    expect((await ask({ messages: [{ role: 'user', content: cited }] }, newer)).status).toBe(400);
    expect((await ask(turns(cited), newer)).status).toBe(200);
  });
});
