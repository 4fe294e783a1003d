import type { EncodeContext, ModelRequest, Part } from '@signalbox/core';
import { describe, expect, it } from 'vitest';
import { anthropicMessages } from '../src/index.ts';

const CONTEXT: EncodeContext = {
  model: 'claude-x',
  stream: false,
  provider: 'anthropic',
  quirks: { midConversationSystem: true },
  maxOutput: 64_000,
};
/** As the catalogue describes models up to 4.5, those after 4.6, and 4.6. */
const BUDGET_MODEL = { capabilities: { temperature: true, reasoning: true }, reasoningBudget: { min: 1024 } };
const ADAPTIVE_MODEL = {
  capabilities: { temperature: false, reasoning: true },
  reasoningEfforts: ['low', 'medium', 'high', 'xhigh', 'max'],
};
const BOTH_MODEL = { ...BUDGET_MODEL, reasoningEfforts: ['low', 'medium', 'high', 'max'] };

function encode(request: Partial<ModelRequest>, context: Partial<EncodeContext> = {}) {
  const whole = { system: [], messages: [user({ type: 'text', text: 'Hello?' })], ...request };
  const encoded = anthropicMessages.client.encodeRequest(whole, { ...CONTEXT, ...context });
  const note = (field: string) => encoded.notes.find((one) => one.field === field)?.action;
  return { ...encoded, note };
}

function user(...parts: Part[]) {
  return { role: 'user', parts } as const;
}
function assistant(...parts: Part[]) {
  return { role: 'assistant', parts } as const;
}
function text(words: string): Part {
  return { type: 'text', text: words };
}

describe('the envelope', () => {
  it('is a versioned call without betas', () => {
    const { path, headers, body, notes } = encode({ maxOutputTokens: 10 });
    expect(path).toBe('/messages');
    expect(headers).toEqual({ 'anthropic-version': '2023-06-01' });
    expect(body).toEqual({
      model: 'claude-x',
      max_tokens: 10,
      messages: [{ role: 'user', content: [{ type: 'text', text: 'Hello?' }] }],
    });
    expect(notes).toEqual([]);
  });

  it('names the betas that its fields need', () => {
    const own = { context_management: { edits: [{ type: 'compact_20260112' }] }, mcp_servers: [], speed: 'fast' };
    const { headers, body } = encode({ extensions: { 'anthropic-messages': own } });
    expect(headers['anthropic-beta']).toBe(
      'compact-2026-01-12,context-management-2025-06-27,fast-mode-2026-02-01,mcp-client-2025-04-04',
    );
    expect(body).toMatchObject(own);
  });

  it('takes the limit from the request, the catalogue, or the least that every model can', () => {
    expect(encode({}).body.max_tokens).toBe(64_000);
    const unknown = encode({}, { maxOutput: undefined });
    expect(unknown.body.max_tokens).toBe(4096);
    expect(unknown.note('maxOutputTokens')).toBe('approximated');
    const tooMuch = encode({ maxOutputTokens: 128_000 });
    expect(tooMuch.body.max_tokens).toBe(64_000);
    expect(tooMuch.note('maxOutputTokens')).toBe('approximated');
    expect(encode({ maxOutputTokens: 0 }).body.max_tokens).toBe(0);
  });

  it('carries metadata, tiers and stop sequences, and reports what it leaves out', () => {
    const { body, note, cutAt } = encode({
      userId: 'u1',
      serviceTier: 'flex',
      stopSequences: ['END', ' '],
      logprobs: { alternatives: 2 },
      candidateCount: 2,
      promptCacheKey: 'k',
    });
    expect(body).toMatchObject({ metadata: { user_id: 'u1' }, stop_sequences: ['END'] });
    expect(body.service_tier).toBeUndefined();
    for (const field of ['serviceTier', 'logprobs', 'candidateCount']) {
      expect(note(field), field).toBe('dropped');
    }
    expect(note('promptCacheKey')).toBe('approximated');
    expect(note('stopSequences')).toBe('approximated');
    expect(cutAt).toEqual([' ']);
  });
});

