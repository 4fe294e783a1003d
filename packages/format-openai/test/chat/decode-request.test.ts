import { type Quirks, RouterError } from '@signalbox/core';
import { describe, expect, test } from 'vitest';
import { openaiChat } from '../../src/index.ts';

const decode = (body: unknown) => openaiChat.server.decodeRequest(body, '/v1/chat/completions');
const hello = { messages: [{ role: 'user', content: 'Hi' }] };

describe('a Chat Completions request of a caller', () => {
  test('becomes a request without anything that was not said', () => {
    expect(decode({ model: 'auto', ...hello, temperature: null, tools: null })).toEqual({
      model: 'auto',
      system: [],
      messages: [{ role: 'user', parts: [{ type: 'text', text: 'Hi' }] }],
    });
  });

  test('keeps what the canonical form has no word for under its own name', () => {
    const request = decode({
      messages: [{ role: 'assistant', content: 'Hi', prefix: true }],
      verbosity: 'low',
      reasoning_effort: 'extreme',
      stream: true,
      stream_options: { include_usage: true, include_obfuscation: false },
      user: 'a',
      safety_identifier: 'b',
    });
    expect(request).toMatchObject({
      messages: [{ extensions: { 'openai-chat': { prefix: true } } }],
      userId: 'a',
      verbosity: 'low',
      stream: true,
      streamUsage: true,
    });
    expect(request.extensions).toEqual({
      'openai-chat': {
        reasoning_effort: 'extreme',
        safety_identifier: 'b',
      },
      'openai-chat/form': { stream_options: { include_obfuscation: false } },
    });
  });

  test('tool messages become the results of one user message', () => {
    const { messages } = decode({
      messages: [
        {
          role: 'assistant',
          content: null,
          tool_calls: [
            { id: 'a', type: 'function', function: { name: 'f', arguments: '{"x": 1}' } },
            { id: 'b', type: 'custom', custom: { name: 'sql', input: 'select 1' } },
          ],
        },
        { role: 'tool', tool_call_id: 'a', content: 'one' },
        { role: 'tool', tool_call_id: 'b', content: [{ type: 'text', text: 'two' }] },
        { role: 'user', content: 'And?' },
      ],
    });
    expect(messages).toEqual([
      {
        role: 'assistant',
        parts: [
          { type: 'tool-call', id: 'a', name: 'f', arguments: '{"x": 1}' },
          { type: 'tool-call', id: 'b', name: 'sql', arguments: 'select 1', kind: 'custom' },
        ],
      },
      {
        role: 'user',
        parts: [
          { type: 'tool-result', callId: 'a', content: [{ type: 'text', text: 'one' }] },
          { type: 'tool-result', callId: 'b', content: [{ type: 'text', text: 'two' }] },
        ],
      },
      { role: 'user', parts: [{ type: 'text', text: 'And?' }] },
    ]);
  });

  test('the legacy functions are tools, and a result belongs to the call before it', () => {
    const request = decode({
      messages: [
        { role: 'user', content: 'Hi' },
        { role: 'assistant', content: null, function_call: { name: 'f', arguments: '{}' } },
        { role: 'function', name: 'f', content: 'ok' },
      ],
      functions: [{ name: 'f', parameters: { type: 'object' } }],
      function_call: { name: 'f' },
    });
    expect(request).toMatchObject({
      tools: [{ type: 'function', name: 'f', parameters: { type: 'object' } }],
      toolChoice: { type: 'tool', name: 'f' },
    });
    const call = request.messages[1]?.parts[0];
    const result = request.messages[2]?.parts[0];
    expect(call?.type === 'tool-call' && result?.type === 'tool-result' && call.id === result.callId).toBe(true);
  });

  test('system texts before the first turn stand apart, later ones in their place', () => {
    const request = decode({
      messages: [
        { role: 'system', content: 'One.' },
        { role: 'developer', content: [{ type: 'text', text: 'Two.' }] },
        { role: 'user', content: 'Hi' },
        { role: 'system', content: 'Three.' },
      ],
    });
    expect(request.system.map((part) => part.text)).toEqual(['One.', 'Two.']);
    expect(request.messages.map((message) => message.role)).toEqual(['user', 'system']);
  });

  test.each<[string, unknown, string]>([
    ['no object', [], 'undefined'],
    ['no messages', {}, 'messages'],
    ['empty messages', { messages: [] }, 'messages'],
    ['a message that is none', { messages: ['Hi'] }, 'messages[0]'],
    ['an unknown role', { messages: [{ role: 'owner', content: '' }] }, 'messages[0].role'],
    ['content that is none', { messages: [{ role: 'user', content: 5 }] }, 'messages[0].content'],
    ['no content', { messages: [{ role: 'user' }] }, 'messages[0].content'],
    ['a part without type', { messages: [{ role: 'user', content: [{}] }] }, 'messages[0].content[0].type'],
    [
      'an image without URL',
      { messages: [{ role: 'user', content: [{ type: 'image_url', image_url: {} }] }] },
      'messages[0].content[0].image_url.url',
    ],
    ['a result without id', { messages: [{ role: 'tool', content: '' }] }, 'messages[0].tool_call_id'],
    [
      'a call without name',
      { messages: [{ role: 'assistant', tool_calls: [{ id: 'a', function: {} }] }] },
      'messages[0].tool_calls[0].function.name',
    ],
    ['a tool without name', { ...hello, tools: [{ type: 'function', function: {} }] }, 'tools[0].function.name'],
    ['a choice that is none', { ...hello, tool_choice: 'perhaps' }, 'tool_choice'],
    ['a temperature that is none', { ...hello, temperature: 'hot' }, 'temperature'],
    ['half a token', { ...hello, max_tokens: 0.5 }, 'max_tokens'],
    ['a stop that is none', { ...hello, stop: [1] }, 'stop'],
    ['an unknown output format', { ...hello, response_format: { type: 'xml' } }, 'response_format.type'],
    ['stream options that are none', { ...hello, stream_options: true }, 'stream_options'],
    ['a stream that is neither', { ...hello, stream: 'yes' }, 'stream'],
  ])('%s is refused with the name of the field', (_name, body, parameter) => {
    try {
      decode(body);
      expect.unreachable();
    } catch (error) {
      if (!RouterError.is(error)) throw error;
      expect(error.kind).toBe('invalid-request');
      expect(String(error.parameter)).toBe(parameter);
      if (error.parameter !== undefined) expect(error.message).toContain(`"${parameter}"`);
    }
  });
});

