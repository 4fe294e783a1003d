import {
  asArray,
  type EncodeContext,
  type EncodedRequest,
  type JsonObject,
  type Message,
  type ModelRequest,
  type Part,
} from '@signalbox/core';
import { describe, expect, it } from 'vitest';
import { gemini } from '../src/index.ts';

const FLASH_2: EncodeContext = { model: 'gemini-2.5-flash', stream: false, provider: 'google', quirks: {} };
const FLASH_3: EncodeContext = { ...FLASH_2, model: 'gemini-3.6-flash' };
const PRO_3: EncodeContext = { ...FLASH_2, model: 'gemini-3.1-pro-preview' };
const QUESTION: Message = { role: 'user', parts: [{ type: 'text', text: 'Hello?' }] };
const FUNCTION = { type: 'function', name: 'a', parameters: { type: 'object', properties: { x: {} } } } as const;

function encode(request: Partial<ModelRequest>, context: EncodeContext = FLASH_3): EncodedRequest {
  return gemini.client.encodeRequest({ system: [], messages: [QUESTION], ...request }, context);
}

function contentsOf(messages: readonly Message[], context: EncodeContext = FLASH_2): JsonObject['contents'] {
  return encode({ messages }, context).body.contents;
}

function configOf(request: Partial<ModelRequest>, context: EncodeContext = FLASH_3) {
  const { body, notes } = encode(request, context);
  return { config: body.generationConfig, notes: notes.map(({ field, action }) => `${action} ${field}`) };
}

const assistant = (...parts: Part[]): Message => ({ role: 'assistant', parts });
const user = (...parts: Part[]): Message => ({ role: 'user', parts });
const call = (id: string, name: string, more: object = {}): Part => ({
  type: 'tool-call',
  id,
  name,
  arguments: '{}',
  ...more,
});
const result = (callId: string, text: string, more: object = {}): Part => ({
  type: 'tool-result',
  callId,
  content: [{ type: 'text', text }],
  ...more,
});

describe('the method', () => {
  it.each([
    ['gemini-2.5-pro', false, '/models/gemini-2.5-pro:generateContent'],
    ['gemini-2.5-pro', true, '/models/gemini-2.5-pro:streamGenerateContent?alt=sse'],
    ['models/gemini-2.5-pro', false, '/models/gemini-2.5-pro:generateContent'],
    ['tunedModels/mine', false, '/tunedModels/mine:generateContent'],
    ['vendor/a b', false, '/models/vendor/a%20b:generateContent'],
  ])('of %s (stream: %s) is %s', (model, stream, path) => {
    expect(encode({}, { ...FLASH_3, model, stream }).path).toBe(path);
  });
});

it('a file of another provider leaves a line of text behind, so that the turn and its order stay', () => {
  const file = { kind: 'file', fileId: 'file-1', owner: 'openai-chat' } as const;
  const { body, notes } = encode({
    messages: [user({ type: 'image', source: file }), user({ type: 'text', text: 'This?' })],
  });
  expect(body.contents).toEqual([{ role: 'user', parts: [{ text: '[image left out]' }, { text: 'This?' }] }]);
  expect(notes).toMatchObject([{ action: 'dropped', field: 'messages[0].parts[0].source' }]);
});

describe('the system text', () => {
  it('is one, joined by blank lines', () => {
    const system = [
      { type: 'text', text: 'Be brief.' },
      { type: 'text', text: 'Be kind.' },
    ] as const;
    expect(encode({ system }).body.systemInstruction).toEqual({ parts: [{ text: 'Be brief.\n\nBe kind.' }] });
  });

  it('is the question where there is none', () => {
    const { body, notes } = encode({ system: [{ type: 'text', text: 'Greet.' }], messages: [] });
    expect(body).toEqual({ contents: [{ role: 'user', parts: [{ text: 'Greet.' }] }] });
    expect(notes).toMatchObject([{ field: 'system[0]', action: 'approximated' }]);
  });

  it('in mid-conversation is marked user text', () => {
    const { body, notes } = encode({
      messages: [
        QUESTION,
        assistant({ type: 'text', text: 'Hi.' }),
        { role: 'system', parts: [{ type: 'text', text: 'Be kind.' }] },
      ],
    });
    expect(body.contents).toMatchObject([
      { role: 'user' },
      { role: 'model' },
      { role: 'user', parts: [{ text: '<system>\nBe kind.\n</system>' }] },
    ]);
    expect(notes).toMatchObject([{ field: 'messages[2]', action: 'approximated' }]);
  });
});

