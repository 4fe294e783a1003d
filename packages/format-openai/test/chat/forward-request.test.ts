import { RouterError, wholeBytes } from '@signalbox/core';
import { describe, expect, test } from 'vitest';
import { openaiChat } from '../../src/index.ts';

const { server } = openaiChat;

function forward(text: string, model = 'gpt-5.4') {
  const body = new TextEncoder().encode(text);
  const head = server.scanHead(body, '/v1/chat/completions');
  const forwarded = server.forwardRequest(body, head, model, '/v1/chat/completions');
  return { ...forwarded, text: new TextDecoder().decode(wholeBytes(forwarded.body)), same: forwarded.body === body };
}

describe('a forwarded request', () => {
  test('keeps every byte but the model', () => {
    const forwarded = forward('{ "messages": [{"content":"é \\u00e9 \\"model\\":"}],\n "model" : "auto", "x": 1.0 }');
    expect(forwarded.text).toBe(
      '{ "messages": [{"content":"é \\u00e9 \\"model\\":"}],\n "model" : "gpt-5.4", "x": 1.0 }',
    );
    expect(forwarded).toMatchObject({ path: '/chat/completions', hideUsage: false });
  });

  test('is the same bytes where nothing changes', () => {
    expect(forward('{"model":"gpt-5.4"}').same).toBe(true);
    expect(forward('{"model":"gpt-5.4","stream":true,"stream_options":{"include_usage":true}}').same).toBe(true);
  });

  test.each([
    ['{"model":"a","stream":true}', '{"stream_options":{"include_usage":true},"model":"b","stream":true}'],
    [
      '{"model":"a","stream":true,"stream_options":null}',
      '{"model":"b","stream":true,"stream_options":{"include_usage":true}}',
    ],
    [
      '{"stream":true,"stream_options": { },"model":"a"}',
      '{"stream":true,"stream_options": {"include_usage":true },"model":"b"}',
    ],
    [
      '{"stream_options":{"include_obfuscation":false},"stream":true,"model":"a"}',
      '{"stream_options":{"include_usage":true,"include_obfuscation":false},"stream":true,"model":"b"}',
    ],
    [
      '{"stream":true,"stream_options":{"include_usage" : false,"x":1},"model":"a"}',
      '{"stream":true,"stream_options":{"include_usage" : true,"x":1},"model":"b"}',
    ],
  ])('a stream asks for usage: %s', (text, expected) => {
    const forwarded = forward(text, 'b');
    expect(forwarded.text).toBe(expected);
    expect(forwarded.hideUsage).toBe(true);
  });

  test('a body without a model gets one', () => {
    expect(forward('{"messages":[]}', 'b').text).toBe('{"model":"b","messages":[]}');
    expect(forward('{ }', 'b').text).toBe('{"model":"b" }');
  });

  test.each(['{"stream":true,"stream_options":{},"stream_options":{}}', '{"stream":true,"stream_options":5}'])(
    'a body that readers would read differently is refused: %s',
    (text) => {
      try {
        forward(text);
        expect.unreachable();
      } catch (error) {
        expect(RouterError.is(error) && error.parameter).toBe('stream_options');
      }
    },
  );
});
