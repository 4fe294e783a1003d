import type { EncodeContext, ModelRequest, Quirks } from '@signalbox/core';
import { describe, expect, test } from 'vitest';
import { openaiResponses } from '../../src/index.ts';

function encode(messages: ModelRequest['messages'], quirks: Quirks = {}) {
  const context: EncodeContext = { model: 'm', stream: false, provider: 'acme', quirks };
  return openaiResponses.client.encodeRequest({ system: [], messages }, context);
}

describe('notes', () => {
  test('say that an id of a tool call is respelled', () => {
    const id = 'x'.repeat(65);
    const { notes } = encode([
      { role: 'assistant', parts: [{ type: 'tool-call', id, name: 'f', arguments: '{}' }] },
      { role: 'user', parts: [{ type: 'tool-result', callId: id, content: [] }] },
    ]);
    expect(notes.map(({ field, action }) => [field, action])).toEqual([
      ['messages[0].parts[0].id', 'mapped'],
      ['messages[1].parts[0].callId', 'mapped'],
    ]);
  });

  test('say that cache marks of calls and results stay behind; a mark that is taken stands on the last part', () => {
    const messages: ModelRequest['messages'] = [
      { role: 'assistant', parts: [{ type: 'tool-call', id: 'a', name: 'f', arguments: '{}', cache: {} }] },
      {
        role: 'user',
        parts: [{ type: 'tool-result', callId: 'a', content: [{ type: 'text', text: '1' }], cache: {} }],
      },
    ];
    expect(encode(messages).notes.map(({ field, action }) => [field, action])).toEqual([
      ['messages[0].parts[0].cache', 'approximated'],
      ['messages[1].parts[0].cache', 'approximated'],
    ]);
    const { body } = encode(messages, { cacheMarks: 'prompt_cache_breakpoint' });
    const [, result] = body.input as { output: unknown }[];
    expect(result?.output).toEqual([
      { type: 'input_text', text: '1', prompt_cache_breakpoint: { mode: 'explicit', ttl: undefined } },
    ]);
  });
});
