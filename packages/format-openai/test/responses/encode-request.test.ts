import { asArray, type EncodeContext, type ModelRequest, type Part } from '@signalbox/core';
import { describe, expect, test } from 'vitest';
import { openaiChat, openaiResponses } from '../../src/index.ts';

const context: EncodeContext = { model: 'm', stream: false, provider: 'openai', quirks: {} };
const base: ModelRequest = { system: [], messages: [{ role: 'user', parts: [{ type: 'text', text: 'x' }] }] };
const encode = (request: Partial<ModelRequest>, more: Partial<EncodeContext> = {}) =>
  openaiResponses.client.encodeRequest({ ...base, ...request }, { ...context, ...more });
const inputOf = (...messages: ModelRequest['messages']) => encode({ messages }).body.input;
const user = (...parts: Part[]) => ({ role: 'user' as const, parts });
const assistant = (...parts: Part[]) => ({ role: 'assistant' as const, parts });

describe('a request of another format', () => {
  test('leaves nothing with the provider', () => {
    expect(encode({})).toEqual({
      path: '/responses',
      headers: {},
      body: { model: 'm', input: [{ role: 'user', content: [{ type: 'input_text', text: 'x' }] }], store: false },
      notes: [],
    });
  });

  test('asks for encrypted reasoning where the model reasons', () => {
    const include = ['reasoning.encrypted_content'];
    expect(encode({}, { capabilities: { reasoning: true } }).body.include).toEqual(include);
    expect(encode({ reasoning: { effort: 'low' } }).body.include).toEqual(include);
    expect(encode({ reasoning: { effort: 'low' } }, { capabilities: { reasoning: false } }).body.include).toBe(
      undefined,
    );
    expect(encode({}, { capabilities: { reasoning: true }, quirks: { encryptedReasoning: false } }).body.include).toBe(
      undefined,
    );
  });

  test('says that its tools are not strict, and that a tool without a schema takes nothing', () => {
    const { tools } = encode({ tools: [{ type: 'function', name: 'now', description: 'The time.' }] }).body;
    const parameters = { type: 'object', properties: {} };
    expect(tools).toEqual([{ type: 'function', name: 'now', description: 'The time.', parameters, strict: false }]);
  });

  test('has the word that JSON mode wants, unless a caller of this format wrote it', () => {
    const output = { type: 'json' } as const;
    expect(encode({ output }).body.instructions).toContain('JSON');
    expect(encode({ output, extensions: { 'openai-responses': { store: false } } }).body).not.toHaveProperty(
      'instructions',
    );
  });

  test('has schemas with the properties without which OpenAI refuses them', () => {
    const tool = { type: 'function', name: 'now', parameters: { type: 'object' } } as const;
    expect(encode({ tools: [tool] }).body.tools).toMatchObject([{ parameters: { type: 'object', properties: {} } }]);
    const own = encode({ tools: [tool], extensions: { 'openai-responses': { store: false } } });
    expect(own.body.tools).toEqual([{ type: 'function', name: 'now', parameters: { type: 'object' } }]);
  });

  test('chooses a tool that the provider runs by its type, as Claude Code’s search is chosen', () => {
    const anthropic = (value: { type: string; name: string }) =>
      ({ type: 'opaque', format: 'anthropic-messages', value }) as const;
    const search = { ...anthropic({ type: 'web_search_20250305', name: 'web_search' }), webSearch: {} };
    const code = { ...anthropic({ type: 'code_execution_20260120', name: 'code_execution' }), runsCode: true } as const;
    const memory = anthropic({ type: 'memory_20250818', name: 'memory' });
    const choose = (name: string) => encode({ tools: [search, code, memory], toolChoice: { type: 'tool', name } });
    expect(choose('web_search').body.tool_choice).toEqual({ type: 'web_search' });
    expect(choose('code_execution').body.tool_choice).toEqual({ type: 'code_interpreter' });
    expect(choose('memory').body).not.toHaveProperty('tool_choice');
    expect(choose('memory').notes).toContainEqual(expect.objectContaining({ action: 'dropped', field: 'toolChoice' }));
  });
});

