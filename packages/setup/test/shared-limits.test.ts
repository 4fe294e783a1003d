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

const callsAtOnce = fc.record({
  limit: fc.constantFrom(1, 2, 8, 40),
  operations: fc.array(
    fc.oneof(
      { weight: 12, arbitrary: fc.record({ kind: fc.constant('begin' as const), who: fc.nat(2) }) },
      { weight: 9, arbitrary: fc.record({ kind: fc.constant('end' as const), which: fc.nat(50) }) },
      {
        weight: 4,
        arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.constantFrom(1, 300, 2_500, 15_000) }),
      },
      { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('crash' as const, 'stop' as const), who: fc.nat(2) }) },
    ),
    { maxLength: 80, size: 'max' },
  ),
});

test('whatever processes do, however they die, no more calls are under way than there are places; and none is lost, nor refused where one is free', () => {
  const file = temporaryFile();
  const PLACES = 'caller ci at once';
  let run = 0;
  let refused = 0;
  fc.assert(
    fc.property(callsAtOnce, ({ limit, operations }) => {
      run += 1;
      const clock = createSharedClock(START + run * 3_600_000);
      const begin = () => {
        const process = start(file, clock);
        return { ...process, places: process.store.places(PLACES, limit) };
      };
      const processes = [begin(), begin(), begin()];
      let calls: { readonly who: number; readonly end: (now: number) => void }[] = [];
      /** Places of processes that died, and when they are free again. */
      let lost: { readonly count: number; readonly until: number }[] = [];

      for (const one of operations) {
        clock.advance(25);
        if (one.kind === 'wait') clock.advance(one.ms);
        else if (one.kind === 'end') {
          const [call] = calls.splice(one.which % Math.max(1, calls.length), 1);
          call?.end(clock.now());
        } else if (one.kind === 'begin') {
          const places = processes[one.who]?.places;
          if (places?.isFree(clock.now()) === true) {
            calls.push({ who: one.who, end: places.take(clock.now()) });
            expect(calls.length).toBeLessThanOrEqual(limit);
            continue;
          }
          refused += 1;
          lost = lost.filter(({ until }) => until > clock.now());
          const taken = lost.reduce((sum, { count }) => sum + count, calls.length);
          // Of many places, a few stand ready for processes that were busy a moment ago.
          if (limit < 9) expect(taken, 'all are taken').toBeGreaterThanOrEqual(limit);
        } else {
          const process = processes[one.who];
          if (process === undefined) continue;
          const open = calls.filter(({ who }) => who === one.who);
          calls = calls.filter(({ who }) => who !== one.who);
          if (one.kind === 'stop') {
            for (const { end } of open) end(clock.now());
            process.store.close();
          } else lost.push({ count: open.length, until: clock.now() + 10_001 });
          clock.kill(process.owner);
          process.ledger.close();
          processes[one.who] = begin();
        }
      }

      for (const { end } of calls) end(clock.now());
      clock.advance(11_000);
      for (const { places, store, ledger, owner } of processes) {
        const ends = Array.from({ length: limit }, () => {
          expect(places.isFree(clock.now()), 'all of them are free again').toBe(true);
          return places.take(clock.now());
        });
        clock.advance(25);
        expect(places.isFree(clock.now())).toBe(false);
        for (const end of ends) end(clock.now());
        clock.advance(3_000);
        store.close();
        clock.kill(owner);
        ledger.close();
      }
    }),
    { numRuns: 60 },
  );
  expect(refused).toBeGreaterThan(30);
});

test('a process that has many places takes them and gives them back without asking the store for each call', () => {
  const clock = createSharedClock(START);
  let asked = 0;
  const shared = {
    lease(wishes: readonly { readonly wanted: number }[]) {
      asked += 1;
      return wishes.map(({ wanted }) => ({ granted: wanted, others: [] }));
    },
    close: () => undefined,
  };
  const places = createSharedLimitStore({ shared, clock: clock.of({}) }).places('caller ci at once', 64);
  for (let call = 0; call < 10_000; call += 1) {
    expect(places.isFree(clock.now())).toBe(true);
    const end = places.take(clock.now());
    clock.advance(1);
    end(clock.now());
  }
  expect(asked).toBeLessThan(60);
});

