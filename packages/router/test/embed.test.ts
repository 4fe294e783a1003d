import { asObject, type EmbeddingCodec, type LedgerRow, ProviderError } from '@signalbox/core';
import { describe, expect, it } from 'vitest';
import { createManualClock } from '../../../testing/manual-clock.ts';
import { createRouter, type RouterOptions } from '../src/index.ts';
import { answers, type Behaviour, fakeProvider, tinyFormat } from './fake-provider.ts';

/** `{inputs}` -> `{vectors, tokens}`. */
const embedding: EmbeddingCodec = {
  encodeRequest: ({ inputs }, model) => ({ path: '/embed', body: { model, inputs: inputs.map(String) } }),
  decodeResponse: (body) => ({
    model: 'real',
    vectors: (asObject(body)?.vectors ?? []) as unknown as number[][],
    inputTokens: asObject(body)?.tokens as number | undefined,
  }),
  decodeRequest: () => ({ inputs: [] }),
  encodeResponse: () => ({}),
};
const format = { ...tinyFormat(), embedding };

const vectors = answers(200, { vectors: [[0.1, 0.2]], tokens: 3 });
const busy = answers(503, { error: { message: 'busy' } });

function embedder(behaviours: readonly Behaviour[], options: Partial<RouterOptions> = {}) {
  const rows: LedgerRow[] = [];
  const clock = createManualClock();
  const one = fakeProvider('one', behaviours, { format, facts: { type: 'embedding' } });
  const router = createRouter({
    providers: [one],
    random: () => 0,
    clock: {
      now: clock.now,
      after(milliseconds, callback) {
        if (milliseconds >= 60_000) return clock.after(milliseconds, callback);
        queueMicrotask(() => {
          clock.advance(milliseconds);
          callback();
        });
        return () => undefined;
      },
    },
    ledger: { append: (row) => rows.push(row) },
    ...options,
  });
  return { one, rows, clock, embed: () => router.embed({ model: 'one-model', inputs: ['hello'] }) };
}

const outcomes = (rows: readonly LedgerRow[]) => rows.map(({ attempt }) => [attempt.cause, attempt.outcome]);

describe('an embedding', () => {
  it('is asked for again where that may help, and every attempt is booked', async () => {
    const { embed, rows } = embedder([busy, vectors]);
    const { response, attempt } = await embed();
    expect(response.vectors).toEqual([[0.1, 0.2]]);
    expect(attempt).toMatchObject({
      cause: 'retry',
      answeredBy: 'real',
      usage: { inputTokens: 3, outputTokens: 0, provenance: 'reported' },
    });
    expect(outcomes(rows)).toEqual([
      ['first', 'failure'],
      ['retry', 'success'],
    ]);
  });

  it('has its input estimated where the provider counts nothing', async () => {
    const { embed } = embedder([answers(200, { vectors: [[1]] })]);
    const { attempt, response } = await embed();
    expect(attempt.usage).toMatchObject({ provenance: 'estimated', inputTokens: expect.any(Number) });
    // The caller is told the same.
    expect(response.inputTokens).toBe(attempt.usage?.inputTokens);
  });

  it('is no answer where there are not as many vectors as inputs', async () => {
    const { embed, rows } = embedder([answers(200, { vectors: [[1], [2]], tokens: 3 }), vectors]);
    expect((await embed()).response.vectors).toEqual([[0.1, 0.2]]);
    expect(rows[0]?.attempt.error).toMatchObject({ kind: 'invalid-response' });
  });

  it('waits for a limit as everything else does', async () => {
    const asked: number[] = [];
    const { embed } = embedder([vectors], {
      admission: {
        check: () => undefined,
        reserve(_, request) {
          asked.push(request.needs().inputTokens);
          return { settle: () => undefined, release: () => undefined };
        },
      },
    });
    await embed();
    expect(asked).toEqual([expect.any(Number)]);
    expect(asked[0]).toBeGreaterThan(0);
  });

  it('that fails says why, and leaves a row', async () => {
    const { embed, rows } = embedder([answers(401, { error: { message: 'no such key' } })]);
    await expect(embed()).rejects.toMatchObject({ last: { kind: 'authentication' } });
    expect(outcomes(rows)).toEqual([['first', 'failure']]);
  });

  it('that takes longer than a minute is given up', async () => {
    const { embed, clock, one } = embedder([
      ({ signal }) =>
        new Promise((_resolve, reject) =>
          signal.addEventListener('abort', () => reject(signal.reason), { once: true }),
        ),
    ]);
    const failed = embed().catch((error: unknown) => error);
    await expect.poll(() => one.calls.length).toBe(1);
    clock.advance(60_000);
    expect(await failed).toMatchObject({ last: { kind: 'timeout' } });
    expect(ProviderError.is(((await failed) as { last: unknown }).last)).toBe(true);
  });
});