describe('the conversation', () => {
  test('has instructions, and later system messages as items', () => {
    const request = {
      system: [
        { type: 'text' as const, text: 'Be brief.' },
        { type: 'text' as const, text: 'Be kind.' },
      ],
      messages: [...base.messages, { role: 'system' as const, parts: [{ type: 'text' as const, text: 'Be quick.' }] }],
    };
    expect(encode(request).body).toMatchObject({
      instructions: 'Be brief.\n\nBe kind.',
      input: [{ role: 'user' }, { role: 'system', content: [{ type: 'input_text', text: 'Be quick.' }] }],
    });
  });

  test('is a flat list of items in the order of its parts', () => {
    expect(
      inputOf(
        user(
          { type: 'text', text: 'Look.' },
          { type: 'image', source: { kind: 'url', url: 'https://a.b/c.png' }, detail: 'low' },
        ),
        assistant(
          { type: 'reasoning', text: 'Hm', encrypted: { issuer: 'openai-responses', value: 'c2Vj' } },
          { type: 'text', text: 'I call.' },
          { type: 'tool-call', id: 'call_1', name: 'f', arguments: '' },
          { type: 'tool-call', id: 'call_2', name: 'exec', arguments: 'ls', kind: 'custom' },
        ),
        user(
          { type: 'tool-result', callId: 'call_1', content: [{ type: 'text', text: 'one' }] },
          { type: 'tool-result', callId: 'call_2', content: [{ type: 'text', text: 'two' }] },
          { type: 'text', text: 'Go on.' },
        ),
      ),
    ).toEqual([
      {
        role: 'user',
        content: [
          { type: 'input_text', text: 'Look.' },
          { type: 'input_image', image_url: 'https://a.b/c.png', detail: 'low' },
        ],
      },
      { type: 'reasoning', summary: [{ type: 'summary_text', text: 'Hm' }], encrypted_content: 'c2Vj' },
      { role: 'assistant', content: [{ type: 'output_text', text: 'I call.' }] },
      { type: 'function_call', call_id: 'call_1', name: 'f', arguments: '{}' },
      { type: 'custom_tool_call', call_id: 'call_2', name: 'exec', input: 'ls' },
      { type: 'function_call_output', call_id: 'call_1', output: 'one' },
      { type: 'custom_tool_call_output', call_id: 'call_2', output: 'two' },
      { role: 'user', content: [{ type: 'input_text', text: 'Go on.' }] },
    ]);
  });

  test('holds results with pictures, files and failures', () => {
    const { body, notes } = encode({
      messages: [
        assistant({ type: 'tool-call', id: 'c', name: 'f', arguments: '{}' }),
        user({
          type: 'tool-result',
          callId: 'c',
          isError: true,
          content: [
            { type: 'text', text: 'It broke.' },
            { type: 'image', source: { kind: 'base64', mediaType: 'image/png', data: 'aGk=' } },
            { type: 'document', source: { kind: 'base64', mediaType: 'application/pdf', data: 'aGk=' } },
          ],
        }),
      ],
    });
    expect(asArray(body.input).slice(1)).toEqual([
      {
        type: 'function_call_output',
        call_id: 'c',
        output: [
          { type: 'input_text', text: 'Error: It broke.' },
          { type: 'input_image', image_url: 'data:image/png;base64,aGk=' },
          { type: 'input_file', file_data: 'data:application/pdf;base64,aGk=', filename: 'document.pdf' },
        ],
      },
    ]);
    expect(notes).toMatchObject([{ field: 'messages[1].parts[0].isError', action: 'approximated' }]);
  });

  test('spells ids that are too long the same way, in the call and in its result', () => {
    const id = 'x'.repeat(100);
    const input = inputOf(
      assistant({ type: 'tool-call', id, name: 'f', arguments: '{}' }),
      user({ type: 'tool-result', callId: id, content: [] }),
    );
    const [call, result] = input as { call_id: string }[];
    expect(call?.call_id).toHaveLength(64);
    expect(result?.call_id).toBe(call?.call_id);
    expect(asArray(inputOf(assistant({ type: 'tool-call', id, name: 'f', arguments: '{}' })))[0]).toEqual(call);
  });

  test('holds reasoning that the same endpoint encrypted, or that a caller brings, and none of another endpoint', () => {
    const from = (issuer: string) => assistant({ type: 'reasoning', text: '', encrypted: { issuer, value: 'c2Vj' } });
    const sent = (issuer: string) => encode({ messages: [from(issuer)] }, { provider: 'azure' });
    for (const issuer of ['openai-responses', 'openai-responses:azure']) {
      expect(sent(issuer).body.input).toEqual([{ type: 'reasoning', summary: [], encrypted_content: 'c2Vj' }]);
      expect(sent(issuer).notes).toEqual([]);
    }
    const foreign = sent('openai-responses:openai');
    expect(JSON.stringify(foreign.body)).not.toContain('c2Vj');
    expect(foreign.notes).toMatchObject([{ field: 'messages[0].parts[0]', action: 'dropped' }]);
  });

  test.each<[string, Part]>([
    [
      'reasoning that another signed',
      { type: 'reasoning', text: 'Hm', signature: { issuer: 'anthropic', value: 'c2lnbmVk' } },
    ],
    [
      'reasoning that another encrypted',
      { type: 'reasoning', text: '', encrypted: { issuer: 'google', value: 'c2lnbmVk' } },
    ],
    ['reasoning that nobody signed', { type: 'reasoning', text: 'Hm' }],
    ['a part of another format', { type: 'opaque', format: 'gemini', value: { executableCode: {} } }],
  ])('does not hold %s', (_name, part) => {
    const { body, notes } = encode({ messages: [...base.messages, assistant(part, { type: 'text', text: 'y' })] });
    expect(body.input).toEqual([
      { role: 'user', content: [{ type: 'input_text', text: 'x' }] },
      { role: 'assistant', content: [{ type: 'output_text', text: 'y' }] },
    ]);
    expect(notes).toMatchObject([{ field: 'messages[1].parts[0]', action: 'dropped' }]);
  });

  test('has a line in the place of a picture of the model’s own', () => {
    const image: Part = { type: 'image', source: { kind: 'base64', mediaType: 'image/png', data: 'aGk=' } };
    const { body, notes } = encode({ messages: [...base.messages, assistant(image)] });
    expect((body.input as object[])[1]).toEqual({
      role: 'assistant',
      content: [{ type: 'output_text', text: '[image left out]' }],
    });
    expect(notes).toMatchObject([{ field: 'messages[1].parts[0]', action: 'dropped' }]);
  });

  test.each<[string, Part]>([
    ['sound', { type: 'audio', source: { kind: 'base64', mediaType: 'audio/wav', data: 'aGk=' } }],
    ['video', { type: 'video', source: { kind: 'url', url: 'https://a.b/c.mp4' } }],
  ])('takes no %s', (_name, part) => {
    expect(encode({ messages: [user(part, { type: 'text', text: 'x' })] }).notes).toMatchObject([
      { field: 'messages[0].parts[0]', action: 'dropped' },
    ]);
  });

  test('of a caller without a store loses reasoning that only the store had', () => {
    const messages = [
      assistant({ type: 'reasoning', text: '', extensions: { 'openai-responses/form': { item: { id: 'rs_1' } } } }),
    ];
    const kept = encode({ messages, extensions: { 'openai-responses': {} } });
    expect(kept.body.input).toEqual([{ type: 'reasoning', id: 'rs_1', summary: [] }]);
    const dropped = encode({ messages, extensions: { 'openai-responses': { store: false } } });
    expect(dropped.body.input).toBe(undefined);
    expect(dropped.notes).toMatchObject([{ field: 'messages[0].parts[0]', action: 'dropped' }]);
  });
});