describe('calls and responses', () => {
  it('made in parallel stand in one Content each, responses in the order of the calls, names filled in', () => {
    expect(
      contentsOf([
        QUESTION,
        assistant({ type: 'text', text: 'I look.' }),
        assistant(call('1', 'a'), call('2', 'b')),
        user(result('2', 'Two')),
        user(result('1', 'One'), { type: 'text', text: 'And?' }),
      ]),
    ).toEqual([
      { role: 'user', parts: [{ text: 'Hello?' }] },
      {
        role: 'model',
        parts: [
          { text: 'I look.' },
          { functionCall: { id: '1', name: 'a', args: {} } },
          { functionCall: { id: '2', name: 'b', args: {} } },
        ],
      },
      {
        role: 'user',
        parts: [
          { functionResponse: { id: '1', name: 'a', response: { output: 'One' } } },
          { functionResponse: { id: '2', name: 'b', response: { output: 'Two' } } },
          { text: 'And?' },
        ],
      },
    ]);
  });

  it('without ids of Google’s have none on the way back', () => {
    const contents = contentsOf([
      QUESTION,
      assistant(call('call_gemini_x_0', 'a')),
      user(result('call_gemini_x_0', 'One')),
    ]);
    expect(JSON.stringify(contents)).not.toContain('"id"');
  });

  it('belong to the nearest call where an id is used twice, which becomes another id', () => {
    const contents = contentsOf([
      QUESTION,
      assistant(call('1', 'a')),
      user(result('1', 'One')),
      assistant(call('1', 'b')),
      user(result('1', 'Two')),
    ]);
    expect(JSON.stringify(contents)).toContain('{"id":"1","name":"a","response":{"output":"One"}}');
    expect(JSON.stringify(contents)).toContain('{"id":"1_2","name":"b","response":{"output":"Two"}}');
  });

  it('that belong to nothing are text, which is noted', () => {
    const { body, notes } = encode({ messages: [user(result('lost', 'One'))] });
    expect(body.contents).toMatchObject([{ parts: [{ text: expect.stringContaining('Result') }, { text: 'One' }] }]);
    expect(notes).toMatchObject([{ field: 'messages[0].parts[0]', action: 'approximated' }]);
  });

  it.each<[string, boolean | undefined, JsonObject]>([
    ['Rain', undefined, { output: 'Rain' }],
    ['Rain', true, { error: 'Rain' }],
    ['{"sky":"grey"}', undefined, { sky: 'grey' }],
    ['{"code":1}', true, { error: { code: 1 } }],
    ['[1,2]', undefined, { output: '[1,2]' }],
    ['{broken', undefined, { output: '{broken' }],
    ['', undefined, { output: '' }],
    ['{}', undefined, {}],
  ])('say %j (failed: %s) as %j', (text, isError, response) => {
    const contents = contentsOf([assistant(call('1', 'a')), user(result('1', text, { isError }))]);
    expect(contents).toMatchObject([{}, { parts: [{ functionResponse: { response } }] }]);
  });

  it.each<[string, string | undefined, JsonObject | undefined, boolean]>([
    ['{"a":1}', undefined, { a: 1 }, true],
    ['', undefined, undefined, true],
    ['not JSON', undefined, { __raw: 'not JSON' }, false],
    ['[1]', undefined, { __raw: '[1]' }, false],
    ['free text', 'custom', { input: 'free text' }, false],
  ])('take the arguments %j (kind %s) as %j', (text, kind, args, exact) => {
    const { body, notes } = encode({ messages: [assistant(call('1', 'a', { arguments: text, kind }))] }, FLASH_2);
    const [content] = body.contents as { parts: { functionCall: JsonObject }[] }[];
    expect(content?.parts[0]?.functionCall.args).toEqual(args);
    const place = kind === 'custom' ? 'messages[0].parts[0]' : 'messages[0].parts[0].arguments';
    expect(notes.some(({ field }) => field === place)).toBe(!exact);
  });

  it('bring files: inside from generation 3 on, behind the response before that', () => {
    const file: Part = { type: 'image', source: { kind: 'base64', mediaType: 'image/png', data: 'AAAA' } };
    const messages = [
      assistant(call('call_gemini_0', 'a')),
      user({ type: 'tool-result', callId: 'call_gemini_0', content: [file] }),
    ];
    const inlineData = { mimeType: 'image/png', data: 'AAAA' };
    expect(contentsOf(messages, FLASH_3)).toMatchObject([
      {},
      { parts: [{ functionResponse: { name: 'a', response: {}, parts: [{ inlineData }] } }] },
    ]);
    expect(contentsOf(messages, FLASH_2)).toMatchObject([
      {},
      {
        parts: [{ functionResponse: { response: { output: '[A file of this result: see below.]' } } }, { inlineData }],
      },
    ]);
  });
});

