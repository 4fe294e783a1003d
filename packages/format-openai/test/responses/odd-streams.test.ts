import type { StreamEvent, WireFrame } from '@signalbox/core';
import { describe, expect, it } from 'vitest';
import { openaiResponses } from '../../src/index.ts';
import { completed, created, event, message, rawFrame, response } from './frames.ts';

const read = (...frames: WireFrame[]): readonly StreamEvent[] => {
  const decoder = openaiResponses.client.createStreamDecoder({ provider: 'acme' });
  return frames.flatMap((frame) => decoder.decode(frame));
};
const kinds = (events: readonly StreamEvent[]) => events.map(({ type }) => type);
const texts = (events: readonly StreamEvent[]) =>
  events.flatMap((one) => (one.type === 'text-delta' || one.type === 'reasoning-delta' ? [one.text] : []));

const place = { output_index: 0, content_index: 0 };
const said = (delta: string, more = {}) => event('response.output_text.delta', { ...place, ...more, delta });

describe('a piece', () => {
  it('of nothing brings nothing, also where the one before it was like it', () => {
    expect(texts(read(created, said('one'), said(''), said(' two'), said('')))).toEqual(['one', ' two']);
  });

  it('that comes before the answer was said to begin has begun it: a start can not come later', () => {
    expect(kinds(read(said('early'), created))).not.toContain('start');
  });

  it('of an item that is whole already brings nothing', () => {
    const whole = event('response.output_item.done', { output_index: 0, item: message('all of it') });
    expect(texts(read(created, whole, said(' and more')))).toEqual(['all of it']);
  });

  it('goes on with its text behind events that say nothing', () => {
    const added = event('response.content_part.added', { ...place, part: { type: 'output_text', text: '' } });
    expect(texts(read(created, said('one'), added, said(' two'), added, said(' three')))).toEqual([
      'one',
      ' two',
      ' three',
    ]);
  });
});

describe('items that are named, and not placed', () => {
  it('are not said again by the response at the end, which adds what their pieces left out', () => {
    const named = (item_id: string, delta: string) => event('response.output_text.delta', { item_id, delta });
    const end = completed(message('first text'), message('second text', { id: 'msg_2' }));
    const events = read(created, named('msg_1', 'first '), named('msg_2', 'second text'), end);
    expect(texts(events)).toEqual(['first ', 'second text', 'text']);
    expect(new Set(events.flatMap((one) => (one.type === 'text-delta' ? [one.index] : []))).size).toBe(2);
  });
});

describe('a tool call', () => {
  const item = { type: 'function_call', id: 'fc_1', call_id: 'call_1', name: 'look_up', arguments: '' };
  const added = event('response.output_item.added', { output_index: 0, item });
  const done = event('response.output_item.done', { output_index: 0, item: { ...item, arguments: '{"a":1}' } });

  it('is announced once, when it begins or when it is whole', () => {
    for (const frames of [[added, done], [done], [added, added, done, done]]) {
      expect(read(created, ...frames)).toEqual([
        expect.objectContaining({ type: 'start' }),
        expect.objectContaining({ type: 'tool-call-start', id: 'call_1', name: 'look_up' }),
        { type: 'tool-call-delta', index: 0, arguments: '{"a":1}' },
      ]);
    }
  });
});

describe('reasoning', () => {
  it('of which nothing is shown is a part of the answer all the same', () => {
    const item = { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'sealed' };
    const events = read(created, event('response.output_item.done', { output_index: 0, item }));
    expect(kinds(events)).toEqual(['start', 'reasoning-delta', 'reasoning-signature']);
    expect(texts(events)).toEqual(['']);
  });
});

describe('an event', () => {
  it('of a kind that nobody knows is passed over, whatever it holds; an error without a kind is one', () => {
    const error = { code: 'server_error', message: 'gone' };
    expect(kinds(read(created, event('response.some_tool.failed', { error })))).toEqual(['start']);
    expect(() => read(created, rawFrame(JSON.stringify({ error })))).toThrow('gone');
  });

  it('that is no JSON is passed over; an error in words is said, five hundred characters of it', () => {
    expect(kinds(read(created, rawFrame('[DONE]'), rawFrame(''), rawFrame('{"type":'), rawFrame('7')))).toEqual([
      'start',
    ]);
    expect(() => read(rawFrame(`  ${'words '.repeat(200)}`, 'error'))).toThrow(
      expect.objectContaining({ kind: 'server', message: 'words '.repeat(200).slice(0, 500) }),
    );
    expect(() => read(rawFrame('   ', 'error'))).toThrow('The provider ended the stream with an error.');
  });

  it('behind the end of the answer is passed over', () => {
    const end = event('response.completed', { response: response([message('all')]) });
    expect(texts(read(created, end, said('more'), rawFrame('gone', 'error')))).toEqual(['all']);
  });
});
