import { type JsonObject, type ModelRequest, RouterError } from '@signalbox/core';
import { describe, expect, it } from 'vitest';
import { gemini } from '../src/index.ts';

const PATH = '/v1beta/models/gemini-2.5-pro:generateContent';
const QUESTION = { role: 'user', parts: [{ text: 'Hello?' }] };

function decode(body: JsonObject, path = PATH): ModelRequest {
  return gemini.server.decodeRequest(body, path);
}

function partsOf(...parts: JsonObject[]): ModelRequest['messages'][number]['parts'] | undefined {
  return decode({ contents: [{ role: 'model', parts }] }).messages[0]?.parts;
}

describe('a request', () => {
  it('is read in camelCase and in snake_case', () => {
    const camel = {
      systemInstruction: { parts: [{ text: 'Be brief.' }] },
      contents: [QUESTION],
      tools: [
        {
          functionDeclarations: [
            { name: 'now', parametersJsonSchema: { type: 'object', properties: { my_zone: { type: 'string' } } } },
          ],
        },
      ],
      toolConfig: { functionCallingConfig: { mode: 'ANY', allowedFunctionNames: ['now'] } },
      generationConfig: {
        maxOutputTokens: 100,
        stopSequences: ['END'],
        topP: 0.9,
        responseMimeType: 'application/json',
        responseJsonSchema: { type: 'object' },
        thinkingConfig: { includeThoughts: true, thinkingBudget: 1024 },
      },
    };
    const snake = {
      system_instruction: { parts: [{ text: 'Be brief.' }] },
      contents: [QUESTION],
      tools: [
        {
          function_declarations: [
            { name: 'now', parameters_json_schema: { type: 'object', properties: { my_zone: { type: 'string' } } } },
          ],
        },
      ],
      tool_config: { function_calling_config: { mode: 'ANY', allowed_function_names: ['now'] } },
      generation_config: {
        max_output_tokens: 100,
        stop_sequences: ['END'],
        top_p: 0.9,
        response_mime_type: 'application/json',
        response_json_schema: { type: 'object' },
        thinking_config: { include_thoughts: true, thinking_budget: 1024 },
      },
    };
    expect(decode(snake)).toEqual(decode(camel));
    expect(decode(camel)).toEqual({
      model: 'gemini-2.5-pro',
      system: [{ type: 'text', text: 'Be brief.' }],
      messages: [{ role: 'user', parts: [{ type: 'text', text: 'Hello?' }] }],
      tools: [
        { type: 'function', name: 'now', parameters: { type: 'object', properties: { my_zone: { type: 'string' } } } },
      ],
      toolChoice: { type: 'tool', name: 'now' },
      maxOutputTokens: 100,
      stopSequences: ['END'],
      sampling: { topP: 0.9 },
      output: { type: 'json-schema', schema: { type: 'object' } },
      reasoning: { mode: 'on', budgetTokens: 1024, display: 'summary' },
    });
  });

  it('streams where its method says so', () => {
    expect(decode({ contents: [QUESTION] }).stream).toBe(undefined);
    expect(decode({ contents: [QUESTION] }, '/v1/models/m:streamGenerateContent?alt=sse').stream).toBe(true);
  });

  it('takes one object where a list is due, no role, and a system text', () => {
    expect(
      decode({ contents: { parts: { text: 'Hello?' } }, systemInstruction: 'Be brief.' } as JsonObject),
    ).toMatchObject({
      system: [{ type: 'text', text: 'Be brief.' }],
      messages: [{ role: 'user', parts: [{ type: 'text', text: 'Hello?' }] }],
    });
  });

  it('keeps what only Google knows, and gives it back', () => {
    const body = {
      contents: [QUESTION],
      safetySettings: [{ category: 'HARM_CATEGORY_HARASSMENT', threshold: 'BLOCK_NONE' }],
      cachedContent: 'cachedContents/1',
      toolConfig: { retrievalConfig: { latLng: { latitude: 1, longitude: 2 } } },
      generationConfig: { mediaResolution: 'MEDIA_RESOLUTION_LOW', thinkingConfig: { thinkingLevel: 'COSMIC' } },
      tools: [{ googleSearch: { timeRangeFilter: {} } }, { novelTool: {} }],
    };
    const request = decode(body);
    const context = { model: 'gemini-3.6-flash', stream: false, provider: 'google', quirks: {} };
    expect(gemini.client.encodeRequest(request, context).body).toEqual(body);
  });

  it.each<[string, JsonObject, string]>([
    ['no contents', {}, 'contents'],
    ['a turn that is no object', { contents: ['Hello?'] }, 'contents[0]'],
    ['an unknown role', { contents: [{ role: 'assistant', parts: [] }] }, 'contents[0].role'],
    ['a part that is no object', { contents: [{ parts: ['Hello?'] }] }, 'contents[0].parts[0]'],
    ['a part without anything', { contents: [{ parts: [{}] }] }, 'contents[0].parts[0]'],
    [
      'a call without a name',
      { contents: [{ parts: [{ functionCall: {} }] }] },
      'contents[0].parts[0].functionCall.name',
    ],
    [
      'a response without a name',
      { contents: [{ parts: [{ functionResponse: {} }] }] },
      'contents[0].parts[0].functionResponse.name',
    ],
    [
      'a limit in words',
      { contents: [], generationConfig: { maxOutputTokens: '100' } },
      'generationConfig.maxOutputTokens',
    ],
    [
      'a mode that is none',
      { contents: [], toolConfig: { functionCallingConfig: { mode: 'MAYBE' } } },
      'toolConfig.functionCallingConfig.mode',
    ],
    [
      'a function without a name',
      { contents: [], tools: [{ functionDeclarations: [{}] }] },
      'tools[0].functionDeclarations[0].name',
    ],
  ])('says which field is wrong: %s', (_name, body, field) => {
    let error: unknown;
    try {
      decode(body);
    } catch (thrown) {
      error = thrown;
    }
    expect(RouterError.is(error) && error.kind).toBe('invalid-request');
    expect(RouterError.is(error) && error.parameter).toBe(field);
    expect(RouterError.is(error) && error.message).toContain(`"${field}"`);
  });
});