describe('reasoning and signatures', () => {
  const SENTINEL = 'skip_thought_signature_validator';

  it('go back on the part they came with', () => {
    const signature = { issuer: 'google', value: 's' };
    expect(
      asArray(
        contentsOf(
          [
            assistant(
              { type: 'reasoning', text: 'I think.' },
              { type: 'reasoning', text: '', signature },
              call('1', 'a', { signature }),
              call('2', 'a'),
              { type: 'text', text: '', extensions: { gemini: { thoughtSignature: 't' } } },
            ),
            user(result('1', 'One'), result('2', 'Two')),
          ],
          FLASH_3,
        ),
      ).slice(0, 1),
    ).toEqual([
      {
        role: 'model',
        parts: [
          { text: 'I think.', thought: true },
          { thought: true, thoughtSignature: 's' },
          { functionCall: { id: '1', name: 'a', args: {} }, thoughtSignature: 's' },
          { functionCall: { id: '2', name: 'a', args: {} } },
          { text: '', thoughtSignature: 't' },
        ],
      },
    ]);
  });

  it('of others stay behind, and the first call of each turn is marked from generation 3 on', () => {
    const signature = { issuer: 'anthropic', value: 'FOREIGN' };
    const messages = [
      QUESTION,
      assistant({ type: 'reasoning', text: 'I think.', signature }, call('1', 'a', { signature }), call('2', 'a')),
      user(result('1', 'One'), result('2', 'Two')),
      assistant(call('3', 'a')),
      user(result('3', 'Three')),
    ];
    const { body, notes } = encode({ messages }, FLASH_3);
    expect(JSON.stringify(body)).not.toContain('FOREIGN');
    expect(body.contents).toMatchObject([
      {},
      { parts: [{ functionCall: { id: '1' }, thoughtSignature: SENTINEL }, { functionCall: { id: '2' } }] },
      {},
      { parts: [{ functionCall: { id: '3' }, thoughtSignature: SENTINEL }] },
      {},
    ]);
    expect(JSON.stringify(body).split(SENTINEL)).toHaveLength(3);
    expect(notes.map(({ field, action }) => `${action} ${field}`)).toEqual([
      'dropped messages[1].parts[0]',
      'approximated messages[1].parts[1].signature',
      'approximated messages',
      'approximated messages',
    ]);
    expect(JSON.stringify(encode({ messages }, FLASH_2).body)).not.toContain(SENTINEL);
    expect(JSON.stringify(encode({ messages }, { ...FLASH_3, model: 'gemini-flash-latest' }).body)).toContain(SENTINEL);
  });
});

