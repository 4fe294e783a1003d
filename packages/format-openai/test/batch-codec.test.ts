import { describe, expect, it } from 'vitest';
import { openaiBatches, openaiChat } from '../src/index.ts';

const codec = openaiBatches(openaiChat.client);
const items = ['a', 'b'].map((id) => ({
  id,
  request: { path: '/chat/completions', headers: {}, body: { model: 'm' } },
}));

describe('the Batch API', () => {
  it('sends the requests as a file of lines, in a form whose boundary does not stand in it', () => {
    const inside = {
      ...items[0],
      id: 'signalbox-0',
      request: items[0]?.request ?? { path: '', headers: {}, body: {} },
    };
    const upload = codec.encodeUpload?.([...items, inside]);
    const boundary = /boundary=(.+)$/.exec(upload?.headers['content-type'] ?? '')?.[1] ?? '';
    expect(boundary).toBe('signalbox-1');
    const [, purpose = '', file = '', end] = upload?.body.split(`--${boundary}`) ?? [];
    expect(purpose).toMatch(/name="purpose"\r\n\r\nbatch\r\n$/);
    expect(end).toBe('--\r\n');
    const lines = file
      .slice(file.indexOf('\r\n\r\n') + 4)
      .trim()
      .split('\n');
    expect(JSON.parse(lines[0] ?? '')).toEqual({
      custom_id: 'a',
      method: 'POST',
      url: '/v1/chat/completions',
      body: { model: 'm' },
    });
    expect(lines).toHaveLength(3);
  });

  it('makes a batch of the file, for a day', () => {
    expect(codec.decodeUpload?.({ id: 'file-1', object: 'file' }, 'openai')).toBe('file-1');
    expect(() => codec.decodeUpload?.({}, 'openai')).toThrow(/without the "id"/);
    expect(JSON.parse(codec.encodeCreate(items, 'file-1').body)).toEqual({
      input_file_id: 'file-1',
      endpoint: '/v1/chat/completions',
      completion_window: '24h',
    });
  });

  it.each([
    ['validating', 'running'],
    ['in_progress', 'running'],
    ['finalizing', 'running'],
    ['cancelling', 'running'],
    ['completed', 'ended'],
    ['expired', 'ended'],
    ['cancelled', 'ended'],
    ['failed', 'failed'],
  ])('a batch that is %s is %s for us', (status, expected) => {
    const batch = { id: 'batch_1', status, output_file_id: 'o/1', error_file_id: null, created_at: 1_711_471_533 };
    expect(codec.decodeState(batch, 'openai')).toMatchObject({
      status: expected,
      createdAt: 1_711_471_533_000,
      resultPaths: ['/files/o%2F1/content'],
    });
  });

  it('says what is wrong with a file that was refused', () => {
    const errors = { object: 'list', data: [{ code: 'duplicate_custom_id', message: 'A duplicate.', line: 2 }] };
    expect(codec.decodeState({ id: 'b', status: 'failed', errors }, 'openai').problem).toBe('line 2: A duplicate.');
  });

  it('reads answers, errors of requests, and requests that nobody came to', () => {
    const body = {
      id: 'c',
      object: 'chat.completion',
      created: 1,
      model: 'm',
      choices: [{ index: 0, message: { role: 'assistant', content: 'Hello.' }, finish_reason: 'stop' }],
      usage: { prompt_tokens: 22, completion_tokens: 2, total_tokens: 24 },
    };
    const read = (rest: object) => codec.decodeResult({ custom_id: 'a', ...rest } as never, 'openai')?.outcome;
    expect(read({ response: { status_code: 200, body }, error: null })).toMatchObject({
      response: { usage: { inputTokens: 22 } },
    });
    const refusal = { error: { message: 'No such model.', type: 'invalid_request_error', code: 'model_not_found' } };
    expect(read({ response: { status_code: 404, body: refusal }, error: null })).toMatchObject({
      error: { kind: 'not-found', status: 404 },
    });
    expect(read({ response: null, error: { code: 'batch_expired', message: 'Too late.' } })).toMatchObject({
      error: { kind: 'timeout', message: 'Too late.' },
    });
    expect(codec.decodeResult({ id: 'no custom id' }, 'openai')).toBeUndefined();
  });
});
