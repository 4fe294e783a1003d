import { type Attempt, type Candidate, inboundFromRequest, type Measured, type RequestHead } from '@signalbox/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { A_NOON, createManualClock } from '../../../testing/manual-clock.ts';
import { patienceFor } from '../src/attempts/patience.ts';
import { candidatesOf } from '../src/choice/candidates.ts';
import { createMeasurements } from '../src/measurements.ts';
import { fakeProvider, finish, start, streams, text, tinyFormat, userSays } from './fake-provider.ts';

function candidate(reasoning: boolean | undefined, thinksUnasked?: boolean): Candidate {
  const format = { ...tinyFormat(), thinksUnasked };
  const provider = fakeProvider('one', streams(start('m'), text('a'), finish()), {
    format,
    facts: { capabilities: { reasoning } },
  });
  const [found] = candidatesOf([provider]);
  if (found === undefined) throw new Error('the provider has a model');
  return found;
}

const asking = (effort?: RequestHead['effort']) => {
  const inbound = inboundFromRequest(userSays('hi'));
  return { ...inbound, head: { ...inbound.head, effort } };
};

const seconds = (one: Candidate, effort?: RequestHead['effort'], othersLeft = true, measured?: Measured) => {
  const { firstContentMs, idleMs } = patienceFor(one, asking(effort), othersLeft, measured);
  return [firstContentMs / 1_000, idleMs / 1_000];
};

describe('how long a model may be silent', () => {
  it('is 12 s before and 15 s within an answer where others could give it', () =>
    expect(seconds(candidate(false))).toEqual([12, 15]));

  it('is longer where nobody else is left', () =>
    expect(seconds(candidate(false), undefined, false)).toEqual([60, 60]));

  it('grows with how hard the model is asked to think', () => {
    const thinker = candidate(true);
    expect(seconds(thinker, 'none')).toEqual([12, 15]);
    expect(seconds(thinker, 'low')).toEqual([36, 45]);
    expect(seconds(thinker, 'high')).toEqual([96, 60]);
    expect(seconds(thinker, 'max')).toEqual([240, 60]);
  });

  it('is that of some thought where nobody says and the kind of model thinks unasked', () => {
    expect(seconds(candidate(true))).toEqual([60, 60]);
    expect(seconds(candidate(true, false))).toEqual([12, 15]);
  });

  it('grows with the size of the input', () => {
    const inbound = asking();
    const wire = { format: tinyFormat(), body: new Uint8Array(400_000), path: '/', headers: {} };
    expect(patienceFor(candidate(false), { ...inbound, wire }, true, undefined).firstContentMs).toBe(22_000);
  });

  it('is half as long again as nearly all answers of the model took, once enough were seen', () => {
    const measured: Measured = {
      calls: 100,
      answers: 100,
      failureShare: 0,
      firstContentMs: { p50: 9_000, p99: 20_000 },
      longestGapMs: { p50: 100, p99: 12_000 },
    };
    expect(seconds(candidate(false), undefined, true, measured)).toEqual([30, 18]);
    expect(seconds(candidate(false), undefined, true, { ...measured, answers: 19 })).toEqual([12, 15]);
  });
});

const attempt = (rest: Partial<Attempt>): Attempt => ({
  candidate: 'one/m',
  provider: 'one',
  model: 'm',
  cause: 'first',
  startedAt: A_NOON,
  durationMs: 1_000,
  outcome: 'success',
  lane: 'bytes',
  simulated: false,
  notes: [],
  ...rest,
});

describe('what is measured of a model', () => {
  it('is its times, its speed and how often it fails', () => {
    const measurements = createMeasurements(createManualClock());
    const usage = { inputTokens: 1, outputTokens: 80, provenance: 'reported' } as const;
    for (const firstContentMs of [100, 200, 300])
      measurements.record(attempt({ firstContentMs, durationMs: firstContentMs + 1_000, usage }), 40);
    measurements.record(attempt({ outcome: 'failure' }));
    expect(measurements.of('one/m')).toEqual({
      calls: 4,
      failureShare: 0.25,
      answers: 3,
      firstContentMs: { p50: 200, p99: 300 },
      longestGapMs: { p50: 40, p99: 40 },
      tokensPerSecond: 80,
      weight: 4,
    });
    expect(measurements.of('another')).toBeUndefined();
  });

  it('does not count what callers gave up, what was kept, and what was made up', () => {
    const measurements = createMeasurements(createManualClock());
    for (const rest of [{ outcome: 'aborted' }, { lane: 'cache' }, { simulated: true }] as const)
      measurements.record(attempt(rest));
    expect(measurements.of('one/m')).toBeUndefined();
  });

  it('forgets what is older than six hours', () => {
    const clock = createManualClock();
    const measurements = createMeasurements(clock);
    measurements.record(attempt({ startedAt: clock.now(), firstContentMs: 100 }));
    clock.advance(7 * 3_600_000);
    measurements.record(attempt({ startedAt: clock.now(), firstContentMs: 300 }));
    expect(measurements.of('one/m')).toMatchObject({ calls: 1, firstContentMs: { p50: 300 } });
  });

  it('always is of the newest calls, and its figures are among them', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 60_000 }), { minLength: 1, maxLength: 700 }), (times) => {
        const measurements = createMeasurements(createManualClock());
        for (const firstContentMs of times) measurements.record(attempt({ firstContentMs }));
        const measured = measurements.of('one/m');
        const newest = times.slice(-256);
        expect(measured?.calls).toBe(newest.length);
        expect(newest).toContain(measured?.firstContentMs.p50);
        expect(newest).toContain(measured?.firstContentMs.p99);
      }),
    );
  });
});
