import type { Attempt, MeasuredCall, MeasurementStore, ProviderErrorKind } from '@signalbox/core';
import { describe, expect, it } from 'vitest';
import { createManualClock } from '../../../testing/manual-clock.ts';
import { createMeasurements } from '../src/index.ts';

const HOUR = 3_600_000;
const call = (at: number, firstContentMs: number, rest: Partial<MeasuredCall> = {}): MeasuredCall => ({
  candidate: 'a/m',
  at,
  failed: false,
  firstContentMs,
  ...rest,
});
const attempt = (at: number, firstContentMs: number) =>
  ({ candidate: 'a/m', startedAt: at, durationMs: 900, firstContentMs, outcome: 'success', lane: 'bytes' }) as Attempt;

function memoryStore(first: readonly MeasuredCall[] = []) {
  let news = first;
  const kept: MeasuredCall[] = [];
  const store: MeasurementStore = {
    news: () => {
      const told = news;
      news = [];
      return told;
    },
    keep: (calls) => kept.push(...calls),
  };
  return { store, kept, tell: (calls: readonly MeasuredCall[]) => (news = calls) };
}

describe('measurements that are kept', () => {
  it('are there from the start', () => {
    const clock = createManualClock();
    const { store } = memoryStore([call(clock.now() - HOUR, 300), call(clock.now() - HOUR, 500, { failed: true })]);
    const measured = createMeasurements(clock, store).of('a/m');
    expect(measured).toMatchObject({ calls: 2, firstContentMs: { p50: 300 } });
    expect(measured?.failureShare).toBeCloseTo(0.5);
  });

  it('count what a model fails at, and not what a request is refused for wherever it goes', () => {
    const clock = createManualClock();
    const measurements = createMeasurements(clock);
    const failing = (kind: ProviderErrorKind) =>
      measurements.record(
        { ...attempt(clock.now(), 300), outcome: 'failure', error: { kind, message: '' } } as Attempt,
        undefined,
      );
    for (const kind of ['invalid-request', 'request-too-large', 'context-length', 'content-filter'] as const)
      failing(kind);
    expect(measurements.of('a/m')).toBeUndefined();
    for (const kind of ['overloaded', 'server', 'timeout', 'rate-limit', 'not-found'] as const) failing(kind);
    expect(measurements.of('a/m')).toMatchObject({ calls: 5, failureShare: 1 });
  });

  it('go to the store together, a second later, and at the end', () => {
    const clock = createManualClock();
    const { store, kept } = memoryStore();
    const measurements = createMeasurements(clock, store);
    measurements.record(attempt(clock.now(), 100), 20);
    measurements.record(attempt(clock.now(), 200));
    expect(kept).toEqual([]);
    clock.advance(1_000);
    expect(kept.map(({ firstContentMs }) => firstContentMs)).toEqual([100, 200]);
    measurements.record(attempt(clock.now(), 300));
    measurements.flush?.();
    clock.advance(5_000);
    expect(kept).toHaveLength(3);
  });

  it('of other processes are looked for, not in the time of the request that notices', () => {
    const clock = createManualClock();
    const { store, tell } = memoryStore();
    const measurements = createMeasurements(clock, store);
    tell([call(clock.now(), 700)]);
    expect(measurements.of('a/m')).toBeUndefined();
    clock.advance(30_000);
    expect(measurements.of('a/m')).toBeUndefined();
    clock.advance(0);
    expect(measurements.of('a/m')).toMatchObject({ firstContentMs: { p50: 700 } });
  });

  it('count less the older they are, and in the end not at all', () => {
    const clock = createManualClock();
    const old = Array.from({ length: 10 }, () => call(clock.now(), 4_000));
    const measurements = createMeasurements(clock, memoryStore(old).store);
    expect(measurements.of('a/m')?.weight).toBeCloseTo(10);
    clock.advance(12 * HOUR);
    expect(measurements.of('a/m')?.weight).toBeCloseTo(10 / 16);
    // A call of now says more than ten of yesterday.
    measurements.record(attempt(clock.now(), 200));
    expect(measurements.of('a/m')?.firstContentMs.p50).toBe(200);
    clock.advance(10 * 24 * HOUR);
    expect(measurements.of('a/m')).toBeUndefined();
  });
});