describe('turns', () => {
  it('merges neighbours of one role and puts tool results first', () => {
    const { body } = encode({
      messages: [
        user(text('a')),
        user(text('b')),
        assistant({ type: 'tool-call', id: 't1', name: 'f', arguments: '{"x":1}' }),
        user(text('look:')),
        user({ type: 'tool-result', callId: 't1', content: [{ type: 'text', text: 'done' }], isError: true }),
      ],
    });
    expect(body.messages).toEqual([
      {
        role: 'user',
        content: [
          { type: 'text', text: 'a' },
          { type: 'text', text: 'b' },
        ],
      },
      { role: 'assistant', content: [{ type: 'tool_use', id: 't1', name: 'f', input: { x: 1 } }] },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 't1', content: 'done', is_error: true },
          { type: 'text', text: 'look:' },
        ],
      },
    ]);
  });

  it('keeps a system message in the middle where the model knows it, and marks it as user text elsewhere', () => {
    const messages = [user(text('a')), { role: 'system', parts: [text('New rule.')] } as const, user(text('b'))];
    expect(encode({ messages }).body.messages).toMatchObject([{ role: 'user' }, { role: 'system' }, { role: 'user' }]);
    for (const midConversationSystem of [false, '^claude-9']) {
      const { body, note } = encode({ messages }, { quirks: { midConversationSystem } });
      expect(body.messages).toEqual([
        {
          role: 'user',
          content: [
            { type: 'text', text: 'a' },
            { type: 'text', text: '<system-message>\nNew rule.\n</system-message>' },
            { type: 'text', text: 'b' },
          ],
        },
      ]);
      expect(note('messages[1]')).toBe('approximated');
    }
  });

  it('leaves out empty text, empty turns and the blank at the end of a prefill', () => {
    const { body, note } = encode({
      messages: [user(text('a')), assistant(text('  ')), user(text('')), assistant(text('So: '))],
    });
    expect(body.messages).toEqual([
      { role: 'user', content: [{ type: 'text', text: 'a' }] },
      { role: 'assistant', content: [{ type: 'text', text: 'So:' }] },
    ]);
    expect(note('messages[1]')).toBe('dropped');
    expect(note('messages[2]')).toBe('dropped');
  });
});

describe('parts', () => {
  const only = (part: Part, role: 'user' | 'assistant' = 'user') => {
    const { body, notes } = encode({ messages: [{ role, parts: [part] }] });
    const [message] = body.messages as unknown as { content: unknown[] }[];
    return { block: message?.content[0], notes };
  };

  it('carries images and documents from every source that Anthropic takes', () => {
    const png = { kind: 'base64', mediaType: 'image/png', data: 'AA==' } as const;
    expect(only({ type: 'image', source: png }).block).toEqual({
      type: 'image',
      source: { type: 'base64', media_type: 'image/png', data: 'AA==' },
    });
    expect(only({ type: 'image', source: { kind: 'url', url: 'https://x.example/a.png' } }).block).toEqual({
      type: 'image',
      source: { type: 'url', url: 'https://x.example/a.png' },
    });
    expect(only({ type: 'image', source: { kind: 'url', url: 'data:image/gif;base64,R0==' } }).block).toEqual({
      type: 'image',
      source: { type: 'base64', media_type: 'image/gif', data: 'R0==' },
    });
    const pdf = { kind: 'base64', mediaType: 'application/pdf', data: 'AA==' } as const;
    expect(only({ type: 'document', source: pdf, title: 'T', context: 'C', cache: { ttl: '1h' } }).block).toEqual({
      type: 'document',
      source: { type: 'base64', media_type: 'application/pdf', data: 'AA==' },
      title: 'T',
      context: 'C',
      cache_control: { type: 'ephemeral', ttl: '1h' },
    });
    const plain = { kind: 'base64', mediaType: 'text/plain', data: btoa('hi') } as const;
    expect(only({ type: 'document', source: plain }).block).toEqual({
      type: 'document',
      source: { type: 'text', media_type: 'text/plain', data: 'hi' },
    });
  });

  it('puts a line in the place of what it can not carry, and says so', () => {
    const foreignFile = { kind: 'file', fileId: 'file-abc' } as const;
    for (const part of [
      { type: 'audio', source: { kind: 'base64', mediaType: 'audio/wav', data: '' } },
      { type: 'image', source: foreignFile },
    ] as const) {
      const { block, notes } = only(part);
      expect(block).toEqual({ type: 'text', text: `[${part.type} left out]` });
      expect(notes).toMatchObject([{ field: 'messages[0].parts[0]', action: 'dropped' }]);
    }
    expect(only({ type: 'image', source: { kind: 'file', fileId: 'file_1' } }).block).toMatchObject({
      source: { type: 'file', file_id: 'file_1' },
    });
  });

  it('reads a call’s arguments as JSON: none is {}, and bad text is wrapped and noted', () => {
    const call = (args: string) => only({ type: 'tool-call', id: 'a', name: 'f', arguments: args }, 'assistant');
    expect(call('').block).toMatchObject({ input: {} });
    expect(call(' {"a": [1]} ').block).toMatchObject({ input: { a: [1] } });
    for (const bad of ['{"a":', '[1]', 'words']) {
      const { block, notes } = call(bad);
      expect(block).toMatchObject({ input: { __raw: bad } });
      expect(notes).toContainEqual(
        expect.objectContaining({ field: 'messages[0].parts[0].arguments', action: 'approximated' }),
      );
    }
  });

  it('makes ids fit, the same for a call and its result, different for different ids', () => {
    const { body, note } = encode({
      messages: [
        assistant(
          { type: 'tool-call', id: 'call:1', name: 'f', arguments: '' },
          { type: 'tool-call', id: 'call.1', name: 'f', arguments: '' },
        ),
        user({ type: 'tool-result', callId: 'call:1', content: [] }),
      ],
    });
    const [turn, results] = body.messages as unknown as { content: { id?: string; tool_use_id?: string }[] }[];
    const [one, other] = turn?.content ?? [];
    expect(one?.id).toMatch(/^[a-zA-Z0-9_-]+$/);
    expect(one?.id).not.toBe(other?.id);
    expect(results?.content[0]?.tool_use_id).toBe(one?.id);
    expect(note('messages[0].parts[0].id')).toBe('mapped');
  });

  it('gives thinking back to its issuer only', () => {
    const own = { issuer: 'anthropic', value: 'c2ln' };
    expect(only({ type: 'reasoning', text: 'Hm.', signature: own }, 'assistant').block).toEqual({
      type: 'thinking',
      thinking: 'Hm.',
      signature: 'c2ln',
    });
    expect(only({ type: 'reasoning', text: '', encrypted: own }, 'assistant').block).toEqual({
      type: 'redacted_thinking',
      data: 'c2ln',
    });
    for (const foreign of [{ issuer: 'openai', value: 'x' }, undefined]) {
      const { block, notes } = only({ type: 'reasoning', text: 'Hm.', signature: foreign }, 'assistant');
      expect(block).toBeUndefined();
      expect(notes[0]).toMatchObject({ field: 'messages[0].parts[0]', action: 'dropped' });
    }
  });

  it('rounds foreign cache times and reports foreign fields', () => {
    const { block, notes } = only({
      type: 'text',
      text: 'a',
      cache: { ttl: '30m' },
      extensions: { 'openai-chat': { annotations: [] } },
    });
    expect(block).toMatchObject({ cache_control: { type: 'ephemeral', ttl: '1h' } });
    expect(notes.map((note) => [note.field, note.action])).toEqual([
      ['messages[0].parts[0].cache', 'approximated'],
      ['messages[0].parts[0].extensions.openai-chat.annotations', 'dropped'],
    ]);
  });
});

