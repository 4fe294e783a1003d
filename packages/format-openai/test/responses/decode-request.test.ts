import { type JsonObject, RouterError, wholeBytes } from '@signalbox/core';
import { describe, expect, test } from 'vitest';
import { openaiResponses, serverState } from '../../src/index.ts';

const decode = (body: JsonObject) => openaiResponses.server.decodeRequest(body, '/v1/responses');
const own = (fields: JsonObject) => ({ extensions: { 'openai-responses': fields } });
/** What says nothing to other formats. */
const form = (fields: JsonObject) => ({ extensions: { 'openai-responses/form': fields } });

function encodeBack(body: JsonObject) {
  const { body: encoded, notes } = openaiResponses.client.encodeRequest(decode(body), {
    model: 'm',
    stream: body.stream === true,
    provider: 'openai',
    quirks: {},
  });
  expect(notes).toEqual([]);
  return encoded;
}

describe('the input', () => {
  test('may be a string: what a user says', () => {
    expect(decode({ model: 'm', input: 'Hello' })).toEqual({
      model: 'm',
      system: [],
      messages: [{ role: 'user', parts: [{ type: 'text', text: 'Hello' }] }],
      ...own({}),
    });
  });

  test('begins with the system prompt: instructions, then messages of system and developer', () => {
    const { system, messages } = decode({
      instructions: 'Be brief.',
      input: [
        { role: 'developer', content: 'Be kind.' },
        { type: 'message', role: 'system', content: [{ type: 'input_text', text: 'Be true.' }] },
        { role: 'user', content: 'Hello' },
        { role: 'developer', content: 'Be quick.' },
      ],
    });
    expect(system).toEqual([
      { type: 'text', text: 'Be brief.' },
      { type: 'text', text: 'Be kind.', ...form({ message: { role: 'developer' } }) },
      { type: 'text', text: 'Be true.', ...form({ message: { role: 'system' } }) },
    ]);
    expect(messages.map(({ role }) => role)).toEqual(['user', 'system']);
    expect(messages[1]).toEqual({
      role: 'system',
      parts: [{ type: 'text', text: 'Be quick.' }],
      ...form({ role: 'developer' }),
    });
  });

  test('is a turn for all that the model said and did, and one for all results', () => {
    const { messages } = decode({
      input: [
        { role: 'user', content: [{ type: 'input_text', text: 'Both?' }] },
        { type: 'reasoning', id: 'rs_1', summary: [{ type: 'summary_text', text: 'Hm' }], encrypted_content: 'c2Vj' },
        {
          type: 'message',
          id: 'msg_1',
          role: 'assistant',
          status: 'completed',
          phase: 'commentary',
          content: [
            { type: 'output_text', text: 'I look.', annotations: [] },
            { type: 'refusal', refusal: 'Not all.' },
          ],
        },
        { type: 'function_call', id: 'fc_1', call_id: 'call_1', name: 'f', arguments: '{"a":1}', namespace: 'n' },
        { type: 'custom_tool_call', call_id: 'call_2', name: 'exec', input: 'ls' },
        { type: 'function_call_output', call_id: 'call_1', output: 'one' },
        {
          type: 'custom_tool_call_output',
          call_id: 'call_2',
          output: [{ type: 'input_image', image_url: 'data:image/png;base64,aGk=', detail: 'low' }],
        },
      ],
    });
    expect(messages).toEqual([
      { role: 'user', parts: [{ type: 'text', text: 'Both?' }] },
      {
        role: 'assistant',
        parts: [
          {
            type: 'reasoning',
            text: 'Hm',
            encrypted: { issuer: 'openai-responses', value: 'c2Vj' },
            ...form({ item: { id: 'rs_1' } }),
          },
          { type: 'text', text: 'I look.', ...form({ item: { id: 'msg_1', phase: 'commentary' } }) },
          { type: 'text', text: 'Not all.', refusal: true },
          { type: 'tool-call', id: 'call_1', name: 'f', arguments: '{"a":1}', namespace: 'n', ...form({ id: 'fc_1' }) },
          { type: 'tool-call', id: 'call_2', name: 'exec', arguments: 'ls', kind: 'custom' },
        ],
      },
      {
        role: 'user',
        parts: [
          { type: 'tool-result', callId: 'call_1', content: [{ type: 'text', text: 'one' }] },
          {
            type: 'tool-result',
            callId: 'call_2',
            kind: 'custom',
            content: [
              { type: 'image', source: { kind: 'base64', mediaType: 'image/png', data: 'aGk=' }, detail: 'low' },
            ],
          },
        ],
      },
    ]);
  });

  test.each<[JsonObject, object]>([
    [
      { type: 'input_image', image_url: 'https://a.b/c.png' },
      { type: 'image', source: { kind: 'url', url: 'https://a.b/c.png' } },
    ],
    [
      { type: 'input_image', file_id: 'file_1' },
      { type: 'image', source: { kind: 'file', fileId: 'file_1', owner: 'openai-responses' } },
    ],
    [
      { type: 'input_file', file_data: 'data:application/pdf;base64,aGk=', filename: 'a.pdf' },
      { type: 'document', source: { kind: 'base64', mediaType: 'application/pdf', data: 'aGk=' }, title: 'a.pdf' },
    ],
    [
      { type: 'input_file', file_url: 'https://a.b/c' },
      { type: 'document', source: { kind: 'url', url: 'https://a.b/c' } },
    ],
    [
      { type: 'input_file', file_id: 'file_1' },
      { type: 'document', source: { kind: 'file', fileId: 'file_1', owner: 'openai-responses' } },
    ],
    [
      { type: 'input_text', text: 'a', prompt_cache_breakpoint: { mode: 'explicit', ttl: '30m' } },
      { type: 'text', text: 'a', cache: { ttl: '30m' } },
    ],
    [
      { type: 'input_novelty', value: 1 },
      { type: 'opaque', format: 'openai-responses', value: { type: 'input_novelty', value: 1 } },
    ],
  ])('holds %j', (entry, part) => {
    expect(decode({ input: [{ role: 'user', content: [entry] }] }).messages[0]?.parts).toEqual([part]);
  });

  test.each<JsonObject>([
    { type: 'web_search_call', id: 'ws_1', status: 'completed', action: { type: 'search' } },
    { type: 'item_reference', id: 'msg_1' },
    { type: 'compaction', id: 'c_1', encrypted_content: 'c2Vj' },
    { type: 'shell_call_output', call_id: 'c', output: [] },
    { type: 'novelty', deep: { er: [1] } },
    { type: 'message', id: 'msg_1', role: 'assistant', content: [] },
  ])('keeps the item %j as it came', (item) => {
    const body = { model: 'm', input: [{ role: 'user', content: [{ type: 'input_text', text: 'Hello' }] }, item] };
    const parts = decode(body).messages.flatMap((message) => message.parts);
    expect(parts.at(-1)).toEqual({ type: 'opaque', format: 'openai-responses', value: item });
    expect(encodeBack(body)).toEqual(body);
  });

  test.each<[JsonObject, string]>([
    [{}, 'input'],
    [{ input: 7 }, 'input'],
    [{ input: ['text'] }, 'input[0]'],
    [{ input: [{ id: 'x' }] }, 'input[0].type'],
    [{ input: [{ role: 'tool', content: 'x' }] }, 'input[0].role'],
    [{ input: [{ role: 'user' }] }, 'input[0].content'],
    [{ input: [{ role: 'user', content: [{ type: 'input_text' }] }] }, 'input[0].content[0].text'],
    [{ input: [{ role: 'user', content: [{ type: 'input_image' }] }] }, 'input[0].content[0]'],
    [{ input: [{ type: 'function_call', name: 'f', arguments: '' }] }, 'input[0].call_id'],
    [{ input: [{ type: 'function_call_output', call_id: 'c' }] }, 'input[0].output'],
    [{ input: 'x', tools: [{ type: 'function' }] }, 'tools[0].name'],
    [{ input: 'x', tool_choice: 'maybe' }, 'tool_choice'],
    [{ input: 'x', text: { format: { type: 'xml' } } }, 'text.format.type'],
    [{ input: 'x', max_output_tokens: 0.5 }, 'max_output_tokens'],
    [{ input: 'x', temperature: 'hot' }, 'temperature'],
  ])('%j is refused with the field’s name', (body, field) => {
    try {
      decode(body);
      expect.unreachable();
    } catch (error) {
      expect(RouterError.is(error) && [error.kind, error.parameter]).toEqual(['invalid-request', field]);
    }
  });
});