describe('thinking', () => {
  it.each<[ModelRequest['reasoning'], EncodeContext, JsonObject | undefined]>([
    [{ effort: 'medium' }, FLASH_3, { thinkingLevel: 'MEDIUM' }],
    [{ effort: 'max' }, FLASH_3, { thinkingLevel: 'HIGH' }],
    [{ effort: 'minimal' }, FLASH_3, { thinkingLevel: 'MINIMAL' }],
    [{ effort: 'minimal' }, PRO_3, { thinkingLevel: 'LOW' }],
    [{ effort: 'medium' }, { ...PRO_3, reasoningEfforts: ['low', 'high'] }, { thinkingLevel: 'HIGH' }],
    [{ effort: 'medium' }, FLASH_2, { thinkingBudget: 8192 }],
    [{ effort: 'max' }, { ...FLASH_2, reasoningBudget: { min: 0, max: 16_000 } }, { thinkingBudget: 16_000 }],
    [{ mode: 'on', budgetTokens: 5000, display: 'omitted' }, FLASH_2, { thinkingBudget: 5000 }],
    [
      { mode: 'on', budgetTokens: 100_000 },
      { ...FLASH_2, reasoningBudget: { max: 24_576 } },
      { includeThoughts: true, thinkingBudget: 24_576 },
    ],
    [
      { mode: 'on', budgetTokens: 10 },
      { ...FLASH_2, reasoningBudget: { min: 128 } },
      { includeThoughts: true, thinkingBudget: 128 },
    ],
    [{ mode: 'on', budgetTokens: 5000 }, FLASH_3, { includeThoughts: true, thinkingBudget: 5000 }],
    [{ effort: 'low', budgetTokens: 5000 }, FLASH_3, { thinkingLevel: 'LOW' }],
    [{ mode: 'adaptive', display: 'omitted' }, FLASH_2, { thinkingBudget: -1 }],
    [{ display: 'summary' }, FLASH_2, { includeThoughts: true }],
    [{ mode: 'off' }, FLASH_2, { thinkingBudget: 0 }],
    [{ effort: 'none' }, FLASH_2, { thinkingBudget: 0 }],
    [{ mode: 'off' }, FLASH_3, { thinkingBudget: 0 }],
    [{ mode: 'off' }, { ...FLASH_3, reasoningEfforts: ['minimal', 'low'] }, { thinkingLevel: 'MINIMAL' }],
    [{ mode: 'off' }, PRO_3, { thinkingLevel: 'LOW' }],
    [{ mode: 'off' }, { ...FLASH_2, model: 'gemini-2.5-pro' }, { thinkingBudget: 128 }],
    [{ mode: 'on' }, { ...FLASH_2, model: 'gemini-2.0-flash' }, undefined],
    [{ mode: 'on' }, { ...FLASH_2, capabilities: { reasoning: false } }, undefined],
  ])('%j', (reasoning, context, thinkingConfig) => {
    expect(configOf({ reasoning }, context).config).toEqual(
      thinkingConfig === undefined ? undefined : { thinkingConfig },
    );
  });

  it('notes what is not as it was', () => {
    expect(configOf({ reasoning: { effort: 'xhigh' } }).notes).toEqual(['approximated reasoning.effort']);
    expect(configOf({ reasoning: { effort: 'high' } }).notes).toEqual([]);
    expect(configOf({ reasoning: { mode: 'adaptive', effort: 'high' } }).notes).toEqual(['mapped reasoning.mode']);
    expect(configOf({ reasoning: { effort: 'none' } }, FLASH_2).notes).toEqual(['mapped reasoning.effort']);
    expect(configOf({ reasoning: { effort: 'high' } }, FLASH_2).notes).toEqual(['approximated reasoning.effort']);
    expect(configOf({ reasoning: { effort: 'low', budgetTokens: 5000 } }).notes).toEqual([
      'dropped reasoning.budgetTokens',
    ]);
    expect(configOf({ reasoning: { mode: 'off' } }, PRO_3).notes).toEqual(['approximated reasoning']);
    expect(configOf({ reasoning: { mode: 'on' } }, { ...FLASH_2, model: 'gemini-2.0-flash' }).notes).toEqual([
      'dropped reasoning',
    ]);
    const tooMuch = { mode: 'on', budgetTokens: 100_000 } as const;
    expect(configOf({ reasoning: tooMuch }, { ...FLASH_2, reasoningBudget: { max: 24_576 } }).notes).toEqual([
      'approximated reasoning.budgetTokens',
    ]);
  });
});