describe('tools', () => {
  const tools = [
    { type: 'function', name: 'a', description: 'A', parameters: {}, strict: true, cache: {} },
    { type: 'function', name: 'b' },
    { type: 'opaque', format: 'anthropic-messages', value: { type: 'web_search_20260318', name: 'web_search' } },
    { type: 'opaque', format: 'openai-responses', value: { type: 'mcp' } },
  ] as const;

  it('are carried with their marks; those of other formats are reported', () => {
    const { body, note } = encode({ tools });
    expect(body.tools).toEqual([
      {
        name: 'a',
        description: 'A',
        input_schema: { type: 'object', additionalProperties: false },
        strict: true,
        cache_control: { type: 'ephemeral' },
      },
      { name: 'b', input_schema: { type: 'object' } },
      { type: 'web_search_20260318', name: 'web_search' },
    ]);
    expect(note('tools[3]')).toBe('dropped');
  });

  it('are chosen in Anthropic’s words', () => {
    const choice = (toolChoice: ModelRequest['toolChoice'], parallelToolCalls?: boolean) =>
      encode({ tools, toolChoice, parallelToolCalls }).body.tool_choice;
    expect(choice({ type: 'required' })).toEqual({ type: 'any' });
    expect(choice({ type: 'tool', name: 'a' }, false)).toEqual({
      type: 'tool',
      name: 'a',
      disable_parallel_tool_use: true,
    });
    expect(choice(undefined, false)).toEqual({ type: 'auto', disable_parallel_tool_use: true });
    expect(choice({ type: 'none' }, false)).toEqual({ type: 'none' });
    expect(choice(undefined)).toBeUndefined();
  });

  it('are filtered where only some are allowed', () => {
    const { body, note } = encode({ tools, toolChoice: { type: 'allowed', mode: 'required', names: ['b'] } });
    expect(body.tools).toMatchObject([{ name: 'b' }, { name: 'web_search' }]);
    expect(body.tool_choice).toEqual({ type: 'any' });
    expect(note('toolChoice')).toBe('approximated');
  });
});

