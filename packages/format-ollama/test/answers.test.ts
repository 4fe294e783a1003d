import { framesOf } from '@signalbox/conformance';
import {
  createResponseFold,
  type JsonObject,
  type ModelResponse,
  ProviderError,
  type StreamEvent,
  type Usage,
} from '@signalbox/core';
import { describe, expect, it } from 'vitest';
import { ollamaChat } from '../src/index.ts';

const { client, server } = ollamaChat;
const created = { model: 'qwen3:8b', created_at: '2025-07-07T20:22:19.184789Z' };
const counts = { prompt_eval_count: 26, eval_count: 12 };
const call = (name: string, input: JsonObject) => ({ function: { name, arguments: input } });
const lines = (...all: JsonObject[]) => all.map((one) => `${JSON.stringify(one)}\n`).join('');
const delta = (message: JsonObject) => ({
  ...created,
  message: { role: 'assistant', content: '', ...message },
  done: false,
});
const done = { ...created, message: { role: 'assistant', content: '' }, done: true, done_reason: 'stop', ...counts };

function decodeStream(text: string): StreamEvent[] {
  const decoder = client.createStreamDecoder({ provider: 'local' });
  return [...framesOf('ndjson', text).flatMap((frame) => [...decoder.decode(frame)]), ...decoder.end()];
}

function fold(events: Iterable<StreamEvent>): ModelResponse {
  const all = createResponseFold();
  for (const event of events) all.add(event);
  return all.response();
}

