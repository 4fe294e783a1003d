import { describe, expect, test } from 'vitest';
import { createResponseFold, type ModelResponse, responseEvents, type StreamEvent } from '../src/index.ts';

function fold(events: Iterable<StreamEvent>): ModelResponse {
  const folded = createResponseFold();
  for (const event of events) folded.add(event);
  return folded.response();
}

describe('the fold of a stream', () => {
  test('is the response that the stream was made of', () => {
    const extensions = { acme: { id: 'r1', list: [1] } };
    const response: ModelResponse = {
      id: 'a',
      model: 'm',
      createdAt: 7,
      parts: [
        { type: 'reasoning', text: 'Hm', encrypted: { issuer: 'acme', value: 'c2Vj' }, extensions },
        { type: 'reasoning', text: '', extensions },
        { type: 'text', text: 'No.', refusal: true, extensions },
        { type: 'tool-call', id: 'c', name: 'f', arguments: '{}', extensions },
      ],
      finish: { reason: 'tool-calls' },
    };
    expect(fold(responseEvents(response))).toEqual(response);
  });

  test('knows a refusal whose fields came before its words', () => {
    const extensions = { acme: { id: 't1' } };
    const { parts } = fold([
      { type: 'text-extension', index: 0, extensions },
      { type: 'text-delta', index: 0, text: 'No.', refusal: true },
      { type: 'finish', reason: 'refusal' },
    ]);
    expect(parts).toEqual([{ type: 'text', text: 'No.', refusal: true, extensions }]);
  });

  test('joins lists of fields that come one by one, and leaves the events as they were', () => {
    const events = [1, 2, 3].map((number): StreamEvent => {
      return { type: 'text-extension', index: 0, extensions: { acme: { list: [number], last: number } } };
    });
    const before = structuredClone(events);
    expect(fold(events).parts).toEqual([
      { type: 'text', text: '', extensions: { acme: { list: [1, 2, 3], last: 3 } } },
    ]);
    expect(events).toEqual(before);
  });
});