describe('parts', () => {
  it('are texts, thoughts, files, calls and responses', () => {
    expect(
      partsOf(
        { text: 'I think.', thought: true },
        { text: 'Hello.' },
        { inlineData: { mimeType: 'image/png', data: 'AAAA' } },
        { inline_data: { mime_type: 'application/pdf', data: 'AAAA' } },
        { fileData: { mimeType: 'video/mp4', fileUri: 'https://generativelanguage.googleapis.com/v1beta/files/x' } },
        { fileData: { fileUri: 'https://youtu.be/x' } },
        { fileData: { fileUri: 'https://images.example/a.png?x=1' } },
        { inlineData: { mimeType: 'audio/wav', data: 'AAAA' } },
      ),
    ).toEqual([
      { type: 'reasoning', text: 'I think.' },
      { type: 'text', text: 'Hello.' },
      { type: 'image', source: { kind: 'base64', mediaType: 'image/png', data: 'AAAA' } },
      { type: 'document', source: { kind: 'base64', mediaType: 'application/pdf', data: 'AAAA' } },
      {
        type: 'video',
        source: {
          kind: 'file',
          owner: 'gemini',
          mediaType: 'video/mp4',
          fileId: 'https://generativelanguage.googleapis.com/v1beta/files/x',
        },
      },
      { type: 'video', source: { kind: 'url', url: 'https://youtu.be/x' } },
      { type: 'image', source: { kind: 'url', url: 'https://images.example/a.png?x=1' } },
      { type: 'audio', source: { kind: 'base64', mediaType: 'audio/wav', data: 'AAAA' } },
    ]);
  });

  it('keep their thought signature where it stood', () => {
    expect(
      partsOf(
        { functionCall: { name: 'now', args: {} }, thoughtSignature: 'one' },
        { functionCall: { id: 'a', name: 'now' }, thought_signature: 'two' },
        { text: '', thoughtSignature: 'three' },
        { thoughtSignature: 'four' },
        { thought: true, thoughtSignature: 'five' },
      ),
    ).toEqual([
      {
        type: 'tool-call',
        id: 'call_gemini_0',
        name: 'now',
        arguments: '{}',
        signature: { issuer: 'google', value: 'one' },
      },
      { type: 'tool-call', id: 'a', name: 'now', arguments: '', signature: { issuer: 'google', value: 'two' } },
      { type: 'text', text: '', extensions: { gemini: { thoughtSignature: 'three' } } },
      { type: 'text', text: '', extensions: { gemini: { thoughtSignature: 'four' } } },
      { type: 'reasoning', text: '', signature: { issuer: 'google', value: 'five' } },
    ]);
  });

  it('that nobody has a word for come back as they were', () => {
    const parts = [
      { executableCode: { language: 'PYTHON', code: 'print(1)' }, thoughtSignature: 's' },
      { codeExecutionResult: { outcome: 'OUTCOME_OK', output: '1' }, thought: true },
      { toolCall: { id: 'x', toolType: 'GOOGLE_SEARCH', args: {} } },
      { functionCall: { name: 'now', args: {}, novelty: 1 }, thought: true, novelty: 2 },
      { functionResponse: { name: 'now', response: {}, scheduling: 'SILENT' }, novelty: 3 },
      { inlineData: { mimeType: 'image/png', data: 'AAAA', displayName: 'dot' }, mediaResolution: { level: 'LOW' } },
    ];
    const request = decode({
      contents: [
        { role: 'model', parts: parts.slice(0, 4) },
        { role: 'user', parts: parts.slice(4) },
      ],
    });
    const context = { model: 'gemini-2.5-pro', stream: false, provider: 'google', quirks: {} };
    expect(gemini.client.encodeRequest(request, context).body.contents).toEqual([
      { role: 'model', parts: parts.slice(0, 4) },
      { role: 'user', parts: parts.slice(4) },
    ]);
  });
});

