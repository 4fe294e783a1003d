import type { StreamEvent, WireFrame } from '@signalbox/core';
import { expect, it } from 'vitest';
import { createStreamDecoder } from '../../src/responses/stream-decoder.ts';
import { createStreamEncoder } from '../../src/responses/stream-encoder.ts';

const context = { model: 'some-model', createId: () => 'made', now: () => 1_760_000_000_000, includeUsage: true };

interface Said {
  readonly type: string;
  readonly item?: unknown;
  readonly response?: { readonly output: readonly unknown[] };
}

/** The data of all events that a stream of these events is written as. */
function written(events: readonly StreamEvent[]): readonly Said[] {
  const encoder = createStreamEncoder(context);
  const text = events.map((event) => encoder.encode(event)).join('');
  const lines = text.split('\n').filter((line) => line.startsWith('data: '));
  return lines.map((line) => JSON.parse(line.slice('data: '.length)));
}

it('the response at the end has the items as their own events had them: messages, reasoning, calls', () => {
  const events = written([
    { type: 'start', id: 'resp_1', model: 'some-model' },
    { type: 'reasoning-delta', index: 0, text: 'I “think” so.' },
    { type: 'text-delta', index: 1, text: 'A “plain” text — ' },
    { type: 'text-delta', index: 1, text: 'in two pieces.\n' },
    { type: 'text-extension', index: 2, extensions: { 'openai-responses': { item: { id: 'msg_2', phase: 'final' } } } },
    { type: 'text-delta', index: 2, text: 'Of an item with a field of its own.' },
    { type: 'tool-call-start', index: 3, id: 'call_1', name: 'look_up' },
    { type: 'tool-call-delta', index: 3, arguments: '{"word":"“x”"' },
    { type: 'tool-call-delta', index: 3, arguments: ',"count":1}' },
    { type: 'tool-call-start', index: 4, id: 'call_2', name: 'nothing' },
    { type: 'finish', reason: 'tool-calls', extensions: { 'openai-responses': { service_tier: 'flex' } } },
  ]);
  const items = events.filter(({ type }) => type === 'response.output_item.done').map(({ item }) => item);
  expect(items).toHaveLength(5);
  const last = events.at(-1);
  expect(last?.response?.output).toEqual(items);
  expect(last?.response).toMatchObject({ id: 'resp_1', status: 'completed', service_tier: 'flex', usage: null });
  expect(items).toMatchObject([
    { type: 'reasoning', summary: [{ text: 'I “think” so.' }] },
    { type: 'message', content: [{ text: 'A “plain” text — in two pieces.\n', annotations: [], logprobs: [] }] },
    { id: 'msg_2', phase: 'final', content: [{ text: 'Of an item with a field of its own.' }] },
    { call_id: 'call_1', arguments: '{"word":"“x”","count":1}' },
    { call_id: 'call_2', arguments: '{}' },
  ]);
});

const frame = (event: string | undefined, data: string): WireFrame => ({ event, data, raw: new Uint8Array() });
const text = (event: StreamEvent) => (event.type === 'text-delta' ? event.text : '');

it('an event that says a text again brings nothing; the item that says more than its pieces does', () => {
  const decoder = createStreamDecoder({ provider: 'some' });
  const at = '"output_index":0,"content_index":0';
  const done = 'response.output_text.done';
  const events = [
    frame('response.output_text.delta', `{"type":"response.output_text.delta",${at},"delta":"Half a"}`),
    frame(done, `{"type":"${done}",${at},"text":"Half a text"}`),
    frame('response.content_part.done', '{"type":"response.content_part.done", broken'),
    frame(
      'response.output_item.done',
      '{"type":"response.output_item.done","output_index":0,"item":{"type":"message","content":[{"type":"output_text","text":"Half a text"}]}}',
    ),
  ].flatMap((one) => decoder.decode(one));
  expect(events.map(text).filter((one) => one !== '')).toEqual(['Half a', ' text']);
});

it('what an event is called in its data counts, not what its frame says', () => {
  const decoder = createStreamDecoder({ provider: 'some' });
  const data =
    '{"type":"response.output_text.delta","output_index":0,"content_index":0,"delta":"from a frame of another name"}';
  expect(decoder.decode(frame('response.output_text.done', data)).map(text)).toContain('from a frame of another name');
  const error = '{"type":"error","code":"server_error","message":"gone"}';
  expect(() => decoder.decode(frame('response.content_part.done', error))).toThrow('gone');
});

it('an answer begins with whichever of the events of its beginning comes first', () => {
  const decoder = createStreamDecoder({ provider: 'some' });
  const begun = (type: string) => frame(type, `{"type":"${type}","response":{"id":"resp_1","model":"m"}}`);
  const types = ['response.in_progress', 'response.created', 'response.queued'];
  expect(types.flatMap((type) => decoder.decode(begun(type))).map(({ type }) => type)).toEqual(['start']);
});
