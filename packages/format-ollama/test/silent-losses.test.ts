import type { ModelRequest } from '@signalbox/core';
import { expect, test } from 'vitest';
import { ollamaChat } from '../src/index.ts';

function notesOf(request: Partial<ModelRequest>) {
  const context = {
    model: 'm',
    stream: false,
    provider: 'acme',
    quirks: {},
    capabilities: { reasoning: true },
  };
  const messages: ModelRequest['messages'] = [{ role: 'user', parts: [{ type: 'text', text: 'Hi' }] }];
  return ollamaChat.client
    .encodeRequest({ system: [], messages, ...request }, context)
    .notes.map(({ field, action }) => [field, action]);
}

test('a name that the title of the schema says is mapped, another one is left out', () => {
  const schema = { type: 'object', title: 'Book' };
  expect(notesOf({ output: { type: 'json-schema', schema, name: 'Book' } })).toEqual([['output.name', 'mapped']]);
  expect(notesOf({ output: { type: 'json-schema', schema, name: 'Novel' } })).toEqual([
    ['output.name', 'approximated'],
  ]);
});

test('how much of the reasoning is to be shown is reported', () => {
  expect(notesOf({ reasoning: { mode: 'on', display: 'summary' } })).toEqual([['reasoning.display', 'approximated']]);
  expect(notesOf({ reasoning: { mode: 'on', display: 'full' } })).toEqual([]);
});

test('each tool that the choice leaves out is named', () => {
  const tools: ModelRequest['tools'] = [
    { type: 'function', name: 'one' },
    { type: 'function', name: 'other' },
  ];
  expect(notesOf({ tools, toolChoice: { type: 'tool', name: 'one' } })).toEqual([
    ['toolChoice', 'approximated'],
    ['tools[1]', 'mapped'],
  ]);
});

test('fields of another format are reported under their own path', () => {
  const parts: ModelRequest['messages'][number]['parts'] = [
    { type: 'text', text: 'Hi', extensions: { gemini: { thoughtSignature: 's' } } },
  ];
  expect(notesOf({ messages: [{ role: 'user', parts }] })).toEqual([
    ['messages[0].parts[0].extensions.gemini.thoughtSignature', 'dropped'],
  ]);
});

test('a refusal that becomes text and a free-text call that becomes JSON are reported', () => {
  const turns: ModelRequest['messages'] = [
    { role: 'assistant', parts: [{ type: 'text', text: 'I won’t.', refusal: true }] },
    { role: 'assistant', parts: [{ type: 'tool-call', id: 'a', name: 'shell', arguments: 'ls', kind: 'custom' }] },
    { role: 'user', parts: [{ type: 'tool-result', callId: 'a', content: [] }] },
  ];
  const fields = notesOf({ messages: turns }).filter(([field]) => field !== 'messages');
  expect(fields).toEqual([
    ['messages[0].parts[0].refusal', 'approximated'],
    ['messages[1].parts[0]', 'approximated'],
  ]);
});
