import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '../src/index.ts';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.close());
beforeEach(() => simulator.reset());

const VERSION = { 'anthropic-version': '2023-06-01' };
async function send(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
  const text = typeof body === 'string' ? body : body === undefined ? undefined : JSON.stringify(body);
  const reply = await fetch(`${simulator.url}${path}`, {
    method,
    headers,
    ...(text === undefined ? {} : { body: text }),
  });
  return { status: reply.status, text: await reply.text() };
}
const json = async (...call: Parameters<typeof send>) => JSON.parse((await send(...call)).text);
const lines = async (path: string, headers = {}) =>
  (await send('GET', path, undefined, headers)).text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

describe('Message Batches', () => {
  const params = (content: string) => ({
    model: 'claude-haiku-4-5',
    max_tokens: 50,
    messages: [{ role: 'user', content }],
  });
  const submit = (requests: unknown) => json('POST', '/v1/messages/batches', { requests }, VERSION);

  it('are under way at the first look and done at the second; results are lines, not in the order of the requests', async () => {
    const { id, processing_status } = await submit([
      { custom_id: 'a', params: params('one') },
      { custom_id: 'b', params: params('two [[simulate: status=529]]') },
      { custom_id: 'c', params: { model: 'claude-haiku-4-5' } },
    ]);
    expect(processing_status).toBe('in_progress');
    const path = `/v1/messages/batches/${id}`;
    expect((await send('GET', `${path}/results`)).status).toBe(404);
    expect(await json('GET', path)).toMatchObject({ processing_status: 'in_progress', results_url: null });
    expect(await json('GET', path)).toMatchObject({
      processing_status: 'ended',
      request_counts: { processing: 0, succeeded: 1, errored: 2 },
      results_url: `${simulator.url}${path}/results`,
    });
    expect(await lines(`${path}/results`)).toMatchObject([
      { custom_id: 'c', result: { type: 'errored', error: { error: { type: 'invalid_request_error' } } } },
      { custom_id: 'b', result: { type: 'errored', error: { error: { type: 'overloaded_error' } } } },
      {
        custom_id: 'a',
        result: { type: 'succeeded', message: { role: 'assistant', usage: { service_tier: 'batch' } } },
      },
    ]);
  });

  it('are refused where an id is missing, bad or stands twice', async () => {
    for (const ids of [['a b'], [undefined], ['a', 'a'], []]) {
      const requests = ids.map((custom_id) => ({ custom_id, params: params('x') }));
      const { status, text } = await send('POST', '/v1/messages/batches', { requests }, VERSION);
      expect([status, JSON.parse(text).type]).toEqual([400, 'error']);
    }
  });

  it('can be cancelled', async () => {
    const { id } = await submit([{ custom_id: 'a', params: params('one') }]);
    await send('POST', `/v1/messages/batches/${id}/cancel`, {}, VERSION);
    expect(await lines(`/v1/messages/batches/${id}/results`)).toEqual([
      { custom_id: 'a', result: { type: 'canceled' } },
    ]);
  });
});

describe('the Batch API', () => {
  const line = (custom_id: string, body: unknown, url = '/v1/chat/completions') =>
    `${JSON.stringify({ custom_id, method: 'POST', url, body })}\n`;
  const chat = (content: string, model = 'gpt-4o') => ({ model, messages: [{ role: 'user', content }] });

  async function submit(text: string) {
    const form = new FormData();
    form.append('purpose', 'batch');
    form.append('file', new Blob([text]), 'batch.jsonl');
    const reply = await fetch(`${simulator.url}/v1/files`, { method: 'POST', body: form });
    const file = (await reply.json()) as { id: string };
    expect(file).toMatchObject({ object: 'file', purpose: 'batch', filename: 'batch.jsonl', bytes: text.length });
    expect((await send('GET', `/v1/files/${file.id}/content`)).text).toBe(text);
    return json('POST', '/v1/batches', {
      input_file_id: file.id,
      endpoint: '/v1/chat/completions',
      completion_window: '24h',
    });
  }

  it('takes a file, and has a file of answers and one of errors', async () => {
    const { id, status } = await submit(line('a', chat('one')) + line('b', chat('two [[simulate: status=400]]')));
    expect(status).toBe('validating');
    expect(await json('GET', `/v1/batches/${id}`)).toMatchObject({ status: 'in_progress', output_file_id: null });
    const done = await json('GET', `/v1/batches/${id}`);
    expect(done).toMatchObject({ status: 'completed', request_counts: { total: 2, completed: 1, failed: 1 } });
    expect(await lines(`/v1/files/${done.output_file_id}/content`)).toMatchObject([
      { custom_id: 'a', response: { status_code: 200, body: { object: 'chat.completion' } }, error: null },
    ]);
    expect(await lines(`/v1/files/${done.error_file_id}/content`)).toMatchObject([
      { custom_id: 'b', response: { status_code: 400, body: { error: { type: 'invalid_request_error' } } } },
    ]);
  });

  it.each([
    ['an id that stands twice', line('a', chat('x')) + line('a', chat('y')), 'duplicate_custom_id', 2],
    ['two models', line('a', chat('x')) + line('b', chat('y', 'gpt-4-turbo')), 'mismatched_model', 2],
    ['another endpoint', line('a', chat('x'), '/v1/responses'), 'mismatched_url', 1],
    ['a line that is no JSON', 'nonsense\n', 'invalid_json_line', 1],
    ['nothing', '\n', 'empty_file', null],
  ])('fails a batch with %s, once it has looked', async (_, text, code, number) => {
    const { id } = await submit(text);
    expect(await json('GET', `/v1/batches/${id}`)).toMatchObject({
      status: 'failed',
      errors: { data: [{ code, line: number }] },
    });
  });
});