test('a call that lasts for minutes keeps its place, and a limit that was changed acts on it', () => {
  const file = temporaryFile();
  const clock = createSharedClock(START);
  const [one, other] = [start(file, clock), start(file, clock)];
  const [mine, others] = [one, other].map(({ store }) => store.places('caller ci at once', 1));
  expect(mine?.isFree(clock.now())).toBe(true);
  const end = mine?.take(clock.now());
  for (let minute = 0; minute < 5; minute += 1) {
    clock.advance(MINUTE);
    expect(others?.isFree(clock.now())).toBe(false);
  }
  expect(other.store.places('caller ci at once', 2).isFree(clock.now() + 25)).toBe(true);
  end?.(clock.now());
  for (const { store, ledger } of [one, other]) {
    store.close();
    ledger.close();
  }
});

test('an answer that took more than was held for it is known to the others at once, also one that comes at the very end', () => {
  const file = temporaryFile();
  const clock = createSharedClock(START);
  const [one, other] = [start(file, clock), start(file, clock)];
  expect(one.window.waitMs(1, clock.now())).toBe(0);
  const use = one.window.take(1, clock.now());
  use.correct(LIMIT - 1);
  expect(other.window.waitMs(2, clock.now())).toBeGreaterThan(0);
  expect(other.window.waitMs(1, clock.now())).toBe(0);
  for (const { store, ledger } of [one, other]) {
    store.close();
    ledger.close();
  }
  use.correct(LIMIT);
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

test('what another has just taken counts as used, before it says so: the wait that is told is a true one', () => {
  const clock = createSharedClock(START);
  const file = temporaryFile();
  const [first, second] = [start(file, clock), start(file, clock)].map(({ store }) =>
    store.window('small', { limit: 3, perMs: MINUTE }, () => undefined),
  );
  if (first === undefined || second === undefined) throw new Error('no process');
  for (const window of [first, second, second]) {
    expect(window.waitMs(1, clock.now())).toBe(0);
    window.take(1, clock.now());
  }
  for (const window of [first, second]) {
    const wait = window.waitMs(1, clock.now());
    expect(wait).toBeGreaterThan(MINUTE - 1_000);
    expect(wait).toBeLessThanOrEqual(MINUTE + 1_000);
  }
  // And what is held without need comes back with the next upkeep or the one behind it.
  clock.advance(MINUTE - 500);
  expect(first.waitMs(1, clock.now())).toBeLessThanOrEqual(1_500);
});

test('what another holds without need is said to come back soon', () => {
  const clock = createSharedClock(START);
  const file = temporaryFile();
  const [first, second] = [start(file, clock), start(file, clock)];
  const use = ({ window }: Process, amount: number) => {
    expect(window.waitMs(amount, clock.now())).toBe(0);
    window.take(amount, clock.now());
  };
  for (let count = 0; count < 18; count += 1) use(first, 1);
  clock.advance(1_000);
  // Two more are held, which nobody used.
  use(second, 18);
  expect(second.window.waitMs(4, clock.now())).toBeLessThanOrEqual(2_000);
  expect(second.window.waitMs(5, clock.now())).toBeGreaterThan(MINUTE - 3_000);
});

test('a clock that is set back keeps nobody waiting for longer than a minute, neither who used the limit nor who comes after', () => {
  const file = temporaryFile();
  const ahead = createSharedClock(START + 3_600_000);
  const first = start(file, ahead);
  expect(first.window.waitMs(LIMIT, ahead.now())).toBe(0);
  first.window.take(LIMIT, ahead.now());
  first.store.close();
  first.ledger.close();

  const clock = createSharedClock(START);
  const second = start(file, clock);
  // Nobody knows when it was used: it counts for a minute from now.
  const wait = second.window.waitMs(LIMIT, clock.now());
  expect(wait).toBeGreaterThan(0);
  expect(wait).toBeLessThanOrEqual(MINUTE + 2_000);
  clock.advance(MINUTE + 2_000);
  expect(second.window.waitMs(LIMIT, clock.now())).toBe(0);
  second.window.take(LIMIT, clock.now());

  const back = clock.now() - 3_600_000;
  const own = second.window.waitMs(1, back);
  expect(own).toBeGreaterThan(0);
  expect(own).toBeLessThanOrEqual(MINUTE + 2_000);
  second.store.close();
  second.ledger.close();
});
