import { asArray, type EncodeContext, type ModelRequest, type Part, type TranslationNote } from '@signalbox/core';
import { describe, expect, it } from 'vitest';
import { ollamaChat } from '../src/index.ts';

const context: EncodeContext = { model: 'mistral:7b', stream: true, provider: 'local', quirks: {} };
const thinker: EncodeContext = { ...context, model: 'qwen3:8b', capabilities: { reasoning: true } };
const question: ModelRequest = { system: [], messages: [{ role: 'user', parts: [{ type: 'text', text: 'Hello?' }] }] };
const weather = { type: 'function', name: 'get_weather' } as const;
const now = { type: 'function', name: 'now' } as const;

function encode(more: Partial<ModelRequest>, where: EncodeContext = context) {
  return ollamaChat.client.encodeRequest({ ...question, ...more }, where);
}

function messageOf(role: 'user' | 'assistant', parts: readonly Part[]) {
  const { body, notes } = encode({ messages: [{ role, parts }] });
  return { messages: body.messages, notes };
}

const actions = (notes: readonly TranslationNote[]) => notes.map((note) => `${note.action} ${note.field}`);

describe('tools', () => {
  const names = (more: Partial<ModelRequest>) => {
    const { body, notes } = encode({ tools: [weather, now], ...more });
    const tools = (body.tools ?? []) as unknown as { function: { name: string } }[];
    return [tools.map((tool) => tool.function.name), ...actions(notes)];
  };

  it('have the function form, with a schema even where there are no arguments', () => {
    expect(encode({ tools: [now] }).body.tools).toEqual([
      { type: 'function', function: { name: 'now', parameters: { type: 'object', properties: {} } } },
    ]);
  });

  it('are offered as the choice allows', () => {
    expect(names({})).toEqual([['get_weather', 'now']]);
    expect(names({ toolChoice: { type: 'none' } })).toEqual([
      [],
      'mapped toolChoice',
      'mapped tools[0]',
      'mapped tools[1]',
    ]);
    expect(encode({ tools: [now], toolChoice: { type: 'none' } }).body).not.toHaveProperty('tools');
    expect(names({ toolChoice: { type: 'required' } })).toEqual([['get_weather', 'now'], 'approximated toolChoice']);
    expect(names({ toolChoice: { type: 'tool', name: 'now' } })).toEqual([
      ['now'],
      'approximated toolChoice',
      'mapped tools[0]',
    ]);
    expect(names({ toolChoice: { type: 'allowed', mode: 'auto', names: ['now'] } })).toEqual([
      ['now'],
      'mapped toolChoice',
      'mapped tools[0]',
    ]);
    expect(names({ toolChoice: { type: 'allowed', mode: 'required', names: ['now'] } })).toEqual([
      ['now'],
      'approximated toolChoice',
      'mapped tools[0]',
    ]);
  });

  it('are called with an object; other text is wrapped', () => {
    const { messages, notes } = messageOf('assistant', [
      { type: 'text', text: 'I ' },
      { type: 'text', text: 'look.' },
      { type: 'tool-call', id: 'call_1', name: 'now', arguments: '' },
      { type: 'tool-call', id: 'call_2', name: 'get_weather', arguments: '{"city":' },
      { type: 'tool-call', id: 'call_ollama_0', name: 'get_weather', arguments: '{"city":"Paris"}' },
    ]);
    expect(asArray(messages).slice(0, 1)).toEqual([
      {
        role: 'assistant',
        content: 'I look.',
        tool_calls: [
          { id: 'call_1', function: { name: 'now', arguments: {} } },
          { id: 'call_2', function: { name: 'get_weather', arguments: { __raw: '{"city":' } } },
          // An id that we made up for a server without ids does not go back to it.
          { function: { name: 'get_weather', arguments: { city: 'Paris' } } },
        ],
      },
    ]);
    expect(actions(notes)).toContain('approximated messages[0].parts[3].arguments');
  });

  it('answer in messages of their own, with name and id, before what the user says', () => {
    const { body, notes } = encode({
      messages: [
        { role: 'assistant', parts: [{ type: 'tool-call', id: 'call_1', name: 'now', arguments: '{}' }] },
        {
          role: 'user',
          parts: [
            { type: 'text', text: 'And?' },
            { type: 'tool-result', callId: 'call_1', content: [{ type: 'text', text: 'no clock' }], isError: true },
          ],
        },
      ],
    });
    expect((body.messages as unknown[]).slice(1)).toEqual([
      { role: 'tool', content: 'Error: no clock', tool_name: 'now', tool_call_id: 'call_1' },
      { role: 'user', content: 'And?' },
    ]);
    expect(actions(notes)).toEqual(['mapped messages[1].parts[1].isError']);
  });
});

describe('thinking', () => {
  it.each([
    [{ mode: 'off' }, context, false, []],
    [{ effort: 'none' }, context, false, []],
    [{ mode: 'on' }, thinker, true, []],
    [{ mode: 'on' }, context, undefined, ['approximated reasoning']],
    [{ mode: 'on' }, { ...context, capabilities: { reasoning: false } }, undefined, ['dropped reasoning']],
    [{ effort: 'high' }, thinker, true, ['approximated reasoning.effort']],
    [{ effort: 'high' }, { ...thinker, reasoningEfforts: ['low', 'medium', 'high'] }, 'high', []],
    [
      { effort: 'minimal' },
      { ...thinker, reasoningEfforts: ['low', 'medium', 'high'] },
      'low',
      ['approximated reasoning.effort'],
    ],
    [{ budgetTokens: 2000 }, thinker, true, ['approximated reasoning.budgetTokens']],
  ] as const)('%o is sent as the model takes it', (reasoning, where, think, noted) => {
    const { body, notes } = encode({ reasoning }, where);
    expect(body.think).toBe(think);
    expect(actions(notes)).toEqual(noted);
  });

  it('is passed on as it came from a caller who speaks the format, unless the model is known not to think', () => {
    const own: Partial<ModelRequest> = { reasoning: { mode: 'on', effort: 'max' }, extensions: { 'ollama-chat': {} } };
    expect(encode(own).body.think).toBe('max');
    expect(encode(own, { ...context, capabilities: { reasoning: false } }).body).not.toHaveProperty('think');
  });

  it('goes back unsigned or to its issuer, never to another', () => {
    const { messages, notes } = messageOf('assistant', [
      { type: 'reasoning', text: 'Mine.', signature: { issuer: 'local', value: 'x' } },
      { type: 'reasoning', text: 'Theirs.', signature: { issuer: 'anthropic', value: 'c2lnbmVk' } },
      { type: 'reasoning', text: 'Plain.' },
      { type: 'text', text: 'Hi.' },
    ]);
    expect(messages).toEqual([{ role: 'assistant', content: 'Hi.', thinking: 'Mine.\n\nPlain.' }]);
    expect(actions(notes)).toEqual(['dropped messages[0].parts[1]']);
  });
});
