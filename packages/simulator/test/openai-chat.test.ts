import { describe, expect, test } from 'vitest';
import { at, events, post, useSimulator } from './simulator-client.ts';

const WEATHER = {
  type: 'function',
  function: { name: 'get_weather', parameters: { type: 'object', properties: { city: { type: 'string' } } } },
};
const TIME = { type: 'function', function: { name: 'get_time', parameters: { type: 'object', properties: {} } } };

describe('Chat Completions', () => {
  const simulator = useSimulator();
  const base = { model: 'gpt-5', messages: [{ role: 'user', content: 'Hello there' }] };
  const ask = (body: object, headers: Record<string, string> = {}) =>
    post(simulator(), '/v1/chat/completions', { ...base, ...body }, headers);

  test('streams the role, the text, the finish and [DONE]; usage only where it is asked for', async () => {
    const { text, headers } = await ask({ stream: true });
    expect(headers.get('x-request-id')).toMatch(/^req_/);
    const chunks = events(text);
    expect(chunks[0]?.json).toMatchObject({
      choices: [{ delta: { role: 'assistant', content: '' }, finish_reason: null }],
    });
    expect(chunks.at(-2)?.json).toMatchObject({ choices: [{ delta: {}, finish_reason: 'stop' }] });
    expect(chunks.at(-1)?.data).toBe('[DONE]');
    expect(text).not.toContain('"usage"');
  });

  test('sends usage in a chunk without choices before [DONE], and null before it', async () => {
    const chunks = events((await ask({ stream: true, stream_options: { include_usage: true } })).text);
    expect(chunks.at(-1)?.data).toBe('[DONE]');
    expect(chunks.at(-2)?.json).toMatchObject({ choices: [], usage: { prompt_tokens: 3 } });
    expect(chunks.slice(0, -2).every((chunk) => at(chunk.json, 'usage') === null)).toBe(true);
  });

  test('takes an id that is no text for one that nothing answers', async () => {
    const call = { id: { toString: false }, type: 'function', function: { name: 'get_time', arguments: '{}' } };
    const { status, text } = await ask({ messages: [...base.messages, { role: 'assistant', tool_calls: [call] }] });
    expect(status, text).toBe(400);
  });

  test('begins a single call in the first chunk and brings its arguments in pieces', async () => {
    const { text } = await ask({ stream: true, tools: [WEATHER], tool_choice: 'required' });
    const chunks = events(text);
    expect(chunks[0]?.json).toMatchObject({
      choices: [
        {
          delta: {
            content: null,
            tool_calls: [{ index: 0, type: 'function', function: { name: 'get_weather', arguments: '' } }],
          },
        },
      ],
    });
    const pieces = chunks.map((chunk) =>
      at(chunk.json, 'choices', 0, 'delta', 'tool_calls', 0, 'function', 'arguments'),
    );
    expect(JSON.parse(pieces.join(''))).toEqual({ city: 'simulated city' });
    expect(text).toContain('"finish_reason":"tool_calls"');
  });

  test('makes parallel calls with an index each, one where parallel calls are off', async () => {
    const body = { tools: [WEATHER, TIME], messages: [{ role: 'user', content: 'Use get_weather and get_time.' }] };
    const both = await ask(body);
    expect(at(both.json, 'choices', 0, 'message', 'tool_calls')).toHaveLength(2);
    const streamed = events((await ask({ ...body, stream: true })).text);
    const starts = streamed
      .map(
        (chunk) => at(chunk.json, 'choices', 0, 'delta', 'tool_calls', 0) as { id?: string; index: number } | undefined,
      )
      .filter((call) => call?.id !== undefined);
    expect(starts.map((call) => call?.index)).toEqual([0, 1]);
    const one = await ask({ ...body, parallel_tool_calls: false });
    expect(at(one.json, 'choices', 0, 'message', 'tool_calls')).toHaveLength(1);
  });

  test('ends a call that was forced by name in `stop`, as OpenAI does', async () => {
    const { json } = await ask({
      tools: [WEATHER],
      tool_choice: { type: 'function', function: { name: 'get_weather' } },
    });
    expect(json).toMatchObject({
      choices: [
        { finish_reason: 'stop', message: { content: null, tool_calls: [{ function: { name: 'get_weather' } }] } },
      ],
    });
  });

  test('counts hidden reasoning, and shows it in a compatible vendor’s field on demand', async () => {
    const hidden = (await ask({ reasoning_effort: 'low' })).json;
    expect(at(hidden, 'usage', 'completion_tokens_details', 'reasoning_tokens')).toBeGreaterThan(10);
    expect(at(hidden, 'choices', 0, 'message')).not.toHaveProperty('reasoning_content');
    const shown = await ask(
      { reasoning_effort: 'low', stream: true },
      { 'x-simulate': 'reasoningField=reasoning_content' },
    );
    const reasoning = events(shown.text).map((chunk) => at(chunk.json, 'choices', 0, 'delta', 'reasoning_content'));
    expect(reasoning.join('')).toContain('The request is "Hello there"');
  });

  test('reads a repeated long beginning from the cache in steps of 128 tokens', async () => {
    const messages = [{ role: 'system', content: 'A rule to follow. '.repeat(400) }, ...base.messages];
    expect(at((await ask({ messages })).json, 'usage', 'prompt_tokens_details', 'cached_tokens')).toBe(0);
    expect(at((await ask({ messages })).json, 'usage', 'prompt_tokens_details', 'cached_tokens')).toBe(1792);
  });

  test('ends at the limit with `length`, in either spelling', async () => {
    for (const limit of ['max_tokens', 'max_completion_tokens'])
      expect((await ask({ [limit]: 4 })).json).toMatchObject({
        choices: [{ finish_reason: 'length' }],
        usage: { completion_tokens: 4 },
      });
  });

  test('refuses calls without results and results without calls', async () => {
    const call = {
      role: 'assistant',
      tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'f', arguments: '{}' } }],
    };
    const without = await ask({ messages: [...base.messages, call, { role: 'user', content: 'And?' }] });
    expect(without.status).toBe(400);
    expect(at(without.json, 'error', 'message')).toContain('call_1');
    const orphan = await ask({ messages: [...base.messages, { role: 'tool', tool_call_id: 'call_9', content: 'x' }] });
    expect(orphan.status).toBe(400);
    expect(orphan.json).toMatchObject({ error: { type: 'invalid_request_error', param: 'messages[1].role' } });
  });
});
