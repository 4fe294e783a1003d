import type { FinishEvent, JsonObject, StreamEvent, WireFrame } from '@signalbox/core';
import { describe, expect, it } from 'vitest';
import { openaiChat } from '../../src/index.ts';
import { chunk, done, frame, usageChunk } from './frames.ts';

function read(...frames: WireFrame[]): readonly StreamEvent[] {
  const decoder = openaiChat.client.createStreamDecoder({ provider: 'acme' });
  return [...frames.flatMap((one) => decoder.decode(one)), ...decoder.end()];
}
const finishOf = (events: readonly StreamEvent[]) => events.at(-1) as FinishEvent;
/** What the parts of an answer are, in few words. */
const told = (events: readonly StreamEvent[]) =>
  events.flatMap((one) => {
    if (one.type === 'text-delta') return [`${one.index} ${one.refusal === true ? 'refusal' : 'text'} ${one.text}`];
    return one.type === 'reasoning-delta' ? [`${one.index} thought ${one.text}`] : [];
  });
/** A chunk with these choices. */
const choices = (...some: JsonObject[]) => frame({ id: 'c1', created: 7, model: 'm', choices: some });
const STOP = chunk({}, 'stop');

describe('a stream of Chat Completions', () => {
  it('has no time where its server writes none: a zero is not 1970', () => {
    const [start] = read(frame({ id: 'c1', created: 0, model: '', choices: [] }), STOP);
    expect(start).toEqual({ type: 'start', id: 'c1', model: undefined, createdAt: undefined });
  });

  it('has thoughts and texts in the order in which they came', () => {
    const thinking = (text: string) => ({ type: 'thinking', thinking: [{ type: 'text', text }] });
    const events = read(
      chunk({ content: [thinking('one'), { type: 'text', text: 'two' }, thinking('three'), thinking('!')] }),
      STOP,
    );
    expect(told(events)).toEqual(['0 thought one', '1 text two', '2 thought three', '2 thought !']);
  });

  it('refuses nothing with a refusal of no words', () => {
    const events = read(chunk({ content: 'Yes.', refusal: '' }), STOP);
    expect(told(events)).toEqual(['0 text Yes.']);
    expect(finishOf(events).reason).toBe('stop');
  });

  it('is over with a reason of no words, which takes nothing from one that had some', () => {
    expect(finishOf(read(chunk({ content: 'so' }, ''))).reason).toBe('stop');
    const cut = finishOf(read(chunk({ content: 'so' }, 'length'), chunk({}, '')));
    expect(cut.reason).toBe('length');
  });

  it('says which text stopped it, whatever comes behind that', () => {
    const stopped = choices({ index: 0, delta: {}, finish_reason: 'stop', stop_reason: 'END' });
    expect(finishOf(read(chunk({ content: 'so' }), stopped, chunk({}))).stopSequence).toBe('END');
  });

  it('of several answers is over when all of them are', () => {
    const both = [
      choices({ index: 0, delta: { content: 'one' } }, { index: 1, delta: { content: 'two' } }),
      choices({ index: 0, delta: {}, finish_reason: 'stop' }),
    ];
    expect(() => read(...both)).toThrow(expect.objectContaining({ kind: 'stream-cut' }));
    const events = read(...both, choices({ index: 1, delta: {}, finish_reason: 'length' }), usageChunk(), done);
    const others = events.flatMap((one) => (one.type === 'other-answer' ? [one.event] : []));
    expect(others.map(({ type }) => type)).toEqual(['text-delta', 'finish']);
    expect(others.at(-1)).toMatchObject({ reason: 'length' });
    expect(finishOf(events)).toMatchObject({ type: 'finish', reason: 'stop' });
  });
});

describe('what is told beside the words', () => {
  const annotations = [{ type: 'url_citation', url_citation: { url: 'https://example.org', title: 'Example' } }];
  const token = { token: 'No', logprob: -0.1, bytes: null, top_logprobs: [] };
  const extensions = (events: readonly StreamEvent[]) =>
    events.flatMap((one) => (one.type === 'text-extension' ? [{ index: one.index, citations: one.citations }] : []));

  it('of pages that are named before the text hangs on the text', () => {
    const events = read(chunk({ annotations }), chunk({ content: 'so' }), STOP);
    expect(extensions(events)).toEqual([{ index: 0, citations: [{ url: 'https://example.org', title: 'Example' }] }]);
    expect(told(events)).toEqual(['0 text so']);
  });

  it('of pages that are named for the whole answer hangs on its text', () => {
    const pages = { search_results: [{ title: 'Example', url: 'https://example.org' }] };
    const events = read(chunk({ content: 'so' }, null, pages), STOP);
    expect(extensions(events)).toEqual([{ index: 0, citations: [{ url: 'https://example.org', title: 'Example' }] }]);
    expect(extensions(read(chunk({ content: 'so' }), STOP))).toEqual([]);
  });

  it('of the tokens of a refusal hangs on the refusal', () => {
    const refused = { index: 0, delta: { refusal: 'No' }, logprobs: { refusal: [token] } };
    expect(extensions(read(choices(refused), STOP))).toEqual([{ index: 0, citations: undefined }]);
  });

  it('of the tokens of an answer without words stays with its message', () => {
    const call = { index: 0, id: 'c', type: 'function', function: { name: 'look_up', arguments: '{}' } };
    const called = { index: 0, delta: { tool_calls: [call] }, logprobs: { content: [token] } };
    const events = read(choices(called), chunk({}, 'tool_calls'));
    expect(extensions(events)).toEqual([]);
    expect(finishOf(events).extensions).toMatchObject({ 'openai-chat': { message: { logprobs: [token] } } });
  });

  it('in a voice is what it says, for whom can not play it', () => {
    const audio = { id: 'a1', data: 'AAAA', transcript: 'Good morning.' };
    const parts = read(chunk({ audio }), STOP).flatMap((one) => (one.type === 'opaque-part' ? [one.part] : []));
    expect(parts).toMatchObject([
      { value: { type: 'audio', audio }, otherwise: { type: 'text', text: 'Good morning.' } },
    ]);
    const mute = read(chunk({ audio: { id: 'a1', data: 'AAAA' } }), STOP).find(({ type }) => type === 'opaque-part');
    expect(mute).not.toHaveProperty('part.otherwise');
  });
});