describe('settings', () => {
  it('are those of generationConfig', () => {
    const { config, notes } = configOf({
      sampling: {
        temperature: 0.5,
        topP: 0.9,
        topK: 40,
        frequencyPenalty: 0.1,
        presencePenalty: 0.2,
        seed: 7,
        minP: 0.1,
      },
      maxOutputTokens: 100,
      candidateCount: 2,
      stopSequences: ['1', '2', '3', '4', '5', '6'],
      logprobs: { alternatives: 3 },
    });
    expect(config).toEqual({
      temperature: 0.5,
      topP: 0.9,
      topK: 40,
      frequencyPenalty: 0.1,
      presencePenalty: 0.2,
      seed: 7,
      maxOutputTokens: 100,
      candidateCount: 2,
      stopSequences: ['1', '2', '3', '4', '5'],
      responseLogprobs: true,
      logprobs: 3,
    });
    expect(notes).toEqual(['dropped sampling.minP', 'approximated stopSequences']);
  });

  it('leave out sampling that the model refuses', () => {
    const { config, notes } = configOf(
      { sampling: { temperature: 0.5, seed: 1 } },
      { ...FLASH_3, capabilities: { temperature: false } },
    );
    expect(config).toEqual({ seed: 1 });
    expect(notes).toEqual(['dropped sampling.temperature']);
  });

  it('of output are a media type and JSON Schema', () => {
    const schema = { type: 'object', properties: { a: { $ref: '#/$defs/x' } }, $defs: { x: { type: 'string' } } };
    expect(configOf({ output: { type: 'json' } }).config).toEqual({ responseMimeType: 'application/json' });
    expect(configOf({ output: { type: 'json-schema', name: 'book', strict: true, schema } })).toEqual({
      config: { responseMimeType: 'application/json', responseJsonSchema: { ...schema, title: 'book' } },
      notes: ['mapped output.strict', 'mapped output.name'],
    });
    const titled = { ...schema, title: 'Own' };
    expect(configOf({ output: { type: 'json-schema', name: 'book', schema: titled } })).toEqual({
      config: { responseMimeType: 'application/json', responseJsonSchema: titled },
      notes: ['approximated output.name'],
    });
    expect(configOf({ output: { type: 'json' }, tools: [FUNCTION] }, FLASH_2)).toEqual({
      config: undefined,
      notes: ['dropped output'],
    });
    expect(configOf({ output: { type: 'json' }, tools: [FUNCTION] }, FLASH_3).notes).toEqual([]);
  });

  it('of the tier are Google’s words', () => {
    expect(encode({ serviceTier: 'flex' }).body.serviceTier).toBe('flex');
    expect(encode({ serviceTier: 'default' }).body.serviceTier).toBe('standard');
    expect(encode({ serviceTier: 'default' }).notes).toMatchObject([{ field: 'serviceTier', action: 'mapped' }]);
    expect(encode({ serviceTier: 'auto' }).body.serviceTier).toBe(undefined);
    expect(encode({ serviceTier: 'scale' }).notes).toMatchObject([{ field: 'serviceTier', action: 'dropped' }]);
  });
});