describe('reasoning', () => {
  const thinking = (
    reasoning: ModelRequest['reasoning'],
    model: Partial<EncodeContext>,
    more: Partial<ModelRequest> = {},
  ) => {
    const { body, notes } = encode({ reasoning, maxOutputTokens: 32_000, ...more }, model);
    return { thinking: body.thinking, effort: (body.output_config as { effort?: string } | undefined)?.effort, notes };
  };

  it('becomes a budget for models that take budgets', () => {
    expect(thinking({ effort: 'high' }, BUDGET_MODEL)).toMatchObject({
      thinking: { type: 'enabled', budget_tokens: 16_000 },
    });
    expect(thinking({ effort: 'low' }, BUDGET_MODEL).thinking).toEqual({ type: 'enabled', budget_tokens: 2048 });
    expect(thinking({ effort: 'low' }, BUDGET_MODEL).effort).toBeUndefined();
    expect(thinking({ mode: 'adaptive', effort: 'medium' }, BUDGET_MODEL).thinking).toMatchObject({ type: 'enabled' });
  });

  it('becomes adaptive thinking with an effort for later models', () => {
    expect(thinking({ effort: 'minimal' }, ADAPTIVE_MODEL)).toMatchObject({
      thinking: { type: 'adaptive' },
      effort: 'low',
    });
    const budget = thinking({ mode: 'on', budgetTokens: 5000 }, ADAPTIVE_MODEL);
    expect(budget.thinking).toEqual({ type: 'adaptive' });
    expect(budget.notes[0]).toMatchObject({ field: 'reasoning.budgetTokens', action: 'approximated' });
  });

  it('keeps what the caller asked for where the model takes both', () => {
    expect(thinking({ mode: 'on', budgetTokens: 5000, display: 'summary' }, BOTH_MODEL).thinking).toEqual({
      type: 'enabled',
      budget_tokens: 5000,
      display: 'summarized',
    });
    expect(thinking({ mode: 'adaptive', display: 'omitted' }, BOTH_MODEL).thinking).toEqual({
      type: 'adaptive',
      display: 'omitted',
    });
    expect(thinking({ effort: 'xhigh' }, BOTH_MODEL)).toMatchObject({ thinking: { type: 'adaptive' }, effort: 'high' });
  });

  it('keeps budgets between 1024 and the limit, and gives up where nothing fits', () => {
    expect(thinking({ mode: 'on', budgetTokens: 99_999 }, BUDGET_MODEL).thinking).toMatchObject({
      budget_tokens: 31_999,
    });
    expect(thinking({ mode: 'on', budgetTokens: 10 }, BUDGET_MODEL).thinking).toMatchObject({ budget_tokens: 1024 });
    const small = thinking({ mode: 'on', budgetTokens: 2000 }, BUDGET_MODEL, { maxOutputTokens: 500 });
    expect(small.thinking).toBeUndefined();
    expect(small.notes[0]).toMatchObject({ field: 'reasoning', action: 'dropped' });
  });

  it('is off when it is not wanted or not possible', () => {
    expect(thinking({ effort: 'none' }, ADAPTIVE_MODEL).thinking).toEqual({ type: 'disabled' });
    expect(thinking({ mode: 'off' }, BUDGET_MODEL).thinking).toEqual({ type: 'disabled' });
    const never = thinking({ effort: 'high' }, { capabilities: { reasoning: false } });
    expect(never).toMatchObject({ notes: [{ field: 'reasoning', action: 'dropped' }] });
    expect(never.thinking).toBeUndefined();
  });

  it('does not begin inside a tool loop or beside a forced call, where a budget would be refused', () => {
    const loop = [
      user(text('a')),
      assistant({ type: 'tool-call', id: 't', name: 'f', arguments: '' }),
      user({ type: 'tool-result', callId: 't', content: [] }),
    ];
    expect(thinking({ effort: 'high' }, BUDGET_MODEL, { messages: loop }).thinking).toBeUndefined();
    const forced = { tools: [{ type: 'function', name: 'f' }], toolChoice: { type: 'required' } } as const;
    expect(thinking({ effort: 'high' }, BUDGET_MODEL, forced).thinking).toBeUndefined();
    expect(thinking({ effort: 'high' }, ADAPTIVE_MODEL, forced).thinking).toEqual({ type: 'adaptive' });
  });
});

