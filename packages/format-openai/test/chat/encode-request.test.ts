import {
  asArray,
  type Capabilities,
  type JsonObject,
  type Message,
  type ModelRequest,
  type Part,
  type Quirks,
} from '@signalbox/core';
import { describe, expect, test } from 'vitest';
import { openaiChat } from '../../src/index.ts';

const user = (...parts: Part[]): Message => ({ role: 'user', parts });
const text = (value: string) => ({ type: 'text', text: value }) as const;

function encode(
  request: Partial<ModelRequest>,
  context: { quirks?: Quirks; capabilities?: Capabilities; stream?: boolean; reasoningEfforts?: string[] } = {},
) {
  return openaiChat.client.encodeRequest(
    { system: [], messages: [user(text('Hi'))], ...request },
    { model: 'gpt-5.4', provider: 'openai', stream: false, quirks: {}, ...context },
  );
}

const fields = (encoded: { notes: readonly { field: string; action: string }[] }) =>
  encoded.notes.map((note) => `${note.action} ${note.field}`);

describe('a request to a Chat Completions endpoint', () => {
  test('is as small as what was asked', () => {
    expect(encode({})).toEqual({
      path: '/chat/completions',
      headers: {},
      body: { model: 'gpt-5.4', messages: [{ role: 'user', content: 'Hi' }] },
      notes: [],
    });
  });

  test('a stream always asks for usage, and keeps the stream options that the caller set', () => {
    const extensions = { 'openai-chat': { stream_options: { include_obfuscation: false } } };
    expect(encode({ extensions, streamUsage: false }, { stream: true }).body).toMatchObject({
      stream: true,
      stream_options: { include_obfuscation: false, include_usage: true },
    });
    expect(encode({}, { stream: true, quirks: { streamUsage: false } }).body.stream_options).toBeUndefined();
  });

  test('system texts of another format become one system message', () => {
    expect(encode({ system: [text('Be brief.'), text('Be kind.')] }).body.messages).toEqual([
      { role: 'system', content: 'Be brief.\n\nBe kind.' },
      { role: 'user', content: 'Hi' },
    ]);
  });

  test('a developer message of a caller stays one, unless the endpoint has no such role', () => {
    const { system } = openaiChat.server.decodeRequest(
      {
        messages: [
          { role: 'developer', content: 'Be brief.' },
          { role: 'user', content: 'Hi' },
        ],
      },
      '/v1/chat/completions',
    );
    expect(encode({ system }).body.messages).toMatchObject([{ role: 'developer', content: 'Be brief.' }, {}]);
    const mapped = encode({ system }, { quirks: { developerRole: false } });
    expect(mapped.body.messages).toMatchObject([{ role: 'system', content: 'Be brief.' }, {}]);
    expect(fields(mapped)).toEqual(['mapped system[0].role']);
  });

  test('media go as data URLs, links, file ids and audio', () => {
    const { body, notes } = encode({
      messages: [
        user(
          text('Look:'),
          { type: 'image', source: { kind: 'base64', mediaType: 'image/png', data: 'AAAA' }, detail: 'low' },
          { type: 'image', source: { kind: 'url', url: 'https://example.org/a.png' } },
          { type: 'document', source: { kind: 'base64', mediaType: 'application/pdf', data: 'BBBB' }, title: 'a.pdf' },
          { type: 'document', source: { kind: 'file', fileId: 'file-1' } },
          { type: 'audio', source: { kind: 'base64', mediaType: 'audio/mpeg', data: 'CCCC' } },
        ),
      ],
    });
    expect(notes).toEqual([]);
    expect(body.messages).toEqual([
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Look:' },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA', detail: 'low' } },
          { type: 'image_url', image_url: { url: 'https://example.org/a.png' } },
          { type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,BBBB' } },
          { type: 'file', file: { file_id: 'file-1' } },
          { type: 'input_audio', input_audio: { data: 'CCCC', format: 'mp3' } },
        ],
      },
    ]);
  });

  test('what this format has no place for is reported, each thing by its name', () => {
    const encoded = encode({
      messages: [
        user(
          text('Hi'),
          { type: 'video', source: { kind: 'url', url: 'https://example.org/a.mp4' } },
          { type: 'document', source: { kind: 'url', url: 'https://example.org/a.pdf' } },
          { type: 'document', source: { kind: 'text', text: 'The notes.' }, title: 'Notes', context: 'old' },
          { type: 'opaque', format: 'anthropic-messages', value: { type: 'search_result' } },
          { type: 'text', text: 'marked', cache: { ttl: '1h' }, extensions: { gemini: { thought: true } } },
        ),
      ],
      tools: [{ type: 'opaque', format: 'anthropic-messages', value: { type: 'web_search_20260318' } }],
      toolChoice: { type: 'auto' },
      sampling: { topK: 5, temperature: 0.5 },
      extensions: { 'anthropic-messages': { context_management: {} } },
    });
    expect(encoded.body).toEqual({
      model: 'gpt-5.4',
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'Hi' },
            { type: 'text', text: '[video left out]' },
            { type: 'text', text: '[document left out]' },
            { type: 'text', text: 'Notes\n\nThe notes.' },
            { type: 'text', text: 'marked' },
          ],
        },
      ],
      temperature: 0.5,
    });
    expect(fields(encoded).toSorted()).toEqual([
      'approximated messages[0].parts[3]',
      'approximated messages[0].parts[5].cache',
      'dropped extensions.anthropic-messages.context_management',
      'dropped messages[0].parts[1]',
      'dropped messages[0].parts[2]',
      'dropped messages[0].parts[3].context',
      'dropped messages[0].parts[4]',
      'dropped messages[0].parts[5].extensions.gemini.thought',
      'dropped sampling.topK',
      'dropped toolChoice',
      'dropped tools[0]',
    ]);
  });

  test('parts, tools and fields of this format go back out as they came', () => {
    const { body, notes } = encode({
      messages: [user({ type: 'opaque', format: 'openai-chat', value: { type: 'document_url', document_url: 'x' } })],
      tools: [{ type: 'opaque', format: 'openai-chat', value: { type: 'custom', custom: { name: 'sql' } } }],
      toolChoice: { type: 'opaque', format: 'openai-chat', value: { type: 'custom', custom: { name: 'sql' } } },
      extensions: { 'openai-chat': { verbosity: 'low' } },
      providerOptions: { openai: { store: true }, mistral: { safe_prompt: true } },
    });
    expect(notes).toEqual([]);
    expect(body).toEqual({
      model: 'gpt-5.4',
      messages: [{ role: 'user', content: [{ type: 'document_url', document_url: 'x' }] }],
      tools: [{ type: 'custom', custom: { name: 'sql' } }],
      tool_choice: { type: 'custom', custom: { name: 'sql' } },
      verbosity: 'low',
      store: true,
    });
  });

  test('tool results follow their calls; images in them come after the last one, in a user message', () => {
    const image = { type: 'image', source: { kind: 'url', url: 'https://example.org/a.png' } } as const;
    const encoded = encode({
      messages: [
        {
          role: 'assistant',
          parts: [
            text('I look.'),
            { type: 'tool-call', id: 'a', name: 'shot', arguments: '' },
            { type: 'tool-call', id: 'b', name: 'run', arguments: '{"x":1}' },
          ],
        },
        user({ type: 'tool-result', callId: 'a', content: [image] }),
        user({ type: 'tool-result', callId: 'b', content: [text('no such file')], isError: true }, text('Go on.')),
      ],
    });
    expect(encoded.body.messages).toEqual([
      {
        role: 'assistant',
        content: 'I look.',
        tool_calls: [
          { id: 'a', type: 'function', function: { name: 'shot', arguments: '{}' } },
          { id: 'b', type: 'function', function: { name: 'run', arguments: '{"x":1}' } },
        ],
      },
      { role: 'tool', tool_call_id: 'a', content: '(see the attachment in the next message)' },
      { role: 'tool', tool_call_id: 'b', content: 'Error: no such file' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Attached to the result of tool call a:' },
          { type: 'image_url', image_url: { url: 'https://example.org/a.png' } },
        ],
      },
      { role: 'user', content: 'Go on.' },
    ]);
    expect(fields(encoded)).toEqual([
      'approximated messages[1].parts[0].content[0]',
      'approximated messages[2].parts[0].isError',
    ]);
  });

  test('reasoning stays behind unless the endpoint wants it; signatures always do', () => {
    const reasoning: Message = {
      role: 'assistant',
      parts: [
        { type: 'reasoning', text: 'Hm.', signature: { issuer: 'anthropic', value: 'secret' } },
        { type: 'text', text: 'Yes.' },
        { type: 'tool-call', id: 'a', name: 'f', arguments: '{}', signature: { issuer: 'google', value: 'secret' } },
      ],
      extensions: { 'openai-chat': { reasoning_details: [{ signature: 'secret' }] } },
    };
    const answered = user({ type: 'tool-result', callId: 'a', content: [] });
    const messages = [reasoning, answered];
    const plain = encode({ messages });
    expect(JSON.stringify(plain.body)).not.toMatch(/secret|Hm\./);
    expect(fields(plain)).toEqual([
      'dropped messages[0].parts[0]',
      'approximated messages[0].parts[2].signature',
      'dropped messages[0].extensions.openai-chat.reasoning_details',
    ]);
    const wanted = encode({ messages }, { quirks: { reasoningField: 'reasoning_content' } });
    expect(wanted.body.messages).toMatchObject([{ reasoning_content: 'Hm.', content: 'Yes.' }, {}]);
    expect(JSON.stringify(wanted.body)).not.toMatch(/secret/);
    expect(fields(wanted)).toContain('dropped messages[0].parts[0].signature');
  });

  test('a signature goes back to its own issuer', () => {
    const call: Part = {
      type: 'tool-call',
      id: 'a',
      name: 'f',
      arguments: '{}',
      signature: { issuer: 'openai', value: 's' },
    };
    const answered = user({ type: 'tool-result', callId: 'a', content: [] });
    const { body, notes } = encode({ messages: [{ role: 'assistant', parts: [call] }, answered] });
    const [turn] = asArray(body.messages);
    expect(turn).toMatchObject({ tool_calls: [{ extra_content: { google: { thought_signature: 's' } } }] });
    expect(notes).toEqual([]);
  });

  test('tools, choices and limits have their own names', () => {
    const { body, notes } = encode({
      tools: [{ type: 'function', name: 'f', description: 'd', parameters: { type: 'object' }, strict: true }],
      toolChoice: { type: 'allowed', mode: 'required', names: ['f'] },
      parallelToolCalls: false,
      output: { type: 'json-schema', schema: { type: 'object' }, strict: true },
      maxOutputTokens: 100,
      stopSequences: ['END'],
      candidateCount: 2,
      logprobs: { alternatives: 3 },
      sampling: { temperature: 0, topP: 0.9, frequencyPenalty: 1, presencePenalty: -1, seed: 7 },
      userId: 'u',
      promptCacheKey: 'k',
      serviceTier: 'standard_only',
    });
    expect(body).toEqual({
      model: 'gpt-5.4',
      messages: [{ role: 'user', content: 'Hi' }],
      tools: [
        {
          type: 'function',
          function: { name: 'f', description: 'd', parameters: { type: 'object', properties: {} }, strict: true },
        },
      ],
      tool_choice: {
        type: 'allowed_tools',
        allowed_tools: { mode: 'required', tools: [{ type: 'function', function: { name: 'f' } }] },
      },
      parallel_tool_calls: false,
      response_format: {
        type: 'json_schema',
        json_schema: { name: 'response', schema: { type: 'object' }, strict: true },
      },
      temperature: 0,
      top_p: 0.9,
      frequency_penalty: 1,
      presence_penalty: -1,
      seed: 7,
      logprobs: true,
      top_logprobs: 3,
      max_completion_tokens: 100,
      stop: ['END'],
      n: 2,
      service_tier: 'default',
      safety_identifier: 'u',
      prompt_cache_key: 'k',
    });
    expect(notes.map((note) => note.field)).toEqual(['serviceTier']);
  });

  test('a schema has the type and the properties without which OpenAI refuses it', () => {
    const parametersOf = (parameters: JsonObject) =>
      encode({ tools: [{ type: 'function', name: 'f', parameters }] }).body.tools;
    const sent = (parameters: JsonObject) => [{ type: 'function', function: { name: 'f', parameters } }];
    expect(parametersOf({ type: 'object' })).toEqual(sent({ type: 'object', properties: {} }));
    expect(parametersOf({ required: ['a'] })).toEqual(sent({ required: ['a'], type: 'object', properties: {} }));
    const whole = { type: 'object', properties: { a: { type: 'string' } } };
    expect(parametersOf(whole)).toEqual(sent(whole));
  });

  test('JSON mode comes with the word that it wants, and a schema that has no place with its text', () => {
    const schema = { type: 'object', properties: { a: { type: 'string' } } };
    const first = (request: Partial<ModelRequest>, quirks: Quirks = {}) => encode(request, { quirks }).body.messages;
    const added = { role: 'system', content: 'Answer with a single valid JSON value and nothing else.' };
    expect(first({ output: { type: 'json' } })).toEqual([added, { role: 'user', content: 'Hi' }]);
    const says = [user(text('List them as json.'))];
    expect(first({ output: { type: 'json' }, messages: says })).toHaveLength(1);
    const output = { type: 'json-schema', schema } as const;
    expect(first({ output })).toHaveLength(1);
    expect(first({ output }, { jsonSchema: false })).toMatchObject([
      { role: 'system', content: expect.stringContaining(JSON.stringify(schema)) },
      { role: 'user' },
    ]);
  });

  test('a choice of a tool that the provider of another format runs is left out and reported', () => {
    const search = {
      type: 'opaque',
      format: 'anthropic-messages',
      value: { type: 'web_search_20250305', name: 'web_search' },
      webSearch: {},
    } as const;
    const toolChoice = { type: 'tool', name: 'web_search' } as const;
    const { body, notes } = encode({ tools: [search, { type: 'function', name: 'f' }], toolChoice });
    expect(body).not.toHaveProperty('tool_choice');
    expect(notes).toContainEqual(expect.objectContaining({ action: 'dropped', field: 'toolChoice' }));
    // A function of the caller's own that has the same name is meant before it.
    const own = encode({ tools: [search, { type: 'function', name: 'web_search' }], toolChoice });
    expect(own.body.tool_choice).toEqual({ type: 'function', function: { name: 'web_search' } });
  });

  test('a model without sampling parameters gets none, and what would have changed the answer is reported', () => {
    const encoded = encode(
      {
        sampling: { temperature: 1, topP: 0.5, presencePenalty: 0, seed: 7 },
        stopSequences: ['END'],
        logprobs: { alternatives: 0 },
      },
      { capabilities: { temperature: false } },
    );
    expect(encoded.body).toEqual({ model: 'gpt-5.4', messages: [{ role: 'user', content: 'Hi' }], seed: 7 });
    expect(fields(encoded)).toEqual(['dropped sampling.topP', 'dropped logprobs', 'approximated stopSequences']);
  });

  test.each([
    [{ effort: 'high' } as const, undefined, 'high', []],
    [{ effort: 'max' } as const, ['low', 'medium', 'high'], 'high', ['approximated reasoning.effort']],
    [{ effort: 'none' } as const, ['minimal', 'low'], 'minimal', ['approximated reasoning.effort']],
    [{ budgetTokens: 2000 }, undefined, 'low', ['approximated reasoning.budgetTokens']],
    [{ budgetTokens: 8000 }, undefined, 'medium', ['approximated reasoning.budgetTokens']],
    [{ budgetTokens: 32_000 }, undefined, 'high', ['approximated reasoning.budgetTokens']],
    [{ mode: 'off' } as const, ['none', 'low'], 'none', []],
    [{ mode: 'off' } as const, undefined, undefined, ['dropped reasoning.mode']],
    [{ mode: 'adaptive' } as const, undefined, undefined, ['mapped reasoning.mode']],
  ])('reasoning %j with efforts %j becomes %j', (reasoning, reasoningEfforts, effort, notes) => {
    const encoded = encode({ reasoning }, reasoningEfforts === undefined ? {} : { reasoningEfforts });
    expect(encoded.body.reasoning_effort).toBe(effort);
    expect(fields(encoded)).toEqual(notes);
  });

  test('a model that does not reason is not asked to', () => {
    const encoded = encode({ reasoning: { effort: 'high' } }, { capabilities: { reasoning: false } });
    expect(encoded.body.reasoning_effort).toBeUndefined();
    expect(fields(encoded)).toEqual(['dropped reasoning']);
    expect(encode({ reasoning: { mode: 'off' } }, { capabilities: { reasoning: false } }).notes).toEqual([]);
  });

  test.each<[Quirks, Partial<ModelRequest>, object]>([
    [{ maxTokensField: 'max_tokens' }, { maxOutputTokens: 9 }, { max_tokens: 9 }],
    [{ userField: 'user' }, { userId: 'u' }, { user: 'u' }],
    [{ seedField: 'random_seed' }, { sampling: { seed: 1 } }, { random_seed: 1 }],
    [{ requiredToolChoice: 'any' }, { toolChoice: { type: 'required' } }, { tool_choice: 'any' }],
    [
      { jsonSchema: false },
      { output: { type: 'json-schema', schema: {} } },
      { response_format: { type: 'json_object' } },
    ],
    [{ reasoningParameter: 'thinking' }, { reasoning: { mode: 'off' } }, { thinking: { type: 'disabled' } }],
    [{ reasoningParameter: 'enable_thinking' }, { reasoning: { mode: 'on' } }, { enable_thinking: true }],
    [
      { reasoningParameter: 'enable_thinking' },
      { reasoning: { budgetTokens: 900 } },
      { enable_thinking: true, thinking_budget: 900 },
    ],
    [
      { jsonObject: false },
      { output: { type: 'json' } },
      { response_format: { type: 'json_schema', json_schema: { schema: { type: 'object' } } } },
    ],
    [{ reasoningParameter: 'reasoning' }, { reasoning: { budgetTokens: 9 } }, { reasoning: { max_tokens: 9 } }],
    [{ topK: true, minP: true }, { sampling: { topK: 1, minP: 0.1 } }, { top_k: 1, min_p: 0.1 }],
    [
      { contentParts: false },
      { messages: [user(text('a'), text('b'))] },
      { messages: [{ role: 'user', content: 'a\n\nb' }] },
    ],
    [
      { cacheMarks: 'cache_control' },
      { messages: [user({ type: 'text', text: 'a', cache: { ttl: '5m' } })] },
      {
        messages: [
          { role: 'user', content: [{ type: 'text', text: 'a', cache_control: { type: 'ephemeral', ttl: '5m' } }] },
        ],
      },
    ],
  ])('the quirk %j is heeded', (quirks, request, expected) => {
    expect(encode(request, { quirks }).body).toMatchObject(expected);
  });

  test('a switch of reasoning brings the effort along where the model knows efforts', () => {
    const quirks = { reasoningParameter: 'thinking' };
    const graded = encode({ reasoning: { effort: 'low' } }, { quirks, reasoningEfforts: ['high', 'max'] });
    expect(graded.body).toMatchObject({ thinking: { type: 'enabled' }, reasoning_effort: 'high' });
    const plain = encode({ reasoning: { effort: 'low' } }, { quirks });
    expect(plain.body).toMatchObject({ thinking: { type: 'enabled' } });
    expect(plain.body.reasoning_effort).toBeUndefined();
    expect(fields(plain)).toEqual(['approximated reasoning.effort']);
    const off = encode({ reasoning: { effort: 'none' } }, { quirks, reasoningEfforts: ['high', 'max'] });
    expect(off.body).toMatchObject({ thinking: { type: 'disabled' } });
    expect(off.body.reasoning_effort).toBeUndefined();
  });

  test('where no tool can be named, only that tool is offered; where none can be forced, the note says so', () => {
    const tools = ['a', 'b'].map((name) => ({ type: 'function', name, parameters: { type: 'object' } }) as const);
    const request = { tools, toolChoice: { type: 'tool', name: 'b' } } as const;
    const offered = encode(request, { quirks: { namedToolChoice: false } });
    expect(offered.body).toMatchObject({ tool_choice: 'required', tools: [{ function: { name: 'b' } }] });
    expect(fields(offered)).toEqual(['mapped toolChoice']);
    const unforced = encode({ tools, toolChoice: { type: 'required' } }, { quirks: { requiredToolChoice: 'auto' } });
    expect(unforced.body.tool_choice).toBe('auto');
    expect(fields(unforced)).toEqual(['approximated toolChoice']);
  });

  test('fields that an endpoint refuses stay behind and are reported; what the caller meant for it alone goes', () => {
    const request: Partial<ModelRequest> = {
      logprobs: { alternatives: 2 },
      sampling: { presencePenalty: 0.5, temperature: 0.5 },
      stopSequences: ['.'],
      messages: [{ role: 'user', name: 'ada', parts: [text('Hi')] }],
      extensions: { 'openai-chat': { metadata: { a: 'b' } } },
      providerOptions: { openai: { logit_bias: { 5: 1 } } },
    };
    const refused = encode(request, {
      quirks: { refusedFields: 'logprobs top_logprobs logit_bias', messageNames: false },
    });
    expect(refused.body).toMatchObject({ presence_penalty: 0.5, metadata: { a: 'b' }, logit_bias: { 5: 1 } });
    expect(refused.body.top_logprobs).toBeUndefined();
    expect(refused.body.messages).toEqual([{ role: 'user', content: 'Hi' }]);
    expect(fields(refused)).toEqual(['dropped messages[0].name', 'dropped logprobs']);
    const strict = encode(request, { quirks: { knownFields: 'model messages temperature' } });
    expect(Object.keys(strict.body)).toEqual(['model', 'messages', 'temperature', 'logit_bias']);
    expect(fields(strict)).toContain('dropped extensions.openai-chat.metadata');
    const quirks = { reasoningRefusedFields: 'presence_penalty stop' };
    const reasons = encode(request, { quirks, capabilities: { reasoning: true } });
    expect(fields(reasons)).toEqual(['dropped sampling.presencePenalty', 'approximated stopSequences']);
    expect(encode(request, { quirks, capabilities: {} }).notes).toEqual([]);
  });

  test('ids of tool calls are spelled as the endpoint takes them, calls and results alike', () => {
    const messages: Message[] = [
      { role: 'assistant', parts: [{ type: 'tool-call', id: 'toolu_01ABCDEF', name: 'f', arguments: '{}' }] },
      user({ type: 'tool-result', callId: 'toolu_01ABCDEF', content: [text('ok')] }),
    ];
    const { body } = encode({ messages }, { quirks: { toolCallIdLength: 9 } });
    const [call, result] = body.messages as unknown as [{ tool_calls: { id: string }[] }, { tool_call_id: string }];
    expect(call.tool_calls[0]?.id).toMatch(/^[A-Za-z0-9]{9}$/);
    expect(result.tool_call_id).toBe(call.tool_calls[0]?.id);
    expect(encode({ messages }, { quirks: { toolCallIdLength: 9 } }).body).toEqual(body);
  });

  test('identifiers beyond the limit become digests, stop sequences are left to the router, and both are reported', () => {
    const encoded = encode({ userId: 'u'.repeat(65), stopSequences: ['1', '2', '3', '4', '5'] });
    expect(encoded.body).toMatchObject({ stop: ['1', '2', '3', '4'] });
    expect(encoded.body.safety_identifier).toMatch(/^[\w-]{40}$/);
    expect(fields(encoded)).toEqual(['approximated stopSequences[4]', 'approximated userId']);
  });

  test('several answers are asked for, in a stream too', () => {
    const encoded = encode({ candidateCount: 3 }, { stream: true });
    expect(encoded.body.n).toBe(3);
    expect(fields(encoded)).toEqual([]);
  });
});

test("calls of an endpoint's own functions go back under their own name and type", () => {
  const name = '$web_search';
  const body = {
    model: 'kimi-k2',
    messages: [
      { role: 'user', content: 'Look.' },
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: 'a', type: 'builtin_function', function: { name, arguments: '{}' } }],
      },
      { role: 'tool', tool_call_id: 'a', name, content: '{}' },
    ],
    tools: [{ type: 'builtin_function', function: { name } }],
  };
  const encoded = encode(openaiChat.server.decodeRequest(body, ''));
  expect(encoded.body).toMatchObject({ messages: body.messages, tools: body.tools });
  expect(encoded.notes).toEqual([]);
});

test('a call of a tool that is not offered is told of where its name is not taken', () => {
  const call = { type: 'tool-call', id: 'a', name: 'files.read', arguments: '{}' } as const;
  const result = { type: 'tool-result', callId: 'a', content: [text('x')] } as const;
  const encoded = encode({ messages: [user(text('Hi')), { role: 'assistant', parts: [call] }, user(result)] });
  expect(fields(encoded)).toEqual(['mapped messages[1].parts[0].name']);
});