describe('tools', () => {
  it('are declarations of functions with JSON Schema; without parameters they have none', () => {
    const closed = { type: 'object', properties: {}, additionalProperties: false };
    const empty = [{ type: 'object' }, closed, undefined];
    const { body } = encode({
      tools: [
        FUNCTION,
        ...empty.map(
          (parameters, index) => ({ type: 'function', name: `e${index}`, description: 'd', parameters }) as const,
        ),
      ],
    });
    expect(body.tools).toEqual([
      {
        functionDeclarations: [
          { name: 'a', parametersJsonSchema: FUNCTION.parameters },
          { name: 'e0', description: 'd' },
          { name: 'e1', description: 'd', parametersJsonSchema: closed },
          { name: 'e2', description: 'd' },
        ],
      },
    ]);
  });

  it('run by a provider are its own, but for web search', () => {
    const search = {
      type: 'opaque',
      format: 'anthropic-messages',
      value: { type: 'web_search_20260318', name: 'web_search' },
      webSearch: { maxUses: 2, blockedDomains: ['example.org'] },
    } as const;
    const code = { type: 'opaque', format: 'anthropic-messages', value: { type: 'code_execution_20260521' } } as const;
    const { body, notes } = encode({ tools: [search, code] });
    expect(body.tools).toEqual([{ googleSearch: {} }]);
    expect(notes).toMatchObject([
      { field: 'tools[0]', action: 'mapped' },
      { field: 'tools[0].webSearch.maxUses', action: 'approximated' },
      { field: 'tools[0].webSearch.blockedDomains', action: 'dropped' },
      { field: 'tools[1]', action: 'dropped' },
    ]);
    expect(encode({ tools: [FUNCTION, search] }, FLASH_2).body.tools).toHaveLength(1);
  });

  it.each<[ModelRequest['toolChoice'], JsonObject]>([
    [{ type: 'auto' }, { mode: 'AUTO' }],
    [{ type: 'none' }, { mode: 'NONE' }],
    [{ type: 'required' }, { mode: 'ANY' }],
    [
      { type: 'tool', name: 'a' },
      { mode: 'ANY', allowedFunctionNames: ['a'] },
    ],
    [
      { type: 'allowed', mode: 'required', names: ['a'] },
      { mode: 'ANY', allowedFunctionNames: ['a'] },
    ],
    [
      { type: 'allowed', mode: 'auto', names: ['a'] },
      { mode: 'VALIDATED', allowedFunctionNames: ['a'] },
    ],
    [{ type: 'opaque', format: 'gemini', value: { mode: 'VALIDATED' } }, { mode: 'VALIDATED' }],
  ])('are chosen: %j', (toolChoice, functionCallingConfig) => {
    expect(encode({ tools: [FUNCTION], toolChoice }).body.toolConfig).toEqual({ functionCallingConfig });
  });

  it('that are not there are not chosen: Google refuses that', () => {
    expect(encode({ toolChoice: { type: 'auto' } })).toMatchObject({ notes: [] });
    const search = {
      type: 'opaque',
      format: 'anthropic-messages',
      value: { name: 'web_search' },
      webSearch: {},
    } as const;
    const forced = encode({ tools: [FUNCTION, search], toolChoice: { type: 'tool', name: 'web_search' } });
    expect(forced.body).not.toHaveProperty('toolConfig');
    expect(forced.notes).toContainEqual(expect.objectContaining({ field: 'toolChoice', action: 'dropped' }));
    const { body, notes } = encode({ toolChoice: { type: 'required' } });
    expect(body.toolConfig).toBe(undefined);
    expect(notes).toMatchObject([{ field: 'toolChoice', action: 'dropped' }]);
  });
});

describe('files', () => {
  function written(part: Part) {
    const { body, notes } = encode({ messages: [user(part)] });
    const [content] = body.contents as { parts: JsonObject[] }[];
    return { part: content?.parts[0], notes: notes.map(({ action, field }) => `${action} ${field}`) };
  }
  const place = 'messages[0].parts[0]';

  it.each<[Part, JsonObject | undefined, string[]]>([
    [
      { type: 'audio', source: { kind: 'base64', mediaType: 'audio/wav', data: 'AAAA' } },
      { inlineData: { mimeType: 'audio/wav', data: 'AAAA' } },
      [],
    ],
    [
      { type: 'image', source: { kind: 'url', url: 'https://images.example/a.png' } },
      { fileData: { fileUri: 'https://images.example/a.png', mimeType: 'image/png' } },
      [`approximated ${place}.source`],
    ],
    [
      { type: 'video', source: { kind: 'url', url: 'https://youtu.be/x' } },
      { fileData: { fileUri: 'https://youtu.be/x' } },
      [],
    ],
    [
      { type: 'document', title: 'T', source: { kind: 'text', text: 'Once' } },
      { text: 'Once' },
      [`dropped ${place}.title`, `mapped ${place}.source`],
    ],
    [
      { type: 'image', source: { kind: 'file', fileId: 'file-abc' } },
      { text: '[image left out]' },
      [`dropped ${place}.source`],
    ],
    [
      { type: 'image', detail: 'high', source: { kind: 'file', fileId: 'files/x', mediaType: 'image/png' } },
      { fileData: { fileUri: 'files/x', mimeType: 'image/png' } },
      [`mapped ${place}.detail`],
    ],
  ])('%j', (part, expected, notes) => {
    expect(written(part)).toEqual({ part: expected, notes });
  });
});
