import { type Attempt, type LedgerRow, RouterError } from '@signalbox/core';
import { describe, expect, test } from 'vitest';
import { createMemoryLedger, summarise } from '../src/index.ts';

function rowOf(decision: string, attempt: Partial<Attempt> = {}): LedgerRow {
  const provider = attempt.provider ?? 'anthropic';
  return {
    decision: {
      id: decision,
      decidedAt: 0,
      strategy: 'manual',
      reason: 'asked for',
      needs: {
        tools: false,
        vision: false,
        pdf: false,
        audio: false,
        jsonSchema: false,
        inputTokens: 100,
        maxOutputTokens: undefined,
      },
      order: [],
      removed: [],
    },
    caller: { tenant: 'local' },
    attempt: {
      candidate: `${provider}/claude-opus-4-0`,
      provider,
      model: 'claude-opus-4-20250514',
      cause: 'first',
      startedAt: 0,
      durationMs: 1,
      outcome: 'success',
      lane: 'canonical',
      simulated: false,
      notes: [],
      usage: { inputTokens: 100, outputTokens: 10, cacheReadTokens: 60, provenance: 'reported' },
      cost: { nanoUsd: 1000, provenance: 'reported' },
      ...attempt,
    },
  };
}

describe('a ledger in memory', () => {
  test('keeps the newest rows, oldest first', () => {
    const ledger = createMemoryLedger({ capacity: 3 });
    for (const id of ['1', '2', '3', '4', '5']) ledger.append(rowOf(id));
    expect(ledger.rows().map((row) => row.decision.id)).toEqual(['3', '4', '5']);
    expect(ledger.dropped()).toBe(2);
  });

  test('gives a copy', () => {
    const ledger = createMemoryLedger();
    ledger.append(rowOf('1'));
    const rows = ledger.rows();
    ledger.append(rowOf('2'));
    expect(rows).toHaveLength(1);
    expect(ledger.rows()).toHaveLength(2);
  });

  test.each([0, -1, 1.5, Number.NaN])('refuses a capacity of %d', (capacity) => {
    try {
      createMemoryLedger({ capacity });
      expect.unreachable();
    } catch (error) {
      expect(RouterError.is(error) && error.kind).toBe('usage');
    }
  });
});

describe('a summary', () => {
  const failed = { outcome: 'failure', usage: undefined, cost: undefined } as const;

  test('adds up by provider and model, the dearest first', () => {
    const gpt = { provider: 'openai', candidate: 'openai/gpt-5.5', model: 'gpt-5.5' };
    const summary = summarise([
      rowOf('1'),
      rowOf('2', { model: 'claude-opus-4-0' }),
      rowOf('3', { ...gpt, cost: { nanoUsd: 5000, provenance: 'estimated' } }),
    ]);
    expect(summary.total).toEqual({
      requests: 3,
      attempts: 3,
      failures: 0,
      inputTokens: 300,
      outputTokens: 30,
      cacheReadTokens: 180,
      nanoUsd: 7000,
      provenance: 'estimated',
      unknownPrices: 0,
    });
    expect(summary.providers.map(({ provider, nanoUsd }) => [provider, nanoUsd])).toEqual([
      ['openai', 5000],
      ['anthropic', 2000],
    ]);
    expect(summary.providers[1]?.models.map(({ model, attempts }) => [model, attempts])).toEqual([
      ['claude-opus-4-0', 2],
    ]);
    expect(summary.providers[1]?.provenance).toBe('reported');
  });

  test('counts a failover as one request of two attempts', () => {
    const { total } = summarise([rowOf('1', failed), rowOf('1')]);
    expect(total).toMatchObject({ requests: 1, attempts: 2, failures: 1, nanoUsd: 1000, unknownPrices: 0 });
  });

  test('counts tokens at an unknown price apart, also those of a cut answer', () => {
    const { total } = summarise([
      rowOf('1', { cost: undefined }),
      rowOf('2', { cost: undefined, outcome: 'aborted' }),
      rowOf('3', { ...failed, outcome: 'aborted' }),
    ]);
    expect(total).toMatchObject({ nanoUsd: 0, unknownPrices: 2, failures: 2 });
    expect(total.provenance).toBeUndefined();
  });

  test('keeps what was simulated out of what was spent', () => {
    const summary = summarise([rowOf('1', { simulated: true, cost: undefined }), rowOf('2')]);
    expect(summary.total).toMatchObject({ requests: 1, nanoUsd: 1000, inputTokens: 100 });
    expect(summary.simulated).toMatchObject({ requests: 1, inputTokens: 100, unknownPrices: 0 });
  });

  test('of nothing is zero', () => {
    expect(summarise([])).toMatchObject({ total: { attempts: 0, nanoUsd: 0 }, providers: [] });
  });
});
