import type { BudgetStore, SpendAccount } from '@signalbox/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createManualClock } from '../../../testing/manual-clock.ts';
import type { SqliteLedger } from '../src/index.ts';
import { rowOf } from './rows.ts';
import { ask, openLedger, temporaryFile } from './temporary-ledger.ts';

const DAY = 86_400_000;
const LEASE = 30_000;
/** What a first call wants, and what a user may spend: a thousand of them. */
const USUAL = 1_000;
const LIMIT = 1_000 * USUAL;
const USERS = 10;

const accounts = Array.from({ length: USERS }, (_, index): SpendAccount => {
  return { scope: 'user', name: `user-${index}`, from: 0, to: DAY, unit: 'nano-usd' };
});

interface Process {
  readonly ledger: SqliteLedger;
  readonly store: BudgetStore;
  /** By account: what it may spend without asking. */
  readonly held: number[];
  readonly implicit: boolean[];
}

const file = () => temporaryFile();

function createMachine() {
  const path = file();
  const clock = createManualClock(0);
  const spent = accounts.map(() => 0);
  let ids = 0;

  function start(): Process {
    const ledger = openLedger({ file: path, clock });
    const process: Process = {
      ledger,
      store: ledger.budgets(),
      held: accounts.map(() => 0),
      implicit: accounts.map(() => false),
    };
    return process;
  }

  function lease(process: Process, places: readonly number[], wanted: number, unlessFree?: number): void {
    const wishes = places.map((place) => {
      const account = accounts[place] as SpendAccount;
      return { account, limit: LIMIT, reserved: 0, wanted, unlessFree, settled: 0 };
    });
    for (const [index, { granted, implicit }] of process.store.lease(wishes, clock.now() + LEASE).entries()) {
      const place = places[index] ?? 0;
      process.held[place] = granted;
      process.implicit[place] = implicit === true;
    }
  }

  return {
    path,
    start,
    lease,
    spend(process: Process, place: number, share: number): void {
      const amount = Math.floor((process.held[place] ?? 0) * share);
      if (amount === 0) return;
      process.held[place] = (process.held[place] ?? 0) - amount;
      spent[place] = (spent[place] ?? 0) + amount;
      ids += 1;
      const cost = { nanoUsd: amount, provenance: 'reported' as const };
      process.ledger.append(rowOf(`r${ids}`, { startedAt: clock.now(), cost }, { user: accounts[place]?.name }));
    },
    release(process: Process, place: number): void {
      if (process.implicit[place] === true) process.store.release?.([accounts[place] as SpendAccount]);
      else lease(process, [place], 0);
      process.held[place] = 0;
    },
    /** Seconds go by; each process renews what it holds. */
    wait(processes: readonly Process[], seconds: number): void {
      for (let second = 0; second < seconds; second += 1) {
        clock.advance(1_000);
        for (const process of processes) {
          for (const [place, held] of process.held.entries()) if (held > 0) lease(process, [place], held);
        }
      }
    },
    breathe: () => clock.advance(60),
    /** Of an account: what was spent, and what processes may yet spend without asking. */
    handedOut: (processes: readonly Process[], place: number) =>
      processes.reduce((sum, { held }) => sum + (held[place] ?? 0), spent[place] ?? 0),
  };
}

const operation = fc.record({
  kind: fc.constantFrom('first', 'lease', 'lease', 'spend', 'spend', 'spend', 'release', 'breathe', 'wait', 'crash'),
  process: fc.nat(2),
  /** Two of them are in demand. */
  place: fc.oneof(fc.constant(0), fc.constant(1), fc.nat(USERS - 1)),
  wanted: fc.oneof(fc.integer({ min: 1, max: 3 * USUAL }), fc.integer({ min: 1, max: LIMIT })),
  share: fc.double({ min: 0, max: 1, noNaN: true }),
  seconds: fc.integer({ min: 1, max: 4 }),
});

test('no budget is handed out twice, whether leases are written down or not', () => {
  let implicit = 0;
  let scarce = 0;
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 120, size: 'max' }), (operations) => {
      const machine = createMachine();
      const processes = [machine.start(), machine.start(), machine.start()];
      // Each has had a call of each user: from then on a row for each is not worth it.
      for (const process of processes) {
        for (const place of accounts.keys()) machine.lease(process, [place], USUAL, 20 * USUAL);
        for (const place of accounts.keys()) machine.release(process, place);
      }
      for (const { kind, process: index, place, wanted, share, seconds } of operations) {
        const process = processes[index] as Process;
        if (kind === 'first') machine.lease(process, [place], USUAL, 20 * USUAL);
        else if (kind === 'lease') machine.lease(process, [place], wanted);
        else if (kind === 'spend') machine.spend(process, place, share);
        else if (kind === 'release') machine.release(process, place);
        else if (kind === 'breathe') machine.breathe();
        else if (kind === 'wait') machine.wait(processes, seconds);
        else {
          process.ledger.flush();
          processes[index] = machine.start();
        }
        implicit += process.implicit[place] === true && (process.held[place] ?? 0) > 0 ? 1 : 0;
        for (const one of accounts.keys()) {
          const out = machine.handedOut(processes, one);
          expect(out, `of user ${one}`).toBeLessThanOrEqual(LIMIT);
          scarce += out > LIMIT * 0.9 ? 1 : 0;
        }
      }
      for (const { ledger } of processes) ledger.close();
    }),
    { numRuns: 40 },
  );
  expect(implicit).toBeGreaterThan(20);
  expect(scarce).toBeGreaterThan(20);
}, 60_000);

test('a process that has said what it may hold of any account writes nothing for another user, and gives nothing back', () => {
  const machine = createMachine();
  const [one, other] = [machine.start(), machine.start()];
  for (const place of accounts.keys()) machine.lease(one, [place], USUAL, 20 * USUAL);
  const rows = () => ask(machine.path, 'SELECT count(*) AS rows FROM leases')[0]?.rows;
  const before = rows();
  for (const place of accounts.keys()) machine.release(one, place);
  expect(before).toBeLessThan(USERS);

  machine.lease(one, [3], USUAL, 20 * USUAL);
  expect(one.held[3]).toBe(USUAL);
  expect(rows()).toBe(0);
  // Who wants all that is left gets it but for what the first may hold there, until that one has said how much it is.
  machine.lease(other, [3], LIMIT);
  expect(other.held[3]).toBeLessThan(LIMIT - USUAL);
  machine.breathe();
  machine.lease(one, [5], LIMIT / 2);
  expect(rows()).toBe(3);
  machine.lease(other, [3], LIMIT);
  expect(other.held[3]).toBe(LIMIT - USUAL);
  one.ledger.close();
  other.ledger.close();
});