describe('the settings', () => {
  test('have canonical words, and what has none is kept', () => {
    const request = decode({
      model: 'm',
      input: 'x',
      tools: [
        {
          type: 'function',
          name: 'f',
          description: 'd',
          parameters: { type: 'object' },
          strict: true,
          defer_loading: true,
        },
        { type: 'namespace', name: 'n', tools: [] },
      ],
      tool_choice: { type: 'allowed_tools', mode: 'required', tools: [{ type: 'function', name: 'f' }] },
      parallel_tool_calls: false,
      text: { format: { type: 'json_schema', name: 'n', schema: { type: 'object' }, strict: true }, verbosity: 'low' },
      reasoning: { effort: 'high', summary: 'auto', context: 'all_turns' },
      max_output_tokens: 100,
      temperature: 0.5,
      top_p: 0.9,
      top_logprobs: 3,
      user: 'u',
      prompt_cache_key: 'k',
      service_tier: 'flex',
      stream: true,
      store: false,
      metadata: { a: 'b' },
      client_metadata: { c: 'd' },
    });
    expect(request).toEqual({
      model: 'm',
      system: [],
      messages: [{ role: 'user', parts: [{ type: 'text', text: 'x' }] }],
      tools: [
        {
          type: 'function',
          name: 'f',
          description: 'd',
          parameters: { type: 'object' },
          strict: true,
          ...form({ defer_loading: true }),
        },
        { type: 'opaque', format: 'openai-responses', value: { type: 'namespace', name: 'n', tools: [] } },
      ],
      toolChoice: { type: 'allowed', mode: 'required', names: ['f'] },
      parallelToolCalls: false,
      output: { type: 'json-schema', name: 'n', schema: { type: 'object' }, strict: true },
      reasoning: { effort: 'high', display: 'summary' },
      maxOutputTokens: 100,
      sampling: { temperature: 0.5, topP: 0.9 },
      logprobs: { alternatives: 3 },
      userId: 'u',
      promptCacheKey: 'k',
      serviceTier: 'flex',
      stream: true,
      verbosity: 'low',
      extensions: {
        ...own({ metadata: { a: 'b' } }).extensions,
        ...form({ store: false, client_metadata: { c: 'd' }, reasoning: { context: 'all_turns' } }).extensions,
      },
    });
  });

  test.each<[unknown, object]>([
    ['auto', { type: 'auto' }],
    [
      { type: 'function', name: 'f' },
      { type: 'tool', name: 'f' },
    ],
    [
      { type: 'mcp', server_label: 's' },
      { type: 'opaque', format: 'openai-responses', value: { type: 'mcp', server_label: 's' } },
    ],
  ])('the tool choice %j', (choice, expected) => {
    expect(decode({ input: 'x', tool_choice: choice as string }).toolChoice).toEqual(expected);
  });

  test.each<JsonObject>([
    { reasoning: { effort: 'unheard-of', summary: 'concise' } },
    { reasoning: { effort: 'low', summary: 'detailed' } },
    { text: { format: { type: 'json_object' } } },
    { user: 'old', safety_identifier: 'new' },
    { safety_identifier: 'new' },
    { tools: [{ type: 'function', name: 'f', parameters: {} }], tool_choice: 'required' },
    { tools: [{ type: 'custom', name: 'exec', format: { type: 'grammar', syntax: 'lark', definition: 'a' } }] },
    { stream: true, stream_options: { include_obfuscation: false } },
    { previous_response_id: 'resp_1', store: true },
    { include: ['reasoning.encrypted_content'] },
  ])('%j comes back as it was', (fields) => {
    const body = { model: 'm', input: [{ role: 'user', content: [{ type: 'input_text', text: 'x' }] }], ...fields };
    expect(encodeBack(body)).toEqual(body);
  });

  test('an item that stands among leading system messages goes back to where it was', () => {
    const message = (role: string, text: string) => ({ role, content: [{ type: 'input_text', text }] });
    const tools = { type: 'additional_tools', role: 'developer', tools: [{ type: 'custom', name: 'exec' }] };
    const input = [
      tools,
      message('developer', 'a'),
      { ...tools, id: 'at_2' },
      message('system', 'b'),
      message('user', 'c'),
    ];
    expect(decode({ input }).system.map(({ text }) => text)).toEqual(['a', 'b']);
    expect(encodeBack({ model: 'm', input })).toEqual({ model: 'm', input });
  });
});

