import { RouterError, wholeBytes } from '@signalbox/core';
import { describe, expect, it } from 'vitest';
import { anthropicMessages } from '../src/index.ts';

const { server } = anthropicMessages;
const decode = (body: unknown) => server.decodeRequest(body, '/v1/messages');
const HELLO = [{ role: 'user', content: 'Hello?' }];

describe('a request of a caller', () => {
  it('is read in canonical words', () => {
    const request = decode({
      model: 'claude-x',
      max_tokens: 100,
      system: 'Be brief.',
      messages: [
        { role: 'user', content: 'Hello?' },
        { role: 'system', content: 'New rule.', output_config: { effort: 'low' } },
        {
          role: 'assistant',
          content: [
            { type: 'thinking', thinking: 'Hm.', signature: 'c2ln' },
            { type: 'redacted_thinking', data: 'eA==' },
            { type: 'tool_use', id: 't1', name: 'f', input: { a: 1 }, caller: { type: 'direct' } },
          ],
        },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't1', content: 'ok', is_error: false }] },
      ],
      tools: [
        { name: 'f', input_schema: { type: 'object' }, defer_loading: true, cache_control: { type: 'ephemeral' } },
      ],
      tool_choice: { type: 'any', disable_parallel_tool_use: true },
      thinking: { type: 'enabled', budget_tokens: 2000, display: 'omitted' },
      output_config: { effort: 'high', task_budget: { total: 5 } },
      temperature: 0.5,
      top_k: 3,
      stop_sequences: ['x'],
      metadata: { user_id: 'u' },
      service_tier: 'auto',
      stream: true,
      context_management: { edits: [] },
    });
    expect(request).toEqual({
      model: 'claude-x',
      maxOutputTokens: 100,
      system: [{ type: 'text', text: 'Be brief.' }],
      messages: [
        { role: 'user', parts: [{ type: 'text', text: 'Hello?' }] },
        {
          role: 'system',
          parts: [{ type: 'text', text: 'New rule.' }],
          extensions: { 'anthropic-messages': { output_config: { effort: 'low' } } },
        },
        {
          role: 'assistant',
          parts: [
            { type: 'reasoning', text: 'Hm.', signature: { issuer: 'anthropic', value: 'c2ln' } },
            { type: 'reasoning', text: '', encrypted: { issuer: 'anthropic', value: 'eA==' } },
            {
              type: 'tool-call',
              id: 't1',
              name: 'f',
              arguments: '{"a":1}',
              extensions: { 'anthropic-messages/form': { caller: { type: 'direct' } } },
            },
          ],
        },
        {
          role: 'user',
          parts: [{ type: 'tool-result', callId: 't1', content: [{ type: 'text', text: 'ok' }], isError: false }],
        },
      ],
      tools: [
        {
          type: 'function',
          name: 'f',
          parameters: { type: 'object' },
          cache: {},
          extensions: { 'anthropic-messages/form': { defer_loading: true } },
        },
      ],
      toolChoice: { type: 'required' },
      parallelToolCalls: false,
      reasoning: { mode: 'on', budgetTokens: 2000, display: 'omitted', effort: 'high' },
      sampling: { temperature: 0.5, topK: 3 },
      stopSequences: ['x'],
      userId: 'u',
      serviceTier: 'auto',
      stream: true,
      extensions: {
        'anthropic-messages': { output_config: { task_budget: { total: 5 } } },
        'anthropic-messages/form': { context_management: { edits: [] } },
      },
    });
  });

  it('keeps blocks and tools of unknown kind whole', () => {
    const block = { type: 'container_upload', file_id: 'file_1' };
    const tool = { type: 'web_search_20260318', name: 'web_search', max_uses: 2 };
    const request = decode({ messages: [{ role: 'user', content: [block] }], tools: [tool] });
    expect(request.messages[0]?.parts).toEqual([{ type: 'opaque', format: 'anthropic-messages', value: block }]);
    expect(request.tools).toEqual([
      { type: 'opaque', format: 'anthropic-messages', value: tool, webSearch: { maxUses: 2 } },
    ]);
  });

  it('does not take an effort alone for a wish to think', () => {
    const request = decode({ messages: HELLO, output_config: { effort: 'medium' } });
    const context = { model: 'claude-x', stream: false, provider: 'anthropic', quirks: {} };
    const { body } = anthropicMessages.client.encodeRequest(request, context);
    expect(body.output_config).toEqual({ effort: 'medium' });
    expect(body).not.toHaveProperty('thinking');
  });

  it('gives wrapped arguments back as they were', () => {
    const content = [{ type: 'tool_use', id: 't', name: 'f', input: { __raw: '{"a":' } }];
    const request = decode({ messages: [{ role: 'assistant', content }] });
    expect(request.messages[0]?.parts).toMatchObject([{ arguments: '{"a":' }]);
  });
});

