import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import {
  type Attempt,
  type AttemptRequest,
  type Caller,
  type Candidate,
  type Decision,
  type ModelFacts,
  type Provider,
  type Reservation,
  usdToNano,
} from '@signalbox/core';
import { type BudgetPlan, type Budgets, createBudgets, createPricing } from '@signalbox/cost-tracker';
import { createSqliteLedger, type SqliteLedger } from '@signalbox/store-sqlite';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { createSharedClock } from './shared-clock.ts';

const LIMIT = usdToNano(0.05);
const PER_TOKEN = 10_000;
const LOOK = 64;
/** Of one budget, or of each user's. */
const ANN = 'ann';
/** Spending does not fall here: each is told once. */
const ALERTS = [0.02, 0.5, 0.9].map((threshold) => ({ threshold, action: 'notify' }) as const);
const pricing = createPricing();
const facts: ModelFacts = {
  id: 'sonnet',
  provider: 'acme',
  name: 'Sonnet',
  type: 'chat',
  status: 'active',
  capabilities: {},
  maxOutput: 4_000,
  // $1 and $10 for a million tokens.
  prices: [{ input: 1_000_000_000, output: 10_000_000_000 }],
};
const candidate: Candidate = {
  id: 'acme/sonnet',
  provider: { id: 'acme', simulated: false } as Provider,
  model: 'sonnet',
  names: ['sonnet'],
  facts,
};
const decision: Decision = { id: '', decidedAt: 0, strategy: 'manual', reason: '', order: [], removed: [] };

interface Process {
  readonly owner: object;
  readonly ledger: SqliteLedger;
  readonly budgets: Budgets;
  calls: {
    readonly caller: Caller;
    readonly reservation: Reservation;
    readonly inputTokens: number;
    readonly length: number;
    output: number;
  }[];
}

const operationOf = (users: readonly string[], mostInput: number) =>
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('start' as const),
        process: fc.nat(2),
        user: fc.constantFrom(...users),
        inputTokens: fc.oneof(fc.integer({ min: 1, max: 2_000 }), fc.integer({ min: 1, max: mostInput })),
        maxOutputTokens: fc.integer({ min: 1, max: 2_000 }),
        length: fc.integer({ min: 100, max: 4_000 }),
      }),
    },
    {
      weight: 16,
      arbitrary: fc.record({
        kind: fc.constant('grow' as const),
        process: fc.nat(2),
        call: fc.nat(7),
        by: fc.integer({ min: 40, max: LOOK }),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constantFrom('finish' as const, 'abort' as const),
        process: fc.nat(2),
        call: fc.nat(7),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('crash' as const), process: fc.nat(2) }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('wait' as const), milliseconds: fc.nat(8_000) }) },
  );
type Operation = ReturnType<typeof operationOf> extends fc.Arbitrary<infer One> ? One : never;

