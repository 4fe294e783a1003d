import { describe, expect, test } from 'vitest';
import { openaiChat } from '../../src/index.ts';
import { chunk, done, frame, usageChunk } from './frames.ts';

const observe = (hideUsage = false) => openaiChat.observe({ provider: 'acme', hideUsage });

describe('the observer of a stream that passes through', () => {
  test('lets frames through as they are and follows what they say', () => {
    const observer = observe();
    const verdicts = [
      frame(''),
      chunk({ role: 'assistant', content: '' }),
      chunk({ reasoning_content: 'Hm' }),
      chunk({ content: 'Hel' }),
      chunk({ content: 'lo' }),
      chunk({}, 'length'),
      usageChunk(),
      done,
    ].map((one) => observer.observe(one));
    expect(verdicts.map((verdict) => verdict.forward)).toEqual(Array(8).fill(true));
    expect(verdicts.map((verdict) => verdict.content)).toEqual([false, false, true, true, true, false, false, false]);
    expect(observer.end()).toBe('');
    expect(observer).toMatchObject({
      model: 'm',
      text: 'Hello',
      finish: { reason: 'length', rawReason: 'length' },
      usage: { inputTokens: 3, outputTokens: 2 },
    });
  });

  test('tool calls are content and the reason', () => {
    const observer = observe();
    const call = { index: 0, id: 'a', function: { name: 'f', arguments: '' } };
    expect(observer.observe(chunk({ tool_calls: [call] })).content).toBe(true);
    observer.observe(chunk({}, 'stop'));
    expect(observer.finish).toEqual({ reason: 'tool-calls', rawReason: 'stop' });
  });

  test('the usage chunk that the caller did not ask for is left out; usage on a choice stays', () => {
    const observer = observe(true);
    const usage = { usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 } };
    expect(observer.observe(chunk({ content: 'Hi' }, null, { usage: null })).forward).toBe(true);
    expect(observer.observe(chunk({}, 'stop', usage)).forward).toBe(true);
    expect(observer.observe(usageChunk()).forward).toBe(false);
    expect(observer.usage).toMatchObject({ inputTokens: 3, outputTokens: 2 });
    expect(observe(false).observe(usageChunk()).forward).toBe(true);
    expect(observe(true).observe(frame({ id: '', choices: [], prompt_filter_results: [] })).forward).toBe(true);
  });

  test('a malformed event is left out', () => {
    const observer = observe();
    expect(observer.observe(frame('{"choices":[{')).forward).toBe(false);
    observer.observe(chunk({ content: 'Hi' }, 'stop'));
    expect(observer.text).toBe('Hi');
  });

  test('a missing [DONE] is added, and only to an answer that is complete', () => {
    const complete = observe();
    complete.observe(chunk({ content: 'Hi' }));
    complete.observe(chunk({}, 'stop'));
    expect(complete.end()).toBe('data: [DONE]\n\n');
    const cut = observe();
    cut.observe(chunk({ content: 'Hi' }));
    expect(cut.finish).toBeUndefined();
    for (const end of [() => cut.end(), () => cut.observe(done)]) {
      expect(end).toThrow(/before the answer was complete/);
    }
    expect(cut.text).toBe('Hi');
  });

  test('with several choices the answer is complete when each is', () => {
    const observer = observe();
    const choice = (index: number, reason: string | null) =>
      frame({ id: 'c', choices: [{ index, delta: { content: 'x' }, finish_reason: reason }] });
    for (const one of [choice(0, null), choice(1, null), choice(0, 'stop')]) observer.observe(one);
    expect(() => observer.end()).toThrow();
    observer.observe(choice(1, 'stop'));
    expect(observer.end()).toBe('data: [DONE]\n\n');
    expect(observer.text).toBe('xx');
  });

  test('knows the usage of what an error ended', () => {
    const observer = observe();
    const usage = { prompt_tokens: 3, completion_tokens: 1, total_tokens: 4 };
    expect(() => observer.observe(chunk({}, null, { usage, error: { message: 'gone', code: 502 } }))).toThrow('gone');
    expect(observer.usage).toMatchObject({ inputTokens: 3 });
  });
});
