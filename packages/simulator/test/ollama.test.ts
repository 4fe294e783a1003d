import { describe, expect, test } from 'vitest';
import { at, lines, post, useSimulator } from './simulator-client.ts';

describe('Ollama', () => {
  const simulator = useSimulator();
  const base = { model: 'llama3.2', messages: [{ role: 'user', content: 'Hello there' }] };
  const ask = (body: object = {}) => post(simulator(), '/api/chat', { ...base, ...body });

  test('streams lines by default; the last one is done and counts', async () => {
    const { text, headers } = await ask();
    expect(headers.get('content-type')).toBe('application/x-ndjson');
    const all = lines(text);
    expect(all.slice(0, -1).every((line) => at(line, 'done') === false)).toBe(true);
    expect(all.at(-1)).toMatchObject({
      done: true,
      done_reason: 'stop',
      prompt_eval_count: 3,
      message: { content: '' },
    });
    expect(at(all.at(-1), 'total_duration')).toBeGreaterThan(0);
  });

  test('thinks in lines of their own', async () => {
    const all = lines((await ask({ think: true })).text);
    expect(all.map((line) => at(line, 'message', 'thinking')).join('')).toContain('The request is');
    const { json } = await post(simulator(), '/api/generate', {
      model: 'llama3.2',
      prompt: 'Hi',
      think: true,
      stream: false,
    });
    expect(at(json, 'thinking')).toContain('The request is');
  });

  test('calls a whole tool before the last line, which says `stop`', async () => {
    const tools = [
      { type: 'function', function: { name: 'get_weather', parameters: { type: 'object', properties: {} } } },
    ];
    const all = lines((await ask({ tools, messages: [{ role: 'user', content: 'Call get_weather now' }] })).text);
    expect(all).toHaveLength(2);
    expect(all[0]).toMatchObject({ message: { tool_calls: [{ function: { name: 'get_weather', arguments: {} } }] } });
    expect(all[1]).toMatchObject({ done_reason: 'stop' });
  });

  test('ends at num_predict with `length`, and takes -1 for no limit', async () => {
    expect((await ask({ stream: false, options: { num_predict: 4 } })).json).toMatchObject({
      done_reason: 'length',
      eval_count: 4,
    });
    expect((await ask({ stream: false, options: { num_predict: -1 } })).json).toMatchObject({ done_reason: 'stop' });
  });

  test('loads and unloads on an empty request', async () => {
    expect(lines((await ask({ messages: [] })).text)).toMatchObject([{ done: true, done_reason: 'load' }]);
    expect((await ask({ messages: [], keep_alive: 0, stream: false })).json).toMatchObject({ done_reason: 'unload' });
  });
});