/** Plays operations of three processes that share a file; answers how many calls were refused. Each budget must hold, whatever happens. */
function play(
  file: string,
  plan: BudgetPlan,
  limit: number,
  operations: readonly Operation[],
  atEnd?: () => void,
): number {
  let reached = 0;
  const clock = createSharedClock(Date.parse('2026-11-25T08:00:00Z'));
  let ids = 0;
  const told: string[] = [];
  const ledgers: SqliteLedger[] = [];

  function startProcess(): Process {
    const owner = {};
    const ledger = createSqliteLedger({ file, clock: clock.of(owner) });
    ledgers.push(ledger);
    const budgets = createBudgets({
      plan: { ...plan, alerts: ALERTS },
      pricing,
      store: ledger.budgets(),
      clock: clock.of(owner),
      onAlert: ({ title, rule }) => told.push(`${title} ${rule.threshold}`),
    });
    return { owner, ledger, budgets, calls: [] };
  }

  const processes = [startProcess(), startProcess(), startProcess()];
  let mostAtOnce = 0;

  function end(process: Process, call: Process['calls'][number], outcome: Attempt['outcome']): void {
    process.calls = process.calls.filter((one) => one !== call);
    const usage = { inputTokens: call.inputTokens, outputTokens: call.output, provenance: 'reported' } as const;
    const attempt: Attempt = {
      candidate: candidate.id,
      provider: 'acme',
      model: 'sonnet',
      cause: 'first',
      startedAt: clock.now(),
      durationMs: 1,
      outcome,
      lane: 'bytes',
      simulated: false,
      notes: [],
      usage,
      cost: pricing.cost(facts, usage, 0),
    };
    ids += 1;
    process.ledger.append({ decision: { ...decision, id: `d${ids}` }, attempt, caller: call.caller });
    call.reservation.settle(attempt);
  }

  function crash(process: Process): Process {
    clock.kill(process.owner);
    return startProcess();
  }

  for (const one of operations) {
    if (one.kind === 'wait') {
      clock.advance(one.milliseconds);
      continue;
    }
    const process = processes[one.process];
    if (process === undefined) continue;
    if (one.kind === 'crash') {
      processes[one.process] = crash(process);
      continue;
    }
    if (one.kind === 'start') {
      const { inputTokens, maxOutputTokens } = one;
      const caller = { tenant: 'local', user: one.user };
      const needs = { tools: false, vision: false, pdf: false, audio: false, jsonSchema: false };
      const request: AttemptRequest = {
        caller,
        needs: () => ({ ...needs, inputTokens, maxOutputTokens }),
        stream: true,
        patienceMs: 0,
      };
      const answer = process.budgets.reserve(candidate, request);
      if (answer === undefined || answer instanceof Promise) throw new Error('a budget was expected to act');
      if ('kind' in answer) {
        reached += 1;
        // What others hold counts as reserved: it is free again within a second, or when their lease ends.
        const [standing] = process.budgets.standings(caller);
        const free = limit - (standing?.spent ?? 0) - (standing?.reserved ?? 0);
        const worst = pricing.predict(facts, Math.ceil(inputTokens * 1.2), maxOutputTokens, 0) ?? 0;
        expect(free, 'refused although it is covered').toBeLessThan(worst + 2);
        continue;
      }
      const length = Math.min(one.length, maxOutputTokens, answer.maxOutputTokens ?? Number.POSITIVE_INFINITY);
      process.calls.push({ caller, reservation: answer, inputTokens, length, output: 0 });
      mostAtOnce = Math.max(
        mostAtOnce,
        processes.reduce((sum, { calls }) => sum + calls.length, 0),
      );
      continue;
    }
    const call = process.calls[one.call % Math.max(1, process.calls.length)];
    if (call === undefined) continue;
    if (one.kind === 'grow') {
      call.output = Math.min(call.length, call.output + one.by);
      if (call.reservation.mustStop?.(call.output) !== undefined) end(process, call, 'aborted');
    } else end(process, call, one.kind === 'finish' ? 'success' : 'aborted');
  }
  atEnd?.();
  for (const process of processes) for (const call of process.calls) end(process, call, 'aborted');
  for (const { ledger } of processes) ledger.flush();
  const spent = new Map(
    processes[0]?.ledger.totals({ by: ['user'] }).map((one) => [one.group.user ?? '', one.nanoUsd]),
  );
  for (const amount of spent.values()) expect(amount - limit).toBeLessThanOrEqual(mostAtOnce * LOOK * PER_TOKEN);

  // After all leases have ended nobody holds anything any more.
  clock.advance(60_000);
  for (const process of processes) process.budgets.close();
  const last = startProcess();
  for (const [user, amount] of spent) {
    const standings = last.budgets.standings({ tenant: 'local', user });
    expect(standings).toMatchObject([{ spent: amount, reserved: 0 }]);
    // Of what is spent in the end each alert was told, and by nobody twice.
    for (const { threshold } of ALERTS) {
      const times = told.filter((one) => one === `${standings[0]?.title} ${threshold}`).length;
      expect(times, `alerts at ${threshold} of ${user}`).toBe(amount >= threshold * limit ? 1 : 0);
    }
  }
  for (const ledger of ledgers) ledger.close();
  return reached;
}

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-budgets-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

test('three processes that share a file, and crash now and then, keep to one budget; what a dead one held is free after its lease', () => {
  const folder = temporaryFolder();
  const plan = { daily: LIMIT, timeZone: 'UTC' };
  let run = 0;
  let reached = 0;
  fc.assert(
    fc.property(fc.array(operationOf([ANN], 2_000), { maxLength: 200, size: 'max' }), (operations) => {
      run += 1;
      reached += play(join(folder, `${run}.db`), plan, LIMIT, operations);
    }),
    { numRuns: 25 },
  );
  expect(reached).toBeGreaterThan(20);
}, 120_000);

test('so many users that no process writes down what it holds of each: every budget holds all the same', () => {
  const folder = temporaryFolder();
  const limit = usdToNano(1.5);
  const plan = { perUser: { default: limit }, timeZone: 'UTC' };
  const users = Array.from({ length: 12 }, (_, index) => `user-${index}`);
  // Each has asked each process once.
  const before = [0, 1, 2].flatMap((process) =>
    users.flatMap((user): Operation[] => [
      { kind: 'start', process, user, inputTokens: 10, maxOutputTokens: 300, length: 100 },
      { kind: 'finish', process, call: 0 },
    ]),
  );
  let run = 0;
  let reached = 0;
  let implicit = 0;
  fc.assert(
    fc.property(fc.array(operationOf(users.slice(0, 2), 700_000), { maxLength: 200, size: 'max' }), (operations) => {
      run += 1;
      const file = join(folder, `${run}.db`);
      reached += play(file, plan, limit, [...before, ...operations], () => {
        const database = new DatabaseSync(file, { readOnly: true });
        implicit += Number(database.prepare('SELECT count(*) AS processes FROM implicit_leases').get()?.processes);
        database.close();
      });
    }),
    { numRuns: 25 },
  );
  expect(reached).toBeGreaterThan(20);
  expect(implicit).toBeGreaterThan(20);
}, 120_000);
