import type { ModelRequest } from '@signalbox/core';
import { expect, test } from 'vitest';
import { anthropicMessages } from '../src/index.ts';

function notesOf(request: Partial<ModelRequest>) {
  const context = { model: 'm', stream: false, provider: 'acme', quirks: {}, maxOutput: 4000 };
  const whole: ModelRequest = {
    system: [],
    messages: [{ role: 'user', parts: [{ type: 'text', text: 'Hi' }] }],
    ...request,
  };
  return anthropicMessages.client.encodeRequest(whole, context).notes.map(({ field, action }) => [field, action]);
}

test('fields of another format are reported under their own path', () => {
  expect(notesOf({ extensions: { 'openai-chat': { verbosity: 'low' } } })).toEqual([
    ['extensions.openai-chat.verbosity', 'dropped'],
  ]);
});

test('what hangs on an empty text is reported when the text goes', () => {
  const parts: ModelRequest['messages'][number]['parts'] = [
    { type: 'text', text: 'Hi' },
    { type: 'text', text: '', extensions: { gemini: { thoughtSignature: 's' } } },
  ];
  expect(notesOf({ messages: [{ role: 'assistant', parts }] })).toEqual([
    ['messages[0].parts[1].extensions.gemini.thoughtSignature', 'dropped'],
  ]);
});

test('a strict schema is said to be what every schema is', () => {
  expect(notesOf({ output: { type: 'json-schema', schema: { additionalProperties: false }, strict: true } })).toEqual([
    ['output.strict', 'mapped'],
  ]);
});

test('thinking that becomes adaptive is reported', () => {
  expect(notesOf({ reasoning: { mode: 'on' } })).toEqual([['reasoning.mode', 'mapped']]);
});

test('each tool that is left out by the choice is named', () => {
  const tools: ModelRequest['tools'] = [
    { type: 'function', name: 'one' },
    { type: 'function', name: 'other' },
  ];
  expect(notesOf({ tools, toolChoice: { type: 'allowed', mode: 'auto', names: ['one'] } })).toEqual([
    ['tools[1]', 'mapped'],
    ['toolChoice', 'approximated'],
  ]);
});
