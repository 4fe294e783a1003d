import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMemoryStore } from '../src/index.ts';
import { createHistory, createSlidingWindow } from '../src/sliding-window.ts';

const windowOf = (limit: number, perMs: number) =>
  createMemoryStore().window('test', { limit, perMs }, () => undefined);
const T0 = 1_700_000_000_000;

interface Use {
  readonly at: number;
  readonly amount: number;
}

/** The most that was used in any span of that length. */
function mostIn(uses: readonly Use[], perMs: number): number {
  let most = 0;
  let used = 0;
  let from = 0;
  for (const { at, amount } of uses) {
    used += amount;
    for (let first = uses[from]; first !== undefined && first.at <= at - perMs; first = uses[from]) {
      used -= first.amount;
      from += 1;
    }
    most = Math.max(most, used);
  }
  return most;
}

describe('a window', () => {
  it('lets the limit through at once, and the next when the first has left it', () => {
    const window = windowOf(3, 60_000);
    for (let use = 0; use < 3; use += 1) {
      expect(window.waitMs(1, T0 + use * 1_000)).toBe(0);
      window.take(1, T0 + use * 1_000);
    }
    expect(window.waitMs(1, T0 + 2_000)).toBe(58_000);
    expect(window.waitMs(2, T0 + 2_000)).toBe(59_000);
    expect(window.waitMs(1, T0 + 59_999)).toBe(1);
    expect(window.waitMs(1, T0 + 60_000)).toBe(0);
    expect(window.waitMs(2, T0 + 60_000)).toBe(1_000);
  });

  it('never has more in any span of its length than its limit, wherever the span begins', () => {
    const steps = fc.array(
      fc.record({ wait: fc.integer({ min: 0, max: 3_000 }), amount: fc.integer({ min: 1, max: 8 }) }),
      {
        maxLength: 300,
      },
    );
    fc.assert(
      fc.property(fc.integer({ min: 8, max: 40 }), steps, (limit, wanted) => {
        const window = windowOf(limit, 10_000);
        const uses: Use[] = [];
        let now = T0;
        for (const { wait, amount } of wanted) {
          now += wait;
          if (window.waitMs(amount, now) > 0) continue;
          window.take(amount, now);
          uses.push({ at: now, amount });
        }
        expect(mostIn(uses, 10_000)).toBeLessThanOrEqual(limit);
      }),
    );
  });

  it('says exactly how long to wait', () => {
    const steps = fc.array(fc.integer({ min: 0, max: 500 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10 }), steps, (limit, waits) => {
        const window = windowOf(limit, 1_000);
        let now = T0;
        for (const wait of waits) {
          now += wait;
          const needed = window.waitMs(1, now);
          if (needed > 0) {
            expect(window.waitMs(1, now + needed - 1)).toBe(1);
            now += needed;
          }
          expect(window.waitMs(1, now)).toBe(0);
          window.take(1, now);
        }
      }),
    );
  });

  it('keeps its promise for a large limit too, whose entries are put together, and wastes a thousandth at most', () => {
    const window = windowOf(50_000, 60_000);
    const uses: Use[] = [];
    let now = T0;
    // As fast as it goes, five at a time, for three windows.
    while (now < T0 + 180_000) {
      if (window.waitMs(5, now) === 0) {
        window.take(5, now);
        uses.push({ at: now, amount: 5 });
      } else now += window.waitMs(5, now);
      if (uses.length % 7 === 0) now += 1;
    }
    expect(mostIn(uses, 60_000)).toBeLessThanOrEqual(50_000);
    expect(uses.reduce((sum, { amount }) => sum + amount, 0)).toBeGreaterThan(3 * 50_000 * 0.99 - 1);
  });

  it('tells a thousand uses apart by the millisecond, however large it is', () => {
    const window = windowOf(1_000, 86_400_000);
    for (let use = 0; use < 1_000; use += 1) window.take(1, T0 + use);
    const end = T0 + 86_400_000;
    expect(window.waitMs(1, end - 1)).toBe(1);
    for (let use = 1; use <= 1_000; use += 1) {
      expect(window.waitMs(use, end + use - 1)).toBe(0);
      if (use < 1_000) expect(window.waitMs(use + 1, end + use - 1)).toBe(1);
    }
  });

  it('remembers at most some two thousand places in time, however much is used', () => {
    const history = createHistory();
    const window = createSlidingWindow({ limit: 1_000_000, perMs: 60_000 }, history);
    for (let use = 0; use < 30_000; use += 1) window.take(1, T0 + use * 2);
    expect(history.used).toBe(30_000);
    expect(history.entries.length).toBeGreaterThan(1_000);
    expect(history.entries.length).toBeLessThanOrEqual(2_001);
  });

  it('takes back what was not used', () => {
    const window = windowOf(10, 1_000);
    const taken = window.take(8, T0);
    expect(window.waitMs(3, T0)).toBe(1_000);
    taken.correct(2);
    expect(window.waitMs(8, T0)).toBe(0);
    taken.correct(12);
    expect(window.waitMs(1, T0 + 999)).toBe(1);
    expect(window.waitMs(10, T0 + 1_000)).toBe(0);
    // What left the window long ago is no credit.
    taken.correct(0);
    expect(window.waitMs(10, T0 + 1_000)).toBe(0);
    expect(window.waitMs(11, T0 + 1_000)).toBe(1_000);
  });

  it('says the least time for more than fits at once', () => {
    const window = windowOf(2, 1_000);
    expect(window.waitMs(5, T0)).toBe(2_000);
  });

  it('does not hold anybody up longer when the clock is set back', () => {
    const window = windowOf(1, 1_000);
    window.take(1, T0);
    expect(window.waitMs(1, T0 - 3_600_000)).toBe(1_000);
  });
});
