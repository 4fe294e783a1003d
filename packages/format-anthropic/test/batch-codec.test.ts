import { describe, expect, it } from 'vitest';
import { anthropicBatches } from '../src/index.ts';

const message = {
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'claude-opus-4-20250514',
  content: [{ type: 'text', text: 'Hello!' }],
  stop_reason: 'end_turn',
  stop_sequence: null,
  usage: { input_tokens: 10, output_tokens: 34, service_tier: 'batch' },
};

describe('Message Batches', () => {
  it('hands all requests in with one call, and every beta that one of them needs', () => {
    const call = anthropicBatches.encodeCreate(
      [
        { id: 'a', request: { path: '/messages', headers: { 'anthropic-beta': 'x, y' }, body: { model: 'm' } } },
        { id: 'b', request: { path: '/messages', headers: { 'anthropic-beta': 'y' }, body: { model: 'n' } } },
      ],
      undefined,
    );
    expect(call).toMatchObject({
      method: 'POST',
      path: '/messages/batches',
      headers: { 'anthropic-version': '2023-06-01', 'anthropic-beta': 'x,y' },
    });
    expect(JSON.parse(call.body)).toEqual({
      requests: [
        { custom_id: 'a', params: { model: 'm' } },
        { custom_id: 'b', params: { model: 'n' } },
      ],
    });
  });

  it('reads how a batch stands', () => {
    const batch = {
      id: 'msgbatch_1',
      type: 'message_batch',
      processing_status: 'in_progress',
      request_counts: { processing: 2, succeeded: 0, errored: 0, canceled: 0, expired: 0 },
      created_at: '2024-09-24T18:37:24.100435Z',
      expires_at: '2024-09-25T18:37:24.100435Z',
      archived_at: null,
      results_url: null,
    };
    expect(anthropicBatches.decodeState(batch, 'anthropic')).toMatchObject({
      status: 'running',
      counts: { total: 2, succeeded: 0, failed: 0 },
      createdAt: Date.parse('2024-09-24T18:37:24.100Z'),
      resultPaths: [],
    });
    const ended = {
      ...batch,
      processing_status: 'ended',
      request_counts: { processing: 0, succeeded: 50, errored: 30, canceled: 10, expired: 10 },
    };
    expect(anthropicBatches.decodeState(ended, 'anthropic')).toMatchObject({
      status: 'ended',
      counts: { total: 100, succeeded: 50, failed: 50 },
      resultPaths: ['/messages/batches/msgbatch_1/results'],
    });
    const archived = { ...ended, archived_at: '2024-10-30T00:00:00Z' };
    expect(anthropicBatches.decodeState(archived, 'anthropic')).toMatchObject({ resultPaths: [], problem: /archived/ });
    expect(() => anthropicBatches.decodeState({}, 'anthropic')).toThrow(/without a batch/);
  });

  it.each([
    [{ type: 'succeeded', message }, { response: { model: 'claude-opus-4-20250514', usage: { outputTokens: 34 } } }],
    [
      { type: 'errored', error: { type: 'error', error: { type: 'invalid_request_error', message: 'Bad.' } } },
      { error: { kind: 'invalid-request', message: 'Bad.' } },
    ],
    [{ type: 'expired' }, { error: { kind: 'timeout' } }],
    [{ type: 'canceled' }, { error: { code: 'canceled' } }],
    [{ type: 'succeeded', message: {} }, { error: { kind: 'invalid-response' } }],
  ])('reads the result %j', (result, outcome) => {
    expect(anthropicBatches.decodeResult({ custom_id: 'a', result }, 'anthropic')).toMatchObject({ id: 'a', outcome });
  });
});
