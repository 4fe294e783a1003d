import {
  createResponseFold,
  type EncodeContext,
  type ModelRequest,
  type Quirks,
  responseEvents,
} from '@signalbox/core';
import { describe, expect, test } from 'vitest';
import { openaiChat } from '../../src/index.ts';

const { client, server } = openaiChat;
const served = { model: 'asked-for', createId: () => 'made-up', now: () => 5000, includeUsage: true };

function encode(request: Partial<ModelRequest>, quirks: Quirks = {}) {
  const context: EncodeContext = { model: 'm', stream: false, provider: 'acme', quirks };
  return client.encodeRequest({ system: [], messages: [], ...request }, context);
}

describe('figures of usage that the canonical form has no place for', () => {
  const usage = {
    prompt_tokens: 5,
    completion_tokens: 3,
    total_tokens: 8,
    cost: 0.25,
    prompt_tokens_details: { cached_tokens: 1, audio_tokens: 0, video_tokens: 2 },
    completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 0, rejected_prediction_tokens: 1 },
  };
  const body = {
    id: 'c',
    model: 'm',
    choices: [{ index: 0, message: { content: 'Hi' }, finish_reason: 'stop' }],
    usage,
  };

  test('go back to a caller of the format', () => {
    const response = client.decodeResponse(body, { provider: 'acme' });
    expect(server.encodeResponse(response, served).usage).toEqual(usage);
  });

  test('go back in the last chunk of a stream', () => {
    const encoder = server.createStreamEncoder(served);
    const events = [...responseEvents(client.decodeResponse(body, { provider: 'acme' }))];
    const text = events.map((event) => encoder.encode(event)).join('');
    const chunks = text.split('\n\n').filter((chunk) => chunk.includes('"usage":{'));
    expect(chunks.map((chunk) => JSON.parse(chunk.replace('data: ', '')).usage)).toEqual([usage]);
  });
});

test('reasoning that comes under its name and again in details is read once', () => {
  const decoder = client.createStreamDecoder({ provider: 'acme' });
  const fold = createResponseFold();
  const details = [{ type: 'reasoning.text', text: 'Hm.', signature: 's' }];
  for (const delta of [{ reasoning_content: 'Hm.' }, { content: 'Yes' }, { reasoning_details: details }]) {
    const data = JSON.stringify({ id: 'c', choices: [{ index: 0, delta }] });
    for (const event of decoder.decode({ raw: new Uint8Array(), data })) fold.add(event);
  }
  const end = JSON.stringify({ id: 'c', choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] });
  for (const event of decoder.decode({ raw: new Uint8Array(), data: end })) fold.add(event);
  expect(fold.response().parts).toEqual([
    { type: 'reasoning', text: 'Hm.' },
    { type: 'text', text: 'Yes' },
  ]);
});

test('a signature of Google’s on a call goes to the caller where Google’s own endpoint has it', () => {
  const call = {
    id: 'a',
    type: 'function',
    function: { name: 'f', arguments: '{}' },
    extra_content: { google: { thought_signature: 'c2ln' } },
  };
  const message = { role: 'assistant', content: null, tool_calls: [call] };
  const body = { id: 'c', model: 'm', choices: [{ index: 0, message, finish_reason: 'tool_calls' }] };
  const response = client.decodeResponse(body, { provider: 'google' });
  const [choice] = server.encodeResponse(response, served).choices as { message: { tool_calls: unknown } }[];
  expect(choice?.message.tool_calls).toEqual([call]);
});

test('calls and results without an id, as some endpoints make them, are taken from a caller and given back', () => {
  const messages = [
    { role: 'user', content: 'x' },
    {
      role: 'assistant',
      content: null,
      tool_calls: [{ id: '', type: 'function', function: { name: 'f', arguments: '{}' } }],
    },
    { role: 'tool', tool_call_id: '', content: '1' },
  ];
  const request = server.decodeRequest({ model: 'm', messages }, '/v1/chat/completions');
  expect(encode(request).body.messages).toEqual(messages);
});

test('a text behind a part of another kind is a text of its own', () => {
  const decoder = client.createStreamDecoder({ provider: 'acme' });
  const fold = createResponseFold();
  const reference = { type: 'reference', reference_ids: [1] };
  for (const content of ['a', [reference], 'b', 'c']) {
    const data = JSON.stringify({ id: 'c', choices: [{ index: 0, delta: { content } }] });
    for (const event of decoder.decode({ raw: new Uint8Array(), data })) fold.add(event);
  }
  expect(fold.response().parts).toEqual([
    { type: 'text', text: 'a' },
    { type: 'opaque', format: 'openai-chat', value: reference },
    { type: 'text', text: 'bc' },
  ]);
});

describe('notes', () => {
  test('say that an id of a tool call is respelled', () => {
    const id = 'x'.repeat(41);
    const { notes } = encode({
      messages: [
        { role: 'assistant', parts: [{ type: 'tool-call', id, name: 'f', arguments: '{}' }] },
        { role: 'user', parts: [{ type: 'tool-result', callId: id, content: [] }] },
      ],
    });
    expect(notes.map(({ field, action }) => [field, action])).toEqual([
      ['messages[0].parts[0].id', 'mapped'],
      ['messages[1].parts[0].callId', 'mapped'],
    ]);
  });

  test('name each stop sequence that is too many', () => {
    const { notes } = encode({ stopSequences: ['a', 'b', 'c', 'd', 'e', 'f'] });
    expect(notes.map((note) => note.field)).toEqual(['stopSequences[4]', 'stopSequences[5]']);
  });

  test('say that an effort speaks for the mode', () => {
    expect(encode({ reasoning: { mode: 'adaptive', effort: 'low' } }).notes).toEqual([
      { field: 'reasoning.mode', action: 'mapped', reason: 'the effort says it' },
    ]);
    const fields = encode({ reasoning: { mode: 'on', budgetTokens: 2000 } }).notes.map((note) => note.field);
    expect(fields).toEqual(['reasoning.mode', 'reasoning.budgetTokens']);
  });

  test('say that cache marks of tool calls and results stay behind, and marks go where they are taken', () => {
    const messages: ModelRequest['messages'] = [
      { role: 'assistant', parts: [{ type: 'tool-call', id: 'a', name: 'f', arguments: '{}', cache: {} }] },
      {
        role: 'user',
        parts: [{ type: 'tool-result', callId: 'a', content: [{ type: 'text', text: '1' }], cache: { ttl: '5m' } }],
      },
    ];
    expect(encode({ messages }).notes.map(({ field, action }) => [field, action])).toEqual([
      ['messages[0].parts[0].cache', 'approximated'],
      ['messages[1].parts[0].cache', 'approximated'],
    ]);
    const marked = encode({ messages }, { cacheMarks: 'cache_control' }).body.messages as { content: unknown }[];
    expect(marked[1]?.content).toEqual([{ type: 'text', text: '1', cache_control: { type: 'ephemeral', ttl: '5m' } }]);
  });
});
