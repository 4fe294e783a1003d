import { ProviderError, responseEvents, type StreamEvent } from '@signalbox/core';
import { describe, expect, it } from 'vitest';
import { ollamaChat } from '../src/index.ts';

const { client, server } = ollamaChat;
const done = {
  model: 'qwen3:8b',
  created_at: '2025-07-07T20:22:19.184789Z',
  message: { role: 'assistant', content: '' },
  done: true,
  done_reason: 'stop',
  prompt_eval_count: 26,
  eval_count: 12,
};

describe('a stream for a caller', () => {
  function clock() {
    let time = 1_760_000_000_000;
    const pass = (milliseconds: number) => {
      time += milliseconds;
    };
    return { now: () => time, pass };
  }

  it('is one object a line, calls in one piece, with the times that passed', () => {
    const { now, pass } = clock();
    const encoder = server.createStreamEncoder({ model: 'auto', createId: () => 'made', now });
    const text: string[] = [];
    const send = (event: StreamEvent, after = 0) => {
      pass(after);
      text.push(encoder.encode(event));
    };
    send({ type: 'start', model: 'm' });
    send({ type: 'text-delta', index: 0, text: 'I look.' }, 200);
    send({ type: 'tool-call-start', index: 1, id: 'call_1', name: 'now' });
    send({ type: 'tool-call-delta', index: 1, arguments: '{"zone":' });
    send({ type: 'tool-call-delta', index: 1, arguments: '"UTC"}' });
    send({ type: 'usage-update', usage: { inputTokens: 3, outputTokens: 1, provenance: 'reported' } });
    send({ type: 'finish', reason: 'tool-calls' }, 100);
    expect(
      text
        .join('')
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual([
      {
        model: 'm',
        created_at: '2025-10-09T08:53:20.200Z',
        message: { role: 'assistant', content: 'I look.' },
        done: false,
      },
      {
        model: 'm',
        created_at: '2025-10-09T08:53:20.300Z',
        message: {
          role: 'assistant',
          content: '',
          tool_calls: [{ id: 'call_1', function: { index: 0, name: 'now', arguments: { zone: 'UTC' } } }],
        },
        done: false,
      },
      {
        model: 'm',
        created_at: '2025-10-09T08:53:20.300Z',
        message: { role: 'assistant', content: '' },
        done: true,
        done_reason: 'stop',
        total_duration: 300_000_000,
        load_duration: 0,
        prompt_eval_duration: 200_000_000,
        eval_duration: 100_000_000,
        prompt_eval_count: 3,
        eval_count: 1,
      },
    ]);
  });

  it('keeps the times that an Ollama server measured', () => {
    const answer = client.decodeResponse({ ...done, total_duration: 77, eval_duration: 7 }, { provider: 'local' });
    const encoder = server.createStreamEncoder({ model: 'auto', createId: () => 'made', now: clock().now });
    const text = [...responseEvents(answer)].map((event) => encoder.encode(event)).join('');
    expect(JSON.parse(text)).toMatchObject({ total_duration: 77, eval_duration: 7, prompt_eval_count: 26 });
  });

  it('ends after an error, without half a call', () => {
    const encoder = server.createStreamEncoder({ model: 'auto', createId: () => 'made', now: clock().now });
    encoder.encode({ type: 'tool-call-start', index: 0, id: 'call_1', name: 'now' });
    const error = new ProviderError({ kind: 'stream-cut', message: 'The provider broke off.' });
    expect(encoder.error(error)).toBe('{"error":"The provider broke off."}\n');
    expect(encoder.error(error)).toBe('');
    expect(encoder.encode({ type: 'finish', reason: 'stop' })).toBe('');
  });
});