describe('calls and their responses', () => {
  const call = (name: string, id?: string) => ({
    functionCall: { name, args: {}, ...(id === undefined ? {} : { id }) },
  });
  const response = (name: string, id?: string) => ({
    functionResponse: { name, response: { output: 'x' }, ...(id === undefined ? {} : { id }) },
  });
  function idsOf(calls: JsonObject[], responses: JsonObject[]) {
    const { messages } = decode({
      contents: [
        { role: 'model', parts: calls },
        { role: 'user', parts: responses },
      ],
    });
    return messages.map(({ parts }) =>
      parts.map((part) => (part.type === 'tool-call' ? part.id : part.type === 'tool-result' ? part.callId : '')),
    );
  }

  it('belong together by id', () => {
    expect(idsOf([call('a', '1'), call('a', '2')], [response('a', '2'), response('a', '1')])).toEqual([
      ['1', '2'],
      ['2', '1'],
    ]);
  });

  it('belong together by name and order where there are no ids', () => {
    expect(idsOf([call('a'), call('b'), call('a')], [response('b'), response('a'), response('a')])).toEqual([
      ['call_gemini_0', 'call_gemini_1', 'call_gemini_2'],
      ['call_gemini_1', 'call_gemini_0', 'call_gemini_2'],
    ]);
  });

  it('belong together where only the response has an id', () => {
    expect(idsOf([call('a'), call('a')], [response('a', 'x'), response('a', 'y')])).toEqual([
      ['call_gemini_0', 'call_gemini_1'],
      ['call_gemini_0', 'call_gemini_1'],
    ]);
  });

  it('have ids that differ from turn to turn', () => {
    const turn = [
      { role: 'model', parts: [call('a')] },
      { role: 'user', parts: [response('a')] },
    ];
    const { messages } = decode({ contents: [...turn, ...turn] });
    const ids = messages.flatMap(({ parts }) => parts.map((part) => (part.type === 'tool-result' ? part.callId : '')));
    expect(ids).toEqual(['', 'call_gemini_0', '', 'call_gemini_1']);
  });

  it.each([
    [{ output: 'Rain' }, 'Rain', undefined],
    [{ error: 'no such city' }, 'no such city', true],
    [{ error: { code: 1 } }, '{"code":1}', true],
    [{ result: 'Rain', error: null }, '{"result":"Rain","error":null}', undefined],
    [{ weather: { sky: 'grey' } }, '{"weather":{"sky":"grey"}}', undefined],
    [{}, '{}', undefined],
  ])('say %j', (object, text, isError) => {
    const [, message] = decode({
      contents: [QUESTION, { role: 'function', parts: [{ functionResponse: { name: 'a', response: object } }] }],
    } as JsonObject).messages;
    expect(message).toMatchObject({ role: 'user', parts: [{ type: 'tool-result', name: 'a', content: [{ text }] }] });
    expect(message?.parts[0]).toHaveProperty('callId', 'call_gemini_0');
    expect(message?.parts[0]?.type === 'tool-result' && message.parts[0].isError).toBe(isError);
  });

  it('bring files', () => {
    const file = { inlineData: { mimeType: 'image/png', data: 'AAAA' } };
    const [message] = decode({
      contents: [{ parts: [{ functionResponse: { name: 'a', response: {}, parts: [file] } }] }],
    }).messages;
    expect(message?.parts[0]).toMatchObject({
      content: [{ type: 'image', source: { kind: 'base64', mediaType: 'image/png', data: 'AAAA' } }],
    });
  });
});