describe('a head', () => {
  test('is read from the bytes', () => {
    const body = new TextEncoder().encode('{"messages":[{"content":"\\"model\\":"}],"model":"gpt-4","stream":true}');
    expect(openaiChat.server.scanHead(body, '/v1/chat/completions')).toMatchObject({ model: 'gpt-4', stream: true });
  });
});

test('the signature of a call that Google made comes back as one, and is nothing that other formats lose', () => {
  const calls = [
    {
      id: 'c',
      type: 'function',
      function: { name: 'f', arguments: '{}' },
      extra_content: { google: { thought_signature: 'c2ln' } },
    },
  ];
  const messages = [
    { role: 'user', content: 'x' },
    { role: 'assistant', content: null, tool_calls: calls },
    { role: 'tool', tool_call_id: 'c', content: 'y' },
  ];
  const request = openaiChat.server.decodeRequest({ model: 'm', messages }, '/v1/chat/completions');
  expect(request.messages[1]?.parts).toMatchObject([{ signature: { issuer: 'google', value: 'c2ln' } }]);
  const sent = (quirks: Quirks) =>
    openaiChat.client.encodeRequest(request, { model: 'm', stream: false, provider: 'p', quirks });
  expect(JSON.stringify(sent({ extraContent: true }).body)).toContain('c2ln');
  expect(JSON.stringify(sent({}).body)).not.toContain('c2ln');
});
