import type { ModelRequest } from '@signalbox/core';
import { expect, test } from 'vitest';
import { gemini } from '../src/index.ts';

const messages: ModelRequest['messages'] = [{ role: 'user', parts: [{ type: 'text', text: 'Hi' }] }];

function notesOf(request: Partial<ModelRequest>) {
  const context = { model: 'gemini-3-flash', stream: false, provider: 'acme', quirks: {} };
  return gemini.client
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

test('a tier under another name and a mode that the effort says are mapped', () => {
  expect(notesOf({ serviceTier: 'default' })).toEqual([['serviceTier', 'mapped']]);
  expect(notesOf({ serviceTier: 'flex' })).toEqual([]);
  expect(notesOf({ reasoning: { mode: 'adaptive', effort: 'low' } })).toEqual([['reasoning.mode', 'mapped']]);
  expect(notesOf({ reasoning: { mode: 'on' } })).toEqual([['reasoning.mode', 'mapped']]);
});

test('a file without a media type is reported', () => {
  const source = { kind: 'file', fileId: 'https://generativelanguage.googleapis.com/v1beta/files/abc' } as const;
  expect(notesOf({ messages: [{ role: 'user', parts: [{ type: 'image', source }] }] })).toEqual([
    ['messages[0].parts[0].source', 'approximated'],
  ]);
});

test('reasoning in full is what Google shows only summaries of', () => {
  expect(notesOf({ reasoning: { display: 'full' } })).toEqual([['reasoning.display', 'approximated']]);
});

test('null is a value of default and const in a schema', () => {
  const parametersJsonSchema = {
    type: 'object',
    properties: { city: { type: ['string', 'null'], default: null }, never: { const: null } },
  };
  const { tools } = gemini.server.decodeRequest(
    { contents: [], tools: [{ functionDeclarations: [{ name: 'f', parametersJsonSchema }] }] },
    '/models/m:generateContent',
  );
  expect(tools).toEqual([{ type: 'function', name: 'f', parameters: parametersJsonSchema }]);
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
