import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';
import type { AttemptRequest, Candidate, LedgerRow, Provider } from '../packages/core/src/index.ts';
import { createBudgets, createPricing } from '../packages/cost-tracker/src/index.ts';
import { createSqliteLedger } from '../packages/store-sqlite/src/index.ts';
import { median } from './median.ts';

const USERS = [1, 10, 100, 1_000, 10_000];
/** Each user asks twice at least. */
const REQUESTS = 20_000;
const DOLLAR = 1_000_000_000;

/** What admission and booking of a request cost with so many users and keys. */
export interface MoneyGrowth {
  readonly users: number;
  /** CPU microseconds of a request: admission, settlement, booking and the store's work behind them. */
  readonly microseconds: number;
  /** The same without budgets. */
  readonly bookingMicroseconds: number;
}

/** Measures in turns: every number of users once in a round. Each has budgets for every user and every key, in a file of its own. */
export async function measureMoneyGrowth(rounds: number): Promise<readonly MoneyGrowth[]> {
  const figures = USERS.map(() => ({ budgets: [] as number[], booking: [] as number[] }));
  for (let round = 0; round <= rounds; round += 1) {
    for (const [index, users] of USERS.entries()) {
      const [budgets, booking] = [await costOf(users, true), await costOf(users, false)];
      // The first warms the compiler up.
      if (round === 0) continue;
      figures[index]?.budgets.push(budgets);
      figures[index]?.booking.push(booking);
    }
  }
  return USERS.map((users, index) => ({
    users,
    microseconds: median(figures[index]?.budgets ?? []),
    bookingMicroseconds: median(figures[index]?.booking ?? []),
  }));
}

async function costOf(users: number, limited: boolean): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-bench-'));
  const ledger = createSqliteLedger({ file: join(folder, 'signalbox.db') });
  const pricing = createPricing();
  const names = Array.from({ length: users }, (_, index) => `user-${index}`);
  const plan = {
    daily: 100_000 * DOLLAR,
    perUser: { default: 1_000 * DOLLAR },
    perKey: Object.fromEntries(names.map((name) => [name, { daily: 1_000 * DOLLAR }])),
  };
  const budgets = limited ? createBudgets({ plan, pricing, store: ledger.budgets() }) : undefined;
  try {
    const before = process.cpuUsage();
    for (let index = 0; index < REQUESTS; index += 1) {
      const row = rowOf(index, names[index % users] ?? '');
      if (budgets !== undefined) {
        const request = requestOf(row.caller);
        if (budgets.check(candidate, request) !== undefined) throw new Error('bench: a budget refused');
        const reservation = budgets.reserve(candidate, request);
        if (reservation === undefined || !('settle' in reservation)) throw new Error('bench: nothing was reserved');
        reservation.settle(row.attempt);
      }
      ledger.append(row);
      // Timers of the ledger and of the leases have their turn.
      if (index % 50 === 49) await breathe();
    }
    ledger.flush();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / REQUESTS;
  } finally {
    budgets?.close();
    ledger.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

const candidate: Candidate = {
  id: 'openai/gpt-4o-mini',
  provider: { id: 'openai', simulated: false, local: false } as Provider,
  model: 'gpt-4o-mini',
  names: ['gpt-4o-mini'],
  facts: {
    id: 'gpt-4o-mini',
    provider: 'openai',
    name: 'GPT-4o mini',
    type: 'chat',
    status: 'active',
    capabilities: {},
    maxOutput: 16_000,
    prices: [{ input: 150_000_000, output: 600_000_000 }],
  },
};

function requestOf(caller: LedgerRow['caller']): AttemptRequest {
  const needs = {
    tools: false,
    vision: false,
    pdf: false,
    audio: false,
    jsonSchema: false,
    inputTokens: 1_000,
    maxOutputTokens: 1_000,
  };
  return { caller, needs: () => needs, bytes: 4_000, stream: true, patienceMs: 0 };
}

function rowOf(index: number, user: string): LedgerRow {
  const startedAt = Date.now();
  return {
    decision: {
      id: `${startedAt.toString(16)}-${index.toString(16).padStart(8, '0')}`,
      decidedAt: startedAt,
      requestedModel: 'gpt-4o-mini',
      strategy: 'manual',
      reason: 'the caller named the model',
      order: [{ candidate: candidate.id, provider: 'openai', model: candidate.model }],
      removed: [],
    },
    attempt: {
      candidate: candidate.id,
      provider: 'openai',
      model: candidate.model,
      cause: 'first',
      startedAt,
      durationMs: 900,
      firstContentMs: 300,
      outcome: 'success',
      lane: 'bytes',
      simulated: false,
      notes: [],
      usage: { inputTokens: 1_000, outputTokens: 300, provenance: 'reported' },
      cost: { nanoUsd: 330_000, provenance: 'reported' },
    },
    caller: { tenant: 'local', user, key: user },
  };
}
