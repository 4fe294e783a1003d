import { describe, expect, test } from 'vitest';
import { at, events, post, useSimulator } from './simulator-client.ts';

describe('Responses', () => {
  const simulator = useSimulator();
  const ask = (body: object, headers: Record<string, string> = {}) =>
    post(simulator(), '/v1/responses', { model: 'gpt-5', input: 'Hello there', ...body }, headers);
  const outline = (text: string) =>
    events(text)
      .map((event) => event.event)
      .filter((name, index, all) => name !== all[index - 1]);

  test('streams created, items with their parts, and the completed response', async () => {
    const { text } = await ask({ stream: true });
    expect(outline(text)).toEqual([
      'response.created',
      'response.in_progress',
      'response.output_item.added',
      'response.content_part.added',
      'response.output_text.delta',
      'response.output_text.done',
      'response.content_part.done',
      'response.output_item.done',
      'response.completed',
    ]);
    const all = events(text);
    expect(all.map((event) => at(event.json, 'sequence_number'))).toEqual(all.map((_, index) => index));
    expect(all.every((event) => at(event.json, 'type') === event.event)).toBe(true);
    const whole = (await ask({})).json;
    expect(at(all.at(-1)?.json, 'response', 'output')).toEqual(at(whole, 'output'));
    expect(at(all.at(-1)?.json, 'response', 'usage')).toEqual(at(whole, 'usage'));
  });

  test('shows a summary of reasoning where it is asked for, and encrypts it where it is included', async () => {
    const { text } = await ask({ stream: true, reasoning: { effort: 'low', summary: 'auto' } });
    expect(outline(text).slice(2, 8)).toEqual([
      'response.output_item.added',
      'response.reasoning_summary_part.added',
      'response.reasoning_summary_text.delta',
      'response.reasoning_summary_text.done',
      'response.reasoning_summary_part.done',
      'response.output_item.done',
    ]);
    const { json } = await ask({ reasoning: { effort: 'low' }, include: ['reasoning.encrypted_content'] });
    expect(json).toMatchObject({ output: [{ type: 'reasoning', summary: [] }, { type: 'message' }] });
    expect(at(json, 'output', 0, 'encrypted_content')).toMatch(/^gAAAAA/);
    expect(at(json, 'usage', 'output_tokens_details', 'reasoning_tokens')).toBeGreaterThan(10);
  });

  test('calls a function in an item of its own and takes its output back by call id', async () => {
    const tools = [{ type: 'function', name: 'get_time', parameters: { type: 'object', properties: {} } }];
    const { text } = await ask({ stream: true, tools, tool_choice: 'required' });
    expect(outline(text).slice(2, 6)).toEqual([
      'response.output_item.added',
      'response.function_call_arguments.delta',
      'response.function_call_arguments.done',
      'response.output_item.done',
    ]);
    const call = at((await ask({ tools, tool_choice: 'required' })).json, 'output', 0) as Record<string, unknown>;
    expect(call).toMatchObject({ type: 'function_call', name: 'get_time', arguments: '{}' });
    const output = { type: 'function_call_output', call_id: call.call_id, output: 'twelve o’clock' };
    const input = [{ role: 'user', content: 'What time is it?' }, call, output];
    const answered = await ask({ tools, tool_choice: 'required', input });
    expect(at(answered.json, 'output', 0, 'content', 0, 'text')).toContain('twelve o’clock');
    const orphan = await ask({ input: [output] });
    expect(orphan.status).toBe(400);
    expect(at(orphan.json, 'error', 'message')).toContain('No tool call found');
  });

  test('is incomplete at the limit', async () => {
    const { json } = await ask({ max_output_tokens: 16 });
    expect(json).toMatchObject({ status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } });
    const { text } = await ask({ max_output_tokens: 16, stream: true });
    expect(events(text).at(-1)?.event).toBe('response.incomplete');
  });

  test('refuses in a part of its own', async () => {
    const { json } = await ask({}, { 'x-simulate': 'finish=refusal; text=No' });
    expect(json).toMatchObject({ status: 'completed', output: [{ content: [{ type: 'refusal', refusal: 'No' }] }] });
    const { text } = await ask({ stream: true }, { 'x-simulate': 'finish=refusal; text=No' });
    expect(outline(text)).toContain('response.refusal.delta');
  });

  test('counts a request’s tokens', async () => {
    const counted = await post(simulator(), '/v1/responses/input_tokens', { model: 'gpt-5', input: 'Hello there' });
    expect(counted.json).toEqual({ input_tokens: 3, object: 'response.input_tokens' });
  });
});
