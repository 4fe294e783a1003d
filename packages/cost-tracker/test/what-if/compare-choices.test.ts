import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ComparedRequest, createComparison, MEASURES } from '../../src/index.ts';

const request = (rest: Partial<ComparedRequest> = {}): ComparedRequest => ({
  taskType: 'code_review',
  from: 'a/big',
  to: 'a/small',
  before: { cost: 100, quality: 0.9, latencyMs: 2_000 },
  after: { cost: 10, quality: 0.8, latencyMs: 1_000 },
  ...rest,
});

function compared(requests: readonly ComparedRequest[]) {
  const comparison = createComparison();
  for (const one of requests) comparison.add(one);
  return comparison.report();
}

const figure = fc.option(fc.integer({ min: 0, max: 1_000_000 }), { nil: undefined });
const figures = fc.record({ cost: figure, quality: figure, latencyMs: figure });
const requests = fc.array(
  fc.record({
    taskType: fc.constantFrom('code_review', 'simple_query', 'translation'),
    session: fc.option(fc.constantFrom('s1', 's2', '1', '2'), { nil: undefined }),
    from: fc.constantFrom('a/big', 'a/small'),
    to: fc.constantFrom('a/big', 'a/small'),
    before: figures,
    after: figures,
  }),
  { maxLength: 60 },
);

describe('two policies over the same requests', () => {
  it('differ by a sum of money, and by means of quality and time', () => {
    const { total } = compared([
      request(),
      request({ to: 'a/big', after: { cost: 100, quality: 0.9, latencyMs: 2_000 } }),
    ]);
    expect([total.requests, total.changed]).toEqual([2, 1]);
    expect(total.cost).toMatchObject({ before: 200, after: 110, difference: -90, requests: 2 });
    expect(total.quality.difference).toBeCloseTo(-0.05, 9);
    expect(total.latencyMs).toMatchObject({ before: 2_000, after: 1_500, difference: -500 });
  });

  it('are compared only where both sides are known, and it is said how many are not', () => {
    const { total } = compared([request(), request({ after: { quality: 0.8 } })]);
    expect(total.cost).toMatchObject({ requests: 1, unknown: 1, difference: -90 });
    expect(total.quality).toMatchObject({ requests: 2, unknown: 0 });
  });

  it('are told by task, the most frequent first, and by who is asked in whose place', () => {
    const { tasks, moves } = compared([
      request({ taskType: 'translation', to: 'b/other' }),
      request(),
      request(),
      request({ to: 'a/big' }),
    ]);
    expect(tasks.map((one) => [one.taskType, one.requests])).toEqual([
      ['code_review', 3],
      ['translation', 1],
    ]);
    expect(moves).toEqual([
      { from: 'a/big', to: 'a/small', requests: 2 },
      { from: 'a/big', to: 'b/other', requests: 1 },
    ]);
  });

  it('have an interval where there are ten sessions or lonely requests, and none where there are fewer', () => {
    const many = (count: number, rest: (index: number) => Partial<ComparedRequest>) =>
      compared(Array.from({ length: count }, (_, index) => request({ ...rest(index), after: { cost: index % 7 } })));
    expect(many(9, () => ({})).total.cost.interval).toBeUndefined();
    expect(many(200, () => ({ session: 'the only one' })).total.cost.interval).toBeUndefined();
    const alone = many(200, () => ({})).total.cost;
    const together = many(200, (index) => ({ session: `s${index % 7}${index % 20}` })).total.cost;
    if (alone.interval === undefined || together.interval === undefined) throw new Error('no interval');
    expect(alone.interval.low).toBeLessThan(alone.difference);
    expect(alone.interval.high).toBeGreaterThan(alone.difference);
  });

  it('have wider intervals where what is alike comes in sessions', () => {
    // Twenty sessions of fifty equal requests are twenty observations, not a thousand.
    const rows = (session: (index: number) => string | undefined) =>
      compared(
        Array.from({ length: 1_000 }, (_, index) =>
          request({ session: session(index), after: { cost: Math.floor(index / 50) * 10 } }),
        ),
      ).total.cost.interval;
    const alone = rows(() => undefined);
    const sessions = rows((index) => `s${Math.floor(index / 50)}`);
    if (alone === undefined || sessions === undefined) throw new Error('no interval');
    expect(sessions.high - sessions.low).toBeGreaterThan(3 * (alone.high - alone.low));
  });

  it('know a session again however many others came between, as a whole and by task', () => {
    // Dearer by ten the first time and cheaper by thirty the second: every session alike, so that nothing varies.
    const rounds = [110, 70].flatMap((cost) =>
      Array.from({ length: 300 }, (_, index) => request({ session: `s${index}`, after: { cost } })),
    );
    const { total, tasks } = compared(rounds);
    for (const { cost } of [total, ...tasks]) {
      expect([cost.requests, cost.difference, cost.interval]).toEqual([600, -6_000, { low: -6_000, high: -6_000 }]);
    }
  });

  it('hold the truth in about 95 of 100 intervals', () => {
    let held = 0;
    let seed = 7;
    const random = () => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed / 2_147_483_647;
    };
    for (let trial = 0; trial < 200; trial += 1) {
      // The mean of the difference is -50.
      const { interval, requests: count } = compared(
        Array.from({ length: 60 }, () => request({ after: { cost: Math.round(random() * 100) } })),
      ).total.cost;
      if (interval !== undefined && interval.low <= -50 * count && interval.high >= -50 * count) held += 1;
    }
    expect(held).toBeGreaterThan(180);
    expect(held).toBeLessThan(200);
  });

  it('are equal where the choices are, whatever the requests', () => {
    fc.assert(
      fc.property(requests, (given) => {
        const { total } = compared(given.map((one) => ({ ...one, to: one.from, after: one.before })));
        expect(total.changed).toBe(0);
        for (const measure of MEASURES) {
          expect(total[measure].difference).toBe(0);
          expect(total[measure].interval ?? { low: 0, high: 0 }).toEqual({ low: 0, high: 0 });
        }
      }),
    );
  });

  it('add up: the tasks to the total, and twice the same to the same', () => {
    fc.assert(
      fc.property(requests, (given) => {
        const report = compared(given);
        expect(compared(given)).toEqual(report);
        const sum = (of: (one: (typeof report.tasks)[number]) => number) =>
          report.tasks.reduce((all, one) => all + of(one), 0);
        expect(sum((one) => one.requests)).toBe(report.total.requests);
        expect(sum((one) => one.cost.difference)).toBe(report.total.cost.difference);
        expect(sum((one) => one.cost.unknown)).toBe(report.total.cost.unknown);
        expect(report.moves.reduce((all, one) => all + one.requests, 0)).toBe(report.total.changed);
      }),
    );
  });
});
