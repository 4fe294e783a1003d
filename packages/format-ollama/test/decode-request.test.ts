import { type JsonObject, RouterError, wholeBytes } from '@signalbox/core';
import { describe, expect, it } from 'vitest';
import { ollamaChat } from '../src/index.ts';

const { server } = ollamaChat;
const decode = (body: JsonObject) => server.decodeRequest({ model: 'mistral:7b', ...body }, '/api/chat');
const bytes = (text: string) => new TextEncoder().encode(text);

describe('a caller’s request', () => {
  it('streams unless it says otherwise', () => {
    expect(server.scanHead(bytes('{"model":"m"}'), '/api/chat').stream).toBe(true);
    expect(server.scanHead(bytes('{"model":"m","stream":false}'), '/api/chat').stream).toBe(false);
    expect(decode({}).stream).toBe(true);
    expect(decode({ stream: false }).stream).toBe(false);
  });

  it('gives each call an id and finds the call that a result answers', () => {
    const { messages } = decode({
      messages: [
        { role: 'user', content: 'Both?' },
        {
          role: 'assistant',
          content: '',
          tool_calls: [
            { function: { name: 'now', arguments: {} } },
            { function: { name: 'get_weather', arguments: { city: 'Paris' } } },
          ],
        },
        { role: 'tool', content: 'Sun', tool_name: 'get_weather' },
        { role: 'tool', content: 'noon' },
      ],
    });
    expect(messages.slice(1)).toEqual([
      {
        role: 'assistant',
        parts: [
          { type: 'tool-call', id: 'call_ollama_0', name: 'now', arguments: '{}' },
          { type: 'tool-call', id: 'call_ollama_1', name: 'get_weather', arguments: '{"city":"Paris"}' },
        ],
      },
      {
        role: 'user',
        parts: [
          {
            type: 'tool-result',
            callId: 'call_ollama_1',
            name: 'get_weather',
            content: [{ type: 'text', text: 'Sun' }],
          },
          { type: 'tool-result', callId: 'call_ollama_0', name: 'now', content: [{ type: 'text', text: 'noon' }] },
        ],
      },
    ]);
  });

  it('reads images by their first bytes', () => {
    const { messages } = decode({ messages: [{ role: 'user', content: '', images: ['/9j/4AAQ', 'R0lGODlh'] }] });
    expect(messages[0]?.parts.map((part) => part.type === 'image' && part.source)).toEqual([
      { kind: 'base64', mediaType: 'image/jpeg', data: '/9j/4AAQ' },
      { kind: 'base64', mediaType: 'image/gif', data: 'R0lGODlh' },
    ]);
  });

  it('keeps what only Ollama has, and gives it back', () => {
    const body: JsonObject = {
      model: 'mistral:7b',
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Hello?', novelty: 1 },
        { role: 'assistant', content: 'Hi.', thinking: 'A greeting.' },
      ],
      stream: false,
      tools: [
        {
          type: 'function',
          function: { name: 'now', parameters: { type: 'object', properties: {} }, novelty: true },
        },
      ],
      format: { type: 'object' },
      options: { num_ctx: 4096, num_predict: -1, temperature: 0.5, stop: ['END'] },
      keep_alive: '5m',
      think: 'high',
      logprobs: true,
      top_logprobs: 2,
    };
    const request = decode(body);
    expect(request.maxOutputTokens).toBe(undefined);
    expect(request.reasoning).toEqual({ mode: 'on', effort: 'high' });
    const back = ollamaChat.client.encodeRequest(request, {
      model: 'mistral:7b',
      stream: false,
      provider: 'local',
      quirks: {},
    });
    expect(JSON.parse(JSON.stringify(back.body))).toEqual(body);
    expect(back.notes).toEqual([]);
  });

  it.each<[string, JsonObject]>([
    ['model', { model: 3 }],
    ['model', { model: '' }],
    ['messages', { messages: 'hello' }],
    ['messages[0]', { messages: ['hello'] }],
    ['messages[0].role', { messages: [{ role: 'robot', content: '' }] }],
    ['messages[0].content', { messages: [{ role: 'user', content: [{ type: 'text' }] }] }],
    ['messages[0].images[1]', { messages: [{ role: 'user', content: '', images: ['R0lGODlh', {}] }] }],
    ['messages[0].tool_calls[0].function', { messages: [{ role: 'assistant', tool_calls: [{}] }] }],
    ['messages[0].tool_calls[0].function.name', { messages: [{ role: 'assistant', tool_calls: [{ function: {} }] }] }],
    ['tools[0].function.name', { tools: [{ type: 'function', function: {} }] }],
    ['format', { format: 'xml' }],
    ['options.temperature', { options: { temperature: 'hot' } }],
    ['options.stop[0]', { options: { stop: [1] } }],
    ['think', { think: 'extreme' }],
    ['stream', { stream: 'yes' }],
  ])('is refused with the name of the field: %s', (field, body) => {
    try {
      decode(body);
      expect.unreachable();
    } catch (error) {
      expect(RouterError.is(error) && error.kind).toBe('invalid-request');
      expect(RouterError.is(error) && error.parameter).toBe(field);
      expect(RouterError.is(error) && error.message).toContain(`"${field}"`);
    }
  });
});

describe('forwarding', () => {
  const forward = (text: string, model: string) => {
    const body = bytes(text);
    const forwarded = server.forwardRequest(body, server.scanHead(body, '/api/chat'), model, '/api/chat');
    expect(forwarded).toMatchObject({ path: '/api/chat', hideUsage: false });
    return new TextDecoder().decode(wholeBytes(forwarded.body));
  };

  it('changes the model and not a byte more', () => {
    expect(forward('{ "messages": [{"content":"\\"model\\": 1"}], "model" : "auto"}', 'mistral:7b')).toBe(
      '{ "messages": [{"content":"\\"model\\": 1"}], "model" : "mistral:7b"}',
    );
  });

  it('adds a model where none was named', () => {
    expect(forward('{"messages":[]}', 'm')).toBe('{"model":"m","messages":[]}');
    expect(forward('{ }', 'm')).toBe('{"model":"m" }');
  });
});