describe('schemas in Google’s words', () => {
  it('become JSON Schema', () => {
    const [tool] =
      decode({
        contents: [QUESTION],
        tools: [
          {
            functionDeclarations: [
              {
                name: 'book',
                parameters: {
                  type: 'OBJECT',
                  properties: {
                    nights: { type: 'INTEGER', nullable: true },
                    type: { type: 'STRING', enum: ['A', 'B'], nullable: true },
                    guests: { type: 5, items: { type: 1 }, minItems: '1' },
                    when: { anyOf: [{ type: 'STRING' }, { type: 'NUMBER' }], nullable: true },
                  },
                  propertyOrdering: ['when', 'nights'],
                  required: ['nights'],
                },
              },
            ],
          },
        ],
      } as JsonObject).tools ?? [];
    expect(tool?.type === 'function' && tool.parameters).toEqual({
      type: 'object',
      properties: {
        when: { anyOf: [{ type: 'string' }, { type: 'number' }, { type: 'null' }] },
        nights: { type: ['integer', 'null'] },
        type: { type: ['string', 'null'], enum: ['A', 'B', null] },
        guests: { type: 'array', items: { type: 'string' }, minItems: 1 },
      },
      required: ['nights'],
    });
    const properties = tool?.type === 'function' ? tool.parameters?.properties : undefined;
    expect(Object.keys(properties ?? {})).toEqual(['when', 'nights', 'type', 'guests']);
  });

  it('are left alone where they are JSON Schema', () => {
    const schema = {
      type: 'object',
      nullable: true,
      properties: { a: { type: ['string', 'null'], default: null, minLength: 1 }, nullable: { const: null } },
      additionalProperties: false,
    };
    const tools = [{ functionDeclarations: [{ name: 'a', parametersJsonSchema: schema }] }];
    expect(decode({ contents: [QUESTION], tools }).tools).toEqual([
      { type: 'function', name: 'a', parameters: schema },
    ]);
  });

  it('do so where JSON Schema was due, as Gemini CLI sends it', () => {
    const { output } = decode({
      contents: [QUESTION],
      generationConfig: {
        responseMimeType: 'application/json',
        responseJsonSchema: {
          type: 'OBJECT',
          properties: { score: { type: 'INTEGER' } },
          $defs: { x: { type: 'STRING' } },
        },
      },
    });
    expect(output).toEqual({
      type: 'json-schema',
      schema: { type: 'object', properties: { score: { type: 'integer' } }, $defs: { x: { type: 'string' } } },
    });
  });
});

describe('settings', () => {
  it.each<[JsonObject, ModelRequest['reasoning']]>([
    [{ thinkingBudget: 0 }, { mode: 'off', display: 'omitted' }],
    [
      { thinkingBudget: -1, includeThoughts: true },
      { mode: 'adaptive', display: 'summary' },
    ],
    [{ thinkingBudget: 2048 }, { mode: 'on', budgetTokens: 2048, display: 'omitted' }],
    [{ thinkingLevel: 'low' }, { effort: 'low' }],
    [
      { thinkingLevel: 'low', includeThoughts: false },
      { effort: 'low', display: 'omitted' },
    ],
    [{}, undefined],
    [
      { thinkingLevel: 'HIGH', includeThoughts: true },
      { effort: 'high', display: 'summary' },
    ],
  ])('of thinking: %j', (thinkingConfig, reasoning) => {
    expect(decode({ contents: [QUESTION], generationConfig: { thinkingConfig } }).reasoning).toEqual(reasoning);
  });

  it.each<[JsonObject, ModelRequest['toolChoice']]>([
    [{}, { type: 'auto' }],
    [{ mode: 1 }, { type: 'auto' }],
    [{ mode: 'none' }, { type: 'none' }],
    [{ mode: 'ANY' }, { type: 'required' }],
    [
      { mode: 'ANY', allowedFunctionNames: ['a'] },
      { type: 'tool', name: 'a' },
    ],
    [
      { mode: 'ANY', allowedFunctionNames: ['a', 'b'] },
      { type: 'allowed', mode: 'required', names: ['a', 'b'] },
    ],
    [
      { mode: 'VALIDATED', allowedFunctionNames: ['a'] },
      { type: 'allowed', mode: 'auto', names: ['a'] },
    ],
    [{ mode: 'VALIDATED' }, { type: 'opaque', format: 'gemini', value: { mode: 'VALIDATED' } }],
  ])('of function calling: %j', (functionCallingConfig, choice) => {
    expect(decode({ contents: [QUESTION], toolConfig: { functionCallingConfig } }).toolChoice).toEqual(choice);
  });

  it('of output that is not JSON stay Google’s own', () => {
    const config = { responseMimeType: 'text/x.enum', responseSchema: { type: 'STRING', enum: ['a', 'b'] } };
    const request = decode({ contents: [QUESTION], generationConfig: config });
    expect(request.output).toBe(undefined);
    expect(request.extensions).toEqual({ gemini: { generationConfig: config } });
  });
});
