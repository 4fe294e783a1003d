import type { BatchCodec, Candidate, Provider, WireCall } from '@signalbox/core';
import { describe, expect, it } from 'vitest';
import { batchDecisionId, createBatchClient, ledgerRow } from '../src/index.ts';

const { signal } = new AbortController();
const item = { id: 'r1', request: { path: '/answers', headers: {}, body: { ask: 'hi' } } };

/** A provider that answers calls in turn, and remembers them. */
function providerWith(codec: BatchCodec | undefined, answers: readonly { status: number; body: string }[]) {
  const calls: WireCall[] = [];
  const provider = {
    id: 'acme',
    batches: codec,
    format: { client: { decodeError: (status: number) => ({ kind: 'server', message: `HTTP ${status}`, status }) } },
    simulated: false,
    async send(call: WireCall) {
      const answer = answers[calls.length] ?? { status: 500, body: '' };
      calls.push(call);
      return {
        status: answer.status,
        headers: {},
        bytes: async () => new TextEncoder().encode(answer.body),
        discard: () => undefined,
        async *frames() {
          yield answer.body.split('\n').map((data) => ({ raw: new Uint8Array(), data }));
        },
      };
    },
  } as unknown as Provider;
  return { provider, calls };
}

const state = (id: string) => ({
  id,
  status: 'ended' as const,
  reported: 'done',
  counts: { total: 1, succeeded: 1, failed: 0 },
  resultPaths: ['/out'],
});
const call = (method: 'GET' | 'POST', path: string, body = '') => ({ method, path, headers: {}, body });
const codec: BatchCodec = {
  mostRequests: 10,
  mostBytes: 1_000,
  oneModel: false,
  encodeUpload: (items) => call('POST', '/upload', JSON.stringify(items)),
  decodeUpload: (body) => String((body as { file: string }).file),
  encodeCreate: (_, fileId) => call('POST', '/create', String(fileId)),
  encodeStatus: (id) => call('GET', `/batch/${id}`),
  decodeState: (body) => state(String((body as { id: string }).id)),
  encodeResults: (path) => call('GET', path),
  decodeResult: (line) =>
    typeof line.custom === 'string'
      ? { id: line.custom, outcome: { error: { kind: 'server', message: 'no' } } }
      : undefined,
};

describe('a batch client', () => {
  it('uploads first where the provider wants a file, and makes the batch of it', async () => {
    const { provider, calls } = providerWith(codec, [
      { status: 200, body: '{"file":"f1"}' },
      { status: 200, body: '{"id":"b1"}' },
    ]);
    expect(await createBatchClient(provider).submit([item], signal)).toMatchObject({ id: 'b1' });
    expect(calls.map(({ method, path, body }) => [method, path, body])).toEqual([
      ['POST', '/upload', JSON.stringify([item])],
      ['POST', '/create', 'f1'],
    ]);
  });

  it('reads results line by line and passes over what is none', async () => {
    const { provider, calls } = providerWith(codec, [
      { status: 200, body: '{"custom":"r1"}\n\nnonsense\n{"else":1}\n' },
    ]);
    const results = [];
    for await (const result of createBatchClient(provider).results(state('b1'), signal)) results.push(result.id);
    expect(results).toEqual(['r1']);
    expect(calls[0]).toMatchObject({ method: 'GET', path: '/out', framing: 'ndjson' });
  });

  it("throws the provider's own error, once: nothing is sent again", async () => {
    const { provider, calls } = providerWith(codec, [{ status: 529, body: 'busy' }]);
    await expect(createBatchClient(provider).state('b1', signal)).rejects.toMatchObject({
      provider: 'acme',
      status: 529,
    });
    expect(calls).toHaveLength(1);
  });

  it('is none where the provider has no batch API', () => {
    expect(() => createBatchClient(providerWith(undefined, []).provider)).toThrow(/acme has no batch API/);
  });
});

describe('a row of the ledger', () => {
  const candidate = { id: 'acme/m', model: 'm', provider: { id: 'acme', simulated: false }, facts: {} } as Candidate;
  const about = { candidate, batchId: 'b1', submittedAt: 1_000, collectedAt: 9_000 };
  const asked: unknown[] = [];
  const pricing = {
    cost: (_: unknown, usage: { serviceTier?: string }, at: number) => {
      asked.push([usage.serviceTier, at]);
      return { nanoUsd: 5, provenance: 'reported' as const };
    },
    predict: () => undefined,
  };

  it('has the price of the batch tier, of the time when it was handed in, and stands in the books of when it was fetched', () => {
    const response = {
      parts: [],
      finish: { reason: 'stop' as const },
      usage: { inputTokens: 3, outputTokens: 4, serviceTier: 'standard', provenance: 'reported' as const },
    };
    const row = ledgerRow({ ...about, result: { id: 'r1', outcome: { response } } }, pricing, { tenant: 'local' });
    expect(asked).toEqual([['batch', 1_000]]);
    expect(row.decision.id).toBe(batchDecisionId('b1', 'r1'));
    expect(row.attempt).toMatchObject({ startedAt: 9_000, durationMs: 0, outcome: 'success', cost: { nanoUsd: 5 } });
    expect(row.attempt.usage?.serviceTier).toBe('batch');
  });

  it('costs nothing where there is no answer', () => {
    const result = { id: 'r2', outcome: { error: { kind: 'server' as const, message: 'Too bad.' } } };
    const { attempt } = ledgerRow({ ...about, result }, pricing, { tenant: 'local' });
    expect(attempt).toMatchObject({ outcome: 'failure', cost: { nanoUsd: 0 }, error: { kind: 'server' } });
    expect(attempt.usage).toBeUndefined();
  });
});