describe('what the provider keeps', () => {
  test.each<[JsonObject, string | undefined]>([
    [{ input: 'x', previous_response_id: 'resp_1' }, 'previous_response_id'],
    [{ previous_response_id: 'resp_1' }, 'previous_response_id'],
    [{ input: 'x', conversation: 'conv_1' }, 'conversation'],
    [{ prompt: { id: 'pmpt_1' } }, 'prompt'],
    [{ input: 'x', background: true }, 'background'],
    [{ input: [{ type: 'item_reference', id: 'msg_1' }] }, 'input.item_reference'],
    [{ input: 'x', background: false, previous_response_id: null }, undefined],
    [{ input: 'x', store: true }, undefined],
  ])('%j is said to need %s', (body, parameter) => {
    expect(serverState(decode(body))).toBe(parameter);
  });

  test('stands in the request, and its id in the head', () => {
    const state = { format: 'openai-responses', parameter: 'previous_response_id' };
    expect(decode({ input: 'x', previous_response_id: 'resp_1' }).serverState).toEqual(state);
    const head = (body: JsonObject) =>
      openaiResponses.server.scanHead(new TextEncoder().encode(JSON.stringify(body)), '/v1/responses').serverState;
    expect(head({ input: 'x', previous_response_id: 'resp_1' })).toEqual({ ...state, id: 'resp_1' });
    const conversation = { format: 'openai-responses', parameter: 'conversation', id: 'conv_1' };
    expect(head({ conversation: { id: 'conv_1' } })).toEqual(conversation);
    expect(head({ input: '"conversation":"x"', previous_response_id: null })).toBe(undefined);
  });

  test('is nothing in a request of another format', () => {
    expect(serverState({ system: [], messages: [] })).toBe(undefined);
  });
});

describe('the byte lane', () => {
  const forward = (text: string, model: string) => {
    const bytes = new TextEncoder().encode(text);
    const head = openaiResponses.server.scanHead(bytes, '/v1/responses');
    const forwarded = openaiResponses.server.forwardRequest(bytes, head, model, '/v1/responses');
    return { ...forwarded, body: new TextDecoder().decode(wholeBytes(forwarded.body)) };
  };

  test.each([
    ['{"input":"\\"model\\":1", "model" : "a","x":[ ]}', '{"input":"\\"model\\":1", "model" : "b","x":[ ]}'],
    ['{"prompt":{"id":"p"}}', '{"model":"b","prompt":{"id":"p"}}'],
    ['{ }', '{"model":"b" }'],
    ['{"model":"b"}', '{"model":"b"}'],
  ])('%s becomes %s', (before, after) => {
    expect(forward(before, 'b')).toEqual({ path: '/responses', body: after, hideUsage: false });
  });
});