describe('the settings', () => {
  test('are flat where Chat Completions nests them', () => {
    const { body, notes } = encode(
      {
        tools: [{ type: 'function', name: 'f', parameters: { type: 'object' }, strict: true }],
        toolChoice: { type: 'allowed', mode: 'auto', names: ['f'] },
        parallelToolCalls: false,
        output: { type: 'json-schema', schema: { type: 'object' }, strict: true },
        reasoning: { effort: 'high', display: 'summary' },
        sampling: { temperature: 0.2, topP: 0.9 },
        maxOutputTokens: 50,
        logprobs: { alternatives: 2 },
        userId: 'u',
        promptCacheKey: 'k',
        serviceTier: 'standard',
      },
      { stream: true },
    );
    expect(body).toMatchObject({
      tools: [{ type: 'function', name: 'f', parameters: { type: 'object' }, strict: true }],
      tool_choice: { type: 'allowed_tools', mode: 'auto', tools: [{ type: 'function', name: 'f' }] },
      parallel_tool_calls: false,
      text: { format: { type: 'json_schema', name: 'response', schema: { type: 'object' }, strict: true } },
      reasoning: { effort: 'high', summary: 'auto' },
      temperature: 0.2,
      top_p: 0.9,
      max_output_tokens: 50,
      top_logprobs: 2,
      include: ['message.output_text.logprobs', 'reasoning.encrypted_content'],
      safety_identifier: 'u',
      prompt_cache_key: 'k',
      service_tier: 'default',
      stream: true,
    });
    expect(notes).toEqual([{ field: 'serviceTier', action: 'mapped', reason: 'standard is default here' }]);
  });

  test.each<[Partial<ModelRequest>, string]>([
    [{ sampling: { topK: 5 } }, 'sampling.topK'],
    [{ sampling: { seed: 5 } }, 'sampling.seed'],
    [{ sampling: { frequencyPenalty: 0.5 } }, 'sampling.frequencyPenalty'],
    [{ candidateCount: 2 }, 'candidateCount'],
    [{ toolChoice: { type: 'opaque', format: 'gemini', value: {} } }, 'toolChoice'],
    [{ extensions: { gemini: { safetySettings: [] } } }, 'extensions.gemini.safetySettings'],
  ])('%j has no place here, and that is said', (request, field) => {
    const { body, notes } = encode(request);
    expect(notes).toMatchObject([{ field, action: 'dropped' }]);
    expect(Object.keys(body).toSorted()).toEqual(['input', 'model', 'store']);
  });

  test('stop sequences are named to whoever cuts the answer, since there is no parameter for them', () => {
    const { body, notes, cutAt } = encode({ stopSequences: ['END'] });
    expect(cutAt).toEqual(['END']);
    expect(notes).toMatchObject([{ field: 'stopSequences', action: 'approximated' }]);
    expect(Object.keys(body).toSorted()).toEqual(['input', 'model', 'store']);
    expect(encode({}).cutAt).toBe(undefined);
  });

  test('identifiers that are too long become digests that stay the same', () => {
    const long = { userId: 'u'.repeat(65), promptCacheKey: 'k'.repeat(65) };
    const { body, notes } = encode(long);
    expect(notes.map(({ field, action }) => [field, action])).toEqual([
      ['userId', 'approximated'],
      ['promptCacheKey', 'approximated'],
    ]);
    const digests = [String(body.safety_identifier), String(body.prompt_cache_key)];
    for (const digest of digests) expect(digest).toMatch(/^[\w-]{40}$/);
    expect(new Set(digests).size).toBe(2);
    expect(encode(long).body).toEqual(body);
    expect(encode({ userId: `${'u'.repeat(64)}v` }).body.safety_identifier).not.toBe(body.safety_identifier);
  });

  test('values that change nothing go without a word', () => {
    expect(encode({ candidateCount: 1, stopSequences: [], sampling: { presencePenalty: 0 } }).notes).toEqual([]);
  });

  test('a limit is raised to the least there is', () => {
    const { body, notes } = encode({ maxOutputTokens: 5 });
    expect(body.max_output_tokens).toBe(16);
    expect(notes).toMatchObject([{ field: 'maxOutputTokens', action: 'approximated' }]);
  });

  test('sampling is dropped for models that refuse it', () => {
    const request = { sampling: { temperature: 0.5, topP: 1 }, logprobs: { alternatives: 1 } };
    const { body, notes } = encode(request, { capabilities: { temperature: false } });
    expect(body).toEqual(encode({}).body);
    expect(notes.map(({ field }) => field)).toEqual(['sampling.temperature', 'logprobs']);
  });

  test('an effort becomes the nearest that the model takes', () => {
    const { body, notes } = encode({ reasoning: { effort: 'max' } }, { reasoningEfforts: ['low', 'high'] });
    expect(body.reasoning).toEqual({ effort: 'high' });
    expect(notes).toMatchObject([{ field: 'reasoning.effort', action: 'approximated' }]);
  });

  test('cache marks become breakpoints where the model knows them', () => {
    const messages = [user({ type: 'text', text: 'x', cache: { ttl: '5m' } })];
    const marked = encode({ messages }, { quirks: { cacheMarks: 'prompt_cache_breakpoint' } });
    expect(marked.body.input).toMatchObject([
      { content: [{ type: 'input_text', prompt_cache_breakpoint: { mode: 'explicit', ttl: '30m' } }] },
    ]);
    expect(encode({ messages }).notes).toMatchObject([{ field: 'messages[0].parts[0].cache', action: 'approximated' }]);
    const system = [{ type: 'text' as const, text: 'Long.', cache: {} }];
    const { body } = encode({ system }, { quirks: { cacheMarks: 'prompt_cache_breakpoint' } });
    expect(body).toMatchObject({
      input: [{ role: 'system', content: [{ text: 'Long.', prompt_cache_breakpoint: { mode: 'explicit' } }] }, {}],
    });
    expect(body.instructions).toBe(undefined);
  });

  test('a provider’s own options win', () => {
    const providerOptions = { openai: { store: true, truncation: 'auto' }, other: { secret: 1 } };
    expect(encode({ providerOptions }).body).toMatchObject({ store: true, truncation: 'auto' });
    expect(encode({ providerOptions }).body.secret).toBe(undefined);
  });
});

describe('fields that Chat Completions has as well', () => {
  test('mean the same here, and are no loss', () => {
    const request = openaiChat.server.decodeRequest(
      {
        model: 'm',
        messages: [{ role: 'user', content: 'x' }],
        metadata: { project: 'moon' },
        store: true,
        user: 'u',
        safety_identifier: 's',
        prompt_cache_options: { mode: 'explicit' },
        logit_bias: { 5: 1 },
      },
      '/v1/chat/completions',
    );
    const { body, notes } = openaiResponses.client.encodeRequest(request, {
      model: 'm',
      stream: false,
      provider: 'openai',
      quirks: {},
    });
    expect(body).toMatchObject({
      metadata: { project: 'moon' },
      store: true,
      safety_identifier: 's',
      prompt_cache_options: { mode: 'explicit' },
    });
    expect(notes.filter(({ action }) => action !== 'mapped')).toMatchObject([
      { field: 'extensions.openai-chat.logit_bias', action: 'dropped' },
    ]);
  });
});
