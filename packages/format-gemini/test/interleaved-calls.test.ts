import type { StreamEvent } from '@signalbox/core';
import { expect, test } from 'vitest';
import { gemini } from '../src/index.ts';

/** What each event makes the encoder write, in short. */
function written(events: readonly StreamEvent[]): string[] {
  const encoder = gemini.server.createStreamEncoder({ model: 'm', createId: () => 'made', now: () => 0 });
  return events.map((event) => {
    const text = encoder.encode(event);
    if (text === '') return '';
    const { candidates } = JSON.parse(text.replace('data: ', '')) as { candidates: { content: { parts: object[] } }[] };
    return (candidates[0]?.content.parts ?? []).map((part) => JSON.stringify(Object.values(part)[0])).join(' ');
  });
}

test('a call that is whole goes before the text behind it, one that is not waits while texts go on', () => {
  expect(
    written([
      { type: 'start' },
      { type: 'tool-call-start', index: 0, id: 'a', name: 'f' },
      { type: 'tool-call-delta', index: 0, arguments: '{"of":"}' },
      { type: 'text-delta', index: 1, text: 'one' },
      { type: 'tool-call-delta', index: 0, arguments: '{"}' },
      { type: 'text-delta', index: 1, text: 'two' },
      { type: 'finish', reason: 'tool-calls' },
    ]),
  ).toEqual(['', '', '', '"one"', '', '{"id":"a","name":"f","args":{"of":"}{"}} "two"', '""']);
});
