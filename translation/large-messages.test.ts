import { describe, expect, it } from 'vitest';
import type { ModelRequest, Part } from '../packages/core/src/index.ts';
import { FORMATS } from '../wire-pack/formats.ts';

const CONTEXT = { model: 'some-model', stream: false, provider: 'some-provider', quirks: {} };
const each = FORMATS.map(({ format }) => [format.id, format] as const);

/** More than can be handed to a function as arguments. */
const MANY = 150_000;

describe.each(each)('%s', (_id, format) => {
  it('takes a message of very many parts, and turns of one role that are joined', () => {
    const parts = Array.from({ length: MANY }, (_, number): Part => ({ type: 'text', text: `${number}` }));
    const request: ModelRequest = {
      system: [],
      messages: [
        { role: 'user', parts: [{ type: 'text', text: 'first' }] },
        { role: 'user', parts },
        { role: 'assistant', parts },
        { role: 'user', parts: [{ type: 'text', text: 'last' }] },
      ],
    };
    const { body, path } = format.client.encodeRequest(request, CONTEXT);
    const { messages } = format.server.decodeRequest(JSON.parse(JSON.stringify(body)), path);
    const texts = messages.flatMap((message) => message.parts).map((part) => (part.type === 'text' ? part.text : ''));
    expect(texts.join(' ')).toContain(`${MANY - 1}`);
    expect(texts.at(-1)).toBe('last');
  });

  it('pairs calls and results in whatever order the results come', () => {
    const ids = Array.from({ length: 2000 }, (_, number) => `call_${number}`);
    const call = (id: string): Part => ({ type: 'tool-call', id, name: 'look_up', arguments: '{}' });
    const result = (callId: string): Part => {
      return { type: 'tool-result', callId, name: 'look_up', content: [{ type: 'text', text: callId }] };
    };
    const request: ModelRequest = {
      system: [],
      messages: [
        { role: 'user', parts: [{ type: 'text', text: 'first' }] },
        { role: 'assistant', parts: ids.map(call) },
        { role: 'user', parts: ids.toReversed().map(result) },
      ],
    };
    const { body, path } = format.client.encodeRequest(request, CONTEXT);
    const { messages } = format.server.decodeRequest(JSON.parse(JSON.stringify(body)), path);
    const results = messages.flatMap((message) => message.parts).filter((part) => part.type === 'tool-result');
    // Gemini's stand in the order of the calls.
    expect(results.map((one) => one.callId).toSorted()).toEqual(ids.toSorted());
    for (const { callId, content } of results) expect(content).toEqual([{ type: 'text', text: callId }]);
  });
});
