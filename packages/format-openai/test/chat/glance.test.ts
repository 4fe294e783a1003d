import type { JsonObject } from '@signalbox/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openaiChat } from '../../src/index.ts';

const answer = fc.record<JsonObject>(
  {
    id: fc.constantFrom('chatcmpl-1', '', null),
    model: fc.constantFrom('gpt-4o-mini', '', null),
    error: fc.constantFrom(null, { message: 'no' }),
    service_tier: fc.constantFrom('default', 'priority'),
    usage: fc.constantFrom(
      null,
      { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 },
      { prompt_tokens: 7, completion_tokens: 3, prompt_tokens_details: { cached_tokens: 5 } },
      { prompt_tokens: 7, completion_tokens: 3, total_tokens: 12, completion_tokens_details: { audio_tokens: 1 } },
    ),
    choices: fc.array(
      fc.record<JsonObject>(
        {
          index: fc.constant(0),
          finish_reason: fc.constantFrom('stop', 'length', 'tool_calls', 'error', 'odd', '', null),
          stop_reason: fc.constantFrom(null, 'END'),
          error: fc.constantFrom(null, { message: 'broken' }),
          message: fc.record<JsonObject>(
            {
              content: fc.constantFrom('Hello', '', null, [{ type: 'text', text: 'part' }] as JsonObject[]),
              refusal: fc.constantFrom(null, '', 'no'),
              reasoning_content: fc.constantFrom(null, '', 'thought'),
              tool_calls: fc.constantFrom(
                null,
                [] as JsonObject[],
                [{ id: 'c1', type: 'function', function: { name: 'f', arguments: '{}' } }] as JsonObject[],
              ),
            },
            { requiredKeys: ['content'] },
          ),
        },
        { requiredKeys: ['message', 'finish_reason'] },
      ),
      { minLength: 0, maxLength: 2 },
    ),
  },
  { requiredKeys: ['choices'] },
);

describe('a glance at a whole answer', () => {
  it('says what the decoder says, or nothing', () => {
    fc.assert(
      fc.property(answer, (body) => {
        const seen = openaiChat.glance?.(body);
        if (seen === undefined) return;
        const decoded = openaiChat.client.decodeResponse(body, { provider: 'openai' });
        const { id, model, usage, finish } = decoded;
        const output = decoded.parts.map((part) => ('text' in part ? part.text : '')).join('');
        expect(seen).toEqual({ id, model, usage, finish, output });
      }),
    );
  });

  it('is enough for a plain text', () => {
    const body = { choices: [{ index: 0, message: { role: 'assistant', content: 'Hi' }, finish_reason: 'stop' }] };
    expect(openaiChat.glance?.(body)?.output).toBe('Hi');
  });

  it('leaves to the decoder what is no answer', () => {
    for (const body of [undefined, [], {}, { choices: [] }, { error: { message: 'no' } }, { choices: [{}] }])
      expect(openaiChat.glance?.(body)).toBeUndefined();
  });
});