function failure(work: () => unknown): ProviderError {
  try {
    work();
  } catch (error) {
    if (ProviderError.is(error)) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('a whole answer', () => {
  const whole = {
    ...created,
    message: { role: 'assistant', content: 'Sun.', thinking: 'Look.', tool_calls: [call('now', {})] },
    done: true,
    done_reason: 'stop',
    total_duration: 5,
    ...counts,
  };

  it('holds thoughts, text and calls; a call is what it stopped for', () => {
    expect(client.decodeResponse(whole, { provider: 'local' })).toEqual({
      model: 'qwen3:8b',
      createdAt: 1_751_919_739,
      parts: [
        { type: 'reasoning', text: 'Look.' },
        { type: 'text', text: 'Sun.' },
        { type: 'tool-call', id: 'call_ollama_20250707T202219184789Z_0', name: 'now', arguments: '{}' },
      ],
      finish: { reason: 'tool-calls', rawReason: 'stop' },
      usage: { inputTokens: 26, outputTokens: 12, provenance: 'reported' },
      extensions: { 'ollama-chat': { total_duration: 5 } },
    });
  });

  it('gives a call the same id each time, and another to the call of another turn', () => {
    const timeless = { ...whole, created_at: undefined };
    const id = (body: JsonObject) => {
      const [part] = client.decodeResponse(body, { provider: 'local' }).parts.filter((one) => one.type === 'tool-call');
      return part?.id;
    };
    expect(id(timeless)).toBe(id({ ...timeless }));
    expect(id(timeless)).not.toBe(id({ ...timeless, eval_count: 13 }));
  });

  it.each([
    [{ prompt_eval_count: 26 }, { inputTokens: 26, outputTokens: 0, provenance: 'estimated' }],
    [{}, undefined],
    [{ prompt_eval_count: -1, eval_count: null }, undefined],
  ])('with the counts %j has the usage %j', (said, usage) => {
    const { prompt_eval_count: _input, eval_count: _output, ...bare } = whole;
    expect(client.decodeResponse({ ...bare, ...said }, { provider: 'local' }).usage).toEqual(usage);
  });

  it('gets the counts that it lacks, from what it said and an estimate', () => {
    const { prompt_eval_count: _count, ...cached } = whole;
    const asked: (Usage | undefined)[] = [];
    const complete = (answer: JsonObject) =>
      ollamaChat.completeUsage?.(answer, (known) => {
        asked.push(known);
        return { inputTokens: 30, outputTokens: known?.outputTokens ?? 9, provenance: 'estimated' };
      });
    expect(complete(whole)).toBeUndefined();
    expect(asked).toEqual([]);
    expect(complete(cached)).toEqual({ ...cached, prompt_eval_count: 30, eval_count: 12 });
    expect(complete({ ...cached, eval_count: null })).toMatchObject({ prompt_eval_count: 30, eval_count: 9 });
    expect(asked).toEqual([{ inputTokens: 0, outputTokens: 12, provenance: 'estimated' }, undefined]);
  });

  it('marks its usage as estimated where Ollama left the prompt out of its count', () => {
    const { prompt_eval_count: _count, ...cached } = whole;
    expect(client.decodeResponse(cached, { provider: 'local' }).usage).toEqual({
      inputTokens: 0,
      outputTokens: 12,
      provenance: 'estimated',
    });
  });

  it.each([
    ['load', 'other'],
    ['unload', 'other'],
    ['length', 'length'],
    [undefined, 'stop'],
    ['novelty', 'other'],
  ])('with the reason %s ends with %s', (word, reason) => {
    const body = { ...done, done_reason: word };
    expect(client.decodeResponse(body, { provider: 'local' }).finish).toEqual({ reason, rawReason: word });
  });

  it('that is an error, not done, or none at all is thrown', () => {
    const kind = (body: unknown) => failure(() => client.decodeResponse(body, { provider: 'local' })).kind;
    expect(kind({ error: 'model "x" not found, try pulling it first' })).toBe('not-found');
    expect(kind({ ...whole, done: false })).toBe('invalid-response');
    expect(kind({ choices: [] })).toBe('invalid-response');
    expect(kind({ ...whole, message: { tool_calls: [{ function: {} }] } })).toBe('invalid-response');
  });

  it('is written with the model’s own words for its end, and without times that nobody measured', () => {
    const context = { model: 'auto', createId: () => 'made', now: () => 1_760_000_000_000 };
    const answer: ModelResponse = { parts: [{ type: 'text', text: 'Hi' }], finish: { reason: 'content-filter' } };
    expect(server.encodeResponse(answer, context)).toEqual({
      model: 'auto',
      created_at: '2025-10-09T08:53:20.000Z',
      message: { role: 'assistant', content: 'Hi' },
      done: true,
      done_reason: 'content_filter',
    });
    // A time that no date can be: whoever made it up, the answer is there.
    expect(server.encodeResponse({ ...answer, createdAt: 1e300 }, context).created_at).toBe('2025-10-09T08:53:20.000Z');
    const loaded = client.decodeResponse({ ...done, done_reason: 'load' }, { provider: 'local' });
    expect(server.encodeResponse(loaded, context).done_reason).toBe('load');
  });
});

describe('a stream', () => {
  it('goes on with a part until another kind comes', () => {
    const events = decodeStream(
      lines(
        delta({ thinking: 'Two ' }),
        delta({ thinking: 'cities.' }),
        delta({ content: 'I ' }),
        delta({ content: 'look.' }),
        delta({ tool_calls: [call('now', {}), call('get_weather', { city: 'Paris' })] }),
        done,
      ),
    );
    expect(events.map((event) => ('index' in event ? `${event.type} ${event.index}` : event.type))).toEqual([
      'start',
      'reasoning-delta 0',
      'reasoning-delta 0',
      'text-delta 1',
      'text-delta 1',
      'tool-call-start 2',
      'tool-call-delta 2',
      'tool-call-start 3',
      'tool-call-delta 3',
      'finish',
    ]);
    expect(fold(events)).toMatchObject({ finish: { reason: 'tool-calls' }, usage: { inputTokens: 26 } });
  });

  it('may bring its calls in the last line', () => {
    const last = { ...done, message: { role: 'assistant', content: '', tool_calls: [call('now', {})] } };
    expect(fold(decodeStream(lines(last)))).toMatchObject({
      parts: [{ type: 'tool-call', name: 'now', arguments: '{}' }],
      finish: { reason: 'tool-calls', rawReason: 'stop' },
    });
  });

  it('gathers log probabilities line by line', () => {
    const stream = lines(
      { ...delta({ content: 'a' }), logprobs: [{ token: 'a' }] },
      { ...done, logprobs: [{ token: 'b' }] },
    );
    expect(fold(decodeStream(stream)).extensions).toEqual({
      'ollama-chat': { logprobs: [{ token: 'a' }, { token: 'b' }] },
    });
  });

  it('without its last line is cut', () => {
    expect(failure(() => decodeStream(lines(delta({ content: 'Once upon' })))).kind).toBe('stream-cut');
    expect(failure(() => decodeStream('')).kind).toBe('stream-cut');
  });

  it.each([
    ['server busy, please try again. maximum pending requests exceeded', 'overloaded'],
    ['prompt too long; exceeded max context length by 12 tokens', 'context-length'],
    ['model runner has unexpectedly stopped', 'server'],
    ['rate limit reached', 'rate-limit'],
  ])('with the line {"error": "%s"} throws %s', (error, kind) => {
    const stream = lines(delta({ content: 'Once' }), { error });
    expect(failure(() => decodeStream(stream))).toMatchObject({ kind, message: error, provider: 'local' });
    const observer = ollamaChat.observe({ provider: 'local', hideUsage: false });
    const observed = failure(() => {
      for (const frame of framesOf('ndjson', stream)) observer.observe(frame);
    });
    expect(observed.kind).toBe(kind);
    expect(observer.text).toBe('Once');
  });

  it('is passed on byte for byte, but for lines that no client can read', () => {
    const observer = ollamaChat.observe({ provider: 'local', hideUsage: false });
    const verdicts = framesOf(
      'ndjson',
      `${lines(delta({ content: 'Hi' }))}{"broken\n42\n${lines({ novelty: 1 }, done)}`,
    );
    expect(verdicts.map((frame) => observer.observe(frame))).toEqual([
      { content: true, forward: true },
      { content: false, forward: false },
      { content: false, forward: false },
      { content: false, forward: true },
      { content: false, forward: true },
    ]);
    expect(observer.end()).toBe('');
    expect(observer.model).toBe('qwen3:8b');
  });
});