describe('a bad request', () => {
  it.each([
    ['messages', {}],
    ['messages', { messages: 'Hello?' }],
    ['messages.0', { messages: ['Hello?'] }],
    ['messages.0.role', { messages: [{ role: 'robot', content: '' }] }],
    ['messages.0.content', { messages: [{ role: 'user' }] }],
    ['messages.0.content.0', { messages: [{ role: 'user', content: [{ text: 'a' }] }] }],
    ['messages.0.content.0.text', { messages: [{ role: 'user', content: [{ type: 'text' }] }] }],
    ['messages.0.content.0.source', { messages: [{ role: 'user', content: [{ type: 'image' }] }] }],
    ['messages.0.content.0.tool_use_id', { messages: [{ role: 'user', content: [{ type: 'tool_result' }] }] }],
    [
      'messages.0.content.0.input',
      { messages: [{ role: 'assistant', content: [{ type: 'tool_use', id: 'a', name: 'b' }] }] },
    ],
    ['max_tokens', { messages: HELLO, max_tokens: 'many' }],
    ['temperature', { messages: HELLO, temperature: 'hot' }],
    ['stream', { messages: HELLO, stream: 'yes' }],
    ['system', { messages: HELLO, system: 3 }],
    ['system.0.text', { messages: HELLO, system: [{ type: 'text' }] }],
    ['tools', { messages: HELLO, tools: {} }],
    ['tools.0.name', { messages: HELLO, tools: [{ input_schema: {} }] }],
    ['tools.0.input_schema', { messages: HELLO, tools: [{ name: 'f' }] }],
    ['tool_choice', { messages: HELLO, tool_choice: 'auto' }],
    ['tool_choice.name', { messages: HELLO, tool_choice: { type: 'tool' } }],
    ['thinking', { messages: HELLO, thinking: true }],
    ['stop_sequences.0', { messages: HELLO, stop_sequences: [1] }],
    ['metadata', { messages: HELLO, metadata: 'me' }],
  ])('is told that %s is wrong', (parameter, body) => {
    let error: unknown;
    try {
      decode(body);
    } catch (thrown) {
      error = thrown;
    }
    expect(RouterError.is(error)).toBe(true);
    expect(error).toMatchObject({ kind: 'invalid-request', parameter, message: expect.stringContaining(parameter) });
  });
});

describe('a forwarded request', () => {
  const forward = (body: string, path: string) => {
    const bytes = new TextEncoder().encode(body);
    const forwarded = server.forwardRequest(bytes, server.scanHead(bytes, path), 'claude-y', path);
    return { ...forwarded, body: new TextDecoder().decode(wholeBytes(forwarded.body)) };
  };

  it('keeps every byte but the model’s name', () => {
    expect(forward('{ "a": "\\"model\\"",\n "model" : "x", "stream":true }', '/v1/messages?beta=true')).toEqual({
      path: '/messages?beta=true',
      body: '{ "a": "\\"model\\"",\n "model" : "claude-y", "stream":true }',
      headers: { 'anthropic-version': '2023-06-01' },
      hideUsage: false,
    });
  });

  it('gets a model where it named none', () => {
    expect(forward('{"max_tokens":1}', '/v1/messages/count_tokens')).toMatchObject({
      path: '/messages/count_tokens',
      body: '{"model":"claude-y","max_tokens":1}',
    });
    expect(forward('{ }', '/v1/messages').body).toBe('{"model":"claude-y" }');
  });
});