describe('sampling and output', () => {
  it('drops what a model or Anthropic refuses, with notes', () => {
    const sampling = {
      temperature: 0.2,
      topP: 0.9,
      topK: 5,
      seed: 1,
      frequencyPenalty: 1,
      presencePenalty: 1,
      minP: 0.1,
    };
    const refusing = encode({ sampling }, ADAPTIVE_MODEL);
    for (const key of Object.keys(sampling)) expect(refusing.note(`sampling.${key}`), key).toBe('dropped');
    expect(refusing.body).not.toHaveProperty('temperature');
    const taking = encode({ sampling: { temperature: 1.5 } });
    expect(taking.body.temperature).toBe(1);
    expect(taking.note('sampling.temperature')).toBe('approximated');
    const both = encode({ sampling: { temperature: 0.5, topP: 0.9 } });
    expect(both.body).toMatchObject({ temperature: 0.5 });
    expect(both.note('sampling.topP')).toBe('dropped');
    // Models before Claude 4.1 take both.
    for (const model of ['claude-3-5-haiku-20241022', 'claude-sonnet-4-20250514', 'claude-opus-4-0']) {
      const { body } = encode({ sampling: { temperature: 0.5, topP: 0.9 } }, { model });
      expect(body).toMatchObject({ temperature: 0.5, top_p: 0.9 });
    }
  });

  it('drops sampling beside thinking', () => {
    const { body, note } = encode({ sampling: { temperature: 0.3, topK: 3 }, reasoning: { mode: 'on' } }, BUDGET_MODEL);
    expect(body).not.toHaveProperty('temperature');
    expect(note('sampling.temperature')).toBe('dropped');
    expect(note('sampling.topK')).toBe('dropped');
  });

  it('closes the objects of a schema', () => {
    const schema = {
      type: 'object',
      properties: { a: { type: 'array', items: { type: 'object', properties: {} } }, type: { type: 'string' } },
    };
    const { body, note } = encode({ output: { type: 'json-schema', schema, name: 'n' } });
    expect(body.output_config).toEqual({
      format: {
        type: 'json_schema',
        schema: {
          type: 'object',
          title: 'n',
          additionalProperties: false,
          properties: {
            a: { type: 'array', items: { type: 'object', properties: {}, additionalProperties: false } },
            type: { type: 'string' },
          },
        },
      },
    });
    expect(note('output.schema')).toBe('approximated');
    expect(note('output.name')).toBe('mapped');
  });

  it('says the bounds of a schema, which Anthropic refuses, in descriptions', () => {
    const schema = {
      type: 'object',
      properties: {
        minimum: { type: 'integer', description: 'How few.', minimum: 1, exclusiveMaximum: 10 },
        names: { type: 'array', minItems: 1, maxItems: 3, items: { $ref: '#/$defs/name' } },
        either: { anyOf: [{ type: 'string', maxLength: 5 }, { type: 'null' }] },
      },
      $defs: { name: { type: 'string', minLength: 2 } },
      additionalProperties: false,
    };
    const written = {
      type: 'object',
      properties: {
        minimum: { type: 'integer', description: 'How few. (minimum: 1, exclusiveMaximum: 10)' },
        names: { type: 'array', minItems: 1, description: '(maxItems: 3)', items: { $ref: '#/$defs/name' } },
        either: { anyOf: [{ type: 'string', description: '(maxLength: 5)' }, { type: 'null' }] },
      },
      $defs: { name: { type: 'string', description: '(minLength: 2)' } },
      additionalProperties: false,
    };
    const { body, note } = encode({ output: { type: 'json-schema', schema } });
    expect(body.output_config).toEqual({ format: { type: 'json_schema', schema: written } });
    expect(note('output.schema')).toBe('approximated');
    const tool = { type: 'function', name: 'f', parameters: schema } as const;
    const strict = encode({ tools: [{ ...tool, strict: true }] });
    expect(strict.body.tools).toEqual([{ name: 'f', input_schema: written, strict: true }]);
    expect(strict.note('tools[0].parameters')).toBe('approximated');
    // Bounds are only refused where the model is held to them.
    expect(encode({ tools: [tool] }).body.tools).toEqual([{ name: 'f', input_schema: schema }]);
  });

  it('asks for JSON in words', () => {
    const { body, note } = encode({ system: [{ type: 'text', text: 'S' }], output: { type: 'json' } });
    expect(body.system).toMatchObject([{ text: 'S' }, { text: expect.stringContaining('JSON') }]);
    expect(note('output')).toBe('approximated');
  });
});
