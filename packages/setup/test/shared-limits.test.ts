import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSharedLimitStore, type SharedLimitStore } from '@signalbox/rate-limit';
import { createSqliteLedger, type SqliteLedger } from '@signalbox/store-sqlite';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { createSharedClock } from './shared-clock.ts';

const LIMIT = 40;
const MINUTE = 60_000;
const SIZE = { limit: LIMIT, perMs: MINUTE };
const START = Date.UTC(2026, 10, 25, 12);
const NAME = 'acme requests';

interface Process {
  readonly owner: object;
  readonly ledger: SqliteLedger;
  readonly store: SharedLimitStore;
  readonly window: ReturnType<SharedLimitStore['window']>;
}

function start(file: string, clock: ReturnType<typeof createSharedClock>): Process {
  const owner = {};
  const own = clock.of(owner);
  const ledger = createSqliteLedger({ file, clock: own });
  const store = createSharedLimitStore({ shared: ledger.limits(), clock: own });
  return { owner, ledger, store, window: store.window(NAME, SIZE, () => undefined) };
}

function temporaryFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-limits-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'signalbox.db');
}

const operation = fc.oneof(
  {
    weight: 20,
    arbitrary: fc.record({
      kind: fc.constant('use' as const),
      who: fc.nat(2),
      amount: fc.integer({ min: 1, max: 12 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('less' as const), which: fc.nat(50), amount: fc.nat(12) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('wait' as const),
      ms: fc.constantFrom(1, 100, 700, 1_500, 9_000, 31_000),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constantFrom('crash' as const, 'stop' as const, 'stall' as const),
      who: fc.nat(2),
    }),
  },
);

test('whatever processes use, however they die, no minute has more than the limit; and what is not used comes back', () => {
  const file = temporaryFile();
  let run = 0;
  let refused = 0;
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 80, size: 'max' }), (operations) => {
      // A limit of its own for each run: what others have used of theirs is gone by then.
      run += 1;
      const clock = createSharedClock(START + run * 3_600_000);
      const processes = [start(file, clock), start(file, clock), start(file, clock)];
      const uses: { readonly at: number; amount: number; readonly correct: (amount: number) => void }[] = [];

      for (const one of operations) {
        if (one.kind === 'wait') clock.advance(one.ms);
        else if (one.kind === 'less') {
          const use = uses[one.which % Math.max(1, uses.length)];
          if (use === undefined || one.amount > use.amount) continue;
          use.amount = one.amount;
          use.correct(one.amount);
        } else if (one.kind === 'use') {
          const window = processes[one.who]?.window;
          if (window?.waitMs(one.amount, clock.now()) !== 0) {
            refused += 1;
            continue;
          }
          const taken = window.take(one.amount, clock.now());
          uses.push({ at: clock.now(), amount: one.amount, correct: taken.correct });
        } else {
          const process = processes[one.who];
          if (process === undefined) continue;
          if (one.kind === 'stall') {
            // Its timers no longer run, but it goes on.
            clock.kill(process.owner);
            continue;
          }
          if (one.kind === 'stop') process.store.close();
          clock.kill(process.owner);
          process.ledger.close();
          processes[one.who] = start(file, clock);
        }
      }

      for (const { at } of uses) {
        const inMinute = uses.filter((other) => other.at >= at && other.at < at + MINUTE);
        expect(inMinute.reduce((sum, other) => sum + other.amount, 0)).toBeLessThanOrEqual(LIMIT);
      }
      clock.advance(2 * MINUTE);
      for (const { window, store, ledger, owner } of processes) {
        expect(window.waitMs(LIMIT, clock.now()), 'all of it is free again').toBe(0);
        window.take(LIMIT, clock.now()).correct(0);
        store.close();
        clock.kill(owner);
        ledger.close();
      }
    }),
    { numRuns: 60 },
  );
  expect(refused).toBeGreaterThan(30);
});

test('a process that uses a limit steadily asks the store once a second, not for each call', () => {
  const clock = createSharedClock(START);
  let asked = 0;
  const shared = {
    lease(wishes: readonly { readonly wanted: number }[]) {
      asked += 1;
      return wishes.map(({ wanted }) => ({ granted: wanted, others: [] }));
    },
    close: () => undefined,
  };
  const window = createSharedLimitStore({ shared, clock: clock.of({}) }).window(
    NAME,
    { limit: 1_000_000, perMs: MINUTE },
    () => undefined,
  );
  for (let call = 0; call < 10_000; call += 1) {
    expect(window.waitMs(1, clock.now())).toBe(0);
    window.take(1, clock.now());
    clock.advance(1);
  }
  expect(asked).toBeLessThan(60);
});

test('a file that can not be used leaves each process to count by itself, and it says so once', () => {
  const clock = createSharedClock(START);
  const ledger = createSqliteLedger({ file: '/dev/null/no.db', clock: clock.of({}) });
  const faults: string[] = [];
  const store = createSharedLimitStore({
    shared: ledger.limits(),
    clock: clock.of({}),
    onFault: (text) => faults.push(text),
  });
  const window = store.window(NAME, SIZE, () => undefined);
  for (let call = 0; call < LIMIT; call += 1) {
    expect(window.waitMs(1, clock.now())).toBe(0);
    window.take(1, clock.now());
  }
  expect(window.waitMs(1, clock.now())).toBe(MINUTE);
  expect(faults).toEqual([expect.stringContaining('Rate limits are counted by this program alone')]);
  store.close();
});

test('a process that was held up for long uses nothing of what it held before: others may have it by then', () => {
  const file = temporaryFile();
  const clock = createSharedClock(START);
  const [slow, other] = [start(file, clock), start(file, clock)];
  // After eighteen uses two more are held.
  for (let call = 0; call < 18; call += 1) {
    expect(slow.window.waitMs(1, clock.now())).toBe(0);
    slow.window.take(1, clock.now());
  }
  clock.kill(slow.owner);
  clock.advance(MINUTE - 1_000);
  let used = 0;
  while (used < 2 && slow.window.waitMs(1, clock.now()) === 0) {
    slow.window.take(1, clock.now());
    used += 1;
  }
  clock.advance(3_100);
  while (used <= LIMIT && other.window.waitMs(1, clock.now()) === 0) {
    other.window.take(1, clock.now());
    used += 1;
  }
  expect(used).toBeLessThanOrEqual(LIMIT);
  for (const { store, ledger } of [slow, other]) {
    store.close();
    ledger.close();
  }
});
