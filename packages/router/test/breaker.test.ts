import { type Candidate, ProviderError, type ProviderErrorKind } from '@signalbox/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createManualClock } from '../../../testing/manual-clock.ts';
import { createBreaker } from '../src/attempts/breaker.ts';
import { createCircuit } from '../src/attempts/circuit.ts';
import { createRouter } from '../src/index.ts';
import { answers, fakeProvider, finish, silence, start, streams, text, userSays } from './fake-provider.ts';

const T0 = 1_700_000_000_000;

/** A breaker with one provider of these keys and two models, and short words for what happens to them. */
function underTest(keys: readonly string[] | undefined = undefined) {
  const breaker = createBreaker();
  const provider = { ...fakeProvider('one', answers(200, {})), keys };
  const model = (name: string): Candidate => ({
    id: `one/${name}`,
    provider,
    model: name,
    names: [],
    facts: { ...(provider.models[0] as Candidate['facts']), id: name },
  });
  const attempt = (candidate: Candidate, providerKey: string | undefined, now: number) => ({
    candidate: candidate.id,
    provider: 'one',
    model: candidate.model,
    cause: 'first' as const,
    providerKey,
    startedAt: now,
    durationMs: 0,
    outcome: 'failure' as const,
    lane: 'bytes' as const,
    simulated: false,
    notes: [],
  });
  const a = model('a');
  return {
    breaker,
    a,
    b: model('b'),
    fails(kind: ProviderErrorKind, rest: { key?: string; now?: number; on?: Candidate; retryAfterMs?: number } = {}) {
      const { key, now = T0, on = a, retryAfterMs } = rest;
      breaker.failed(on, new ProviderError({ kind, message: kind, retryAfterMs }), now, attempt(on, key, now));
    },
    /** `now`: when it ended. */
    succeeds: (now = T0, key?: string, durationMs = 0) =>
      breaker.succeeded(a, { ...attempt(a, key, now - durationMs), durationMs, outcome: 'success' }),
    given: (providerKey?: string) => breaker.neutral?.(a, { providerKey }),
    chooses: (times: number, now = T0, candidate = a) =>
      Array.from({ length: times }, () => breaker.chooseKey(candidate, now)),
    reason: (now = T0, candidate = a) => breaker.unavailable(candidate, now)?.reason,
  };
}

describe('keys', () => {
  it('are used in turns', () => {
    expect(underTest(['k1', 'k2', 'k3']).chooses(6)).toEqual(['k1', 'k2', 'k3', 'k1', 'k2', 'k3']);
  });

  it('have no name where there is one or none', () => {
    expect(underTest().chooses(1)).toEqual([undefined]);
    expect(underTest(['k1']).chooses(1)).toEqual([undefined]);
  });

  it('that are refused are passed over, for all models of the provider', () => {
    const { fails, chooses, reason, a, b } = underTest(['k1', 'k2']);
    fails('authentication', { key: 'k1', on: a });
    expect(new Set(chooses(10, T0, b))).toEqual(new Set(['k2']));
    expect(reason()).toBeUndefined();
  });

  it.each(['permission', 'quota', 'rate-limit'] as const)('with "%s" are passed over for that model alone', (kind) => {
    const { fails, chooses, a, b } = underTest(['k1', 'k2']);
    fails(kind, { key: 'k1', on: a });
    expect(new Set(chooses(10, T0, a))).toEqual(new Set(['k2']));
    expect(new Set(chooses(10, T0, b))).toEqual(new Set(['k1', 'k2']));
  });

  it('that are all parked make the provider unavailable, until the first of them is free', () => {
    const { fails, reason, chooses } = underTest(['k1', 'k2']);
    fails('rate-limit', { key: 'k1', retryAfterMs: 40_000 });
    fails('rate-limit', { key: 'k2', retryAfterMs: 7_000 });
    expect(reason()).toBe('its last answer was "rate-limit" (all 2 keys), left alone for 7 s');
    // A call that is made all the same goes to the key that is free soonest.
    expect(new Set(chooses(4))).toEqual(new Set(['k2']));
    expect(reason(T0 + 7_000)).toBeUndefined();
  });

  it('that are refused rest for half a minute, whatever the headers of a limit say beside', () => {
    const { fails, chooses } = underTest(['k1', 'k2']);
    fails('authentication', { key: 'k1', retryAfterMs: 12 });
    expect(new Set(chooses(4, T0 + 29_999))).toEqual(new Set(['k2']));
    expect(new Set(chooses(4, T0 + 30_000))).toEqual(new Set(['k1', 'k2']));
  });

  it('come back after their time, five minutes at most', () => {
    const { fails, chooses } = underTest(['k1', 'k2']);
    fails('quota', { key: 'k1', retryAfterMs: 86_400_000 });
    expect(new Set(chooses(4, T0 + 299_999))).toEqual(new Set(['k2']));
    expect(new Set(chooses(4, T0 + 300_000))).toEqual(new Set(['k1', 'k2']));
  });

  it('that are refused leave the breaker closed: nothing is wrong with the endpoint', () => {
    const { fails, breaker, succeeds } = underTest(['k1', 'k2']);
    for (let call = 0; call < 20; call += 1) fails('authentication', { key: 'k1' });
    succeeds(T0, 'k2');
    expect(breaker.states?.(T0)).toMatchObject([{ providerKey: 'k1', state: 'parked', failures: 0 }]);
    expect(breaker.states?.(T0 + 300_000)).toMatchObject([{ providerKey: 'k1', state: 'closed' }]);
  });

  it('whose limit is reached rest two seconds where nobody says for how long', () => {
    const { fails, chooses } = underTest(['k1', 'k2']);
    fails('rate-limit', { key: 'k1' });
    expect(new Set(chooses(4, T0 + 1_999))).toEqual(new Set(['k2']));
    expect(new Set(chooses(4, T0 + 2_000))).toEqual(new Set(['k1', 'k2']));
  });

  it('that are refused for the model and for the provider rest for the longer of the two', () => {
    const { fails, reason } = underTest();
    fails('quota', { retryAfterMs: 200_000 });
    fails('authentication');
    expect(reason()).toBe('its last answer was "quota", left alone for 200 s');
    fails('authentication', { retryAfterMs: 250_000 });
    expect(reason()).toBe('its last answer was "authentication", left alone for 250 s');
  });

  it('that a session has used before are kept to, and no turn is lost by it', () => {
    const { breaker, a, chooses } = underTest(['k1', 'k2', 'k3']);
    expect([1, 2, 3].map(() => breaker.chooseKey(a, T0, 'k3'))).toEqual(['k3', 'k3', 'k3']);
    expect(chooses(2)).toEqual(['k1', 'k2']);
    // One that is gone is in nobody's way.
    expect(breaker.chooseKey(a, T0, 'k9')).toBe('k3');
  });

  it('that a session has used before give way to the next while they rest', () => {
    const { breaker, fails, a } = underTest(['k1', 'k2', 'k3']);
    fails('quota', { key: 'k2' });
    expect(breaker.chooseKey(a, T0, 'k2')).toBe('k3');
    expect(breaker.chooseKey(a, T0 + 30_000, 'k2')).toBe('k2');
  });

  it('fail by themselves: five failures of one leave the others in use', () => {
    const { fails, chooses, reason } = underTest(['k1', 'k2']);
    for (let call = 0; call < 5; call += 1) fails('server', { key: 'k1' });
    expect(new Set(chooses(4))).toEqual(new Set(['k2']));
    expect(reason()).toBeUndefined();
  });
});

describe('a provider that is set up anew', () => {
  it('begins with nothing against its models and keys; of others nothing is forgotten', () => {
    const { breaker, a, fails, reason } = underTest();
    const other = { ...a, id: 'one-more/a', provider: { ...a.provider, id: 'one-more' } };
    for (const on of [a, other]) for (let call = 0; call < 5; call += 1) fails('server', { on });
    breaker.forget?.('one');
    expect(reason()).toBeUndefined();
    expect(reason(T0, other)).toBeDefined();
    expect(breaker.states?.(T0)).toMatchObject([{ candidate: 'one-more/a', state: 'open', failures: 5 }]);
  });

  it.each([undefined, ['k1', 'k2']])('begins with keys that nobody has refused: %j', (keys) => {
    const { breaker, a, fails, reason } = underTest(keys);
    const other = { ...a, id: 'one-more/a', provider: { ...a.provider, id: 'one-more' } };
    for (const kind of ['authentication', 'quota'] as const) {
      for (const on of [a, other]) for (const key of keys ?? [undefined]) fails(kind, { on, ...(key && { key }) });
      expect(reason()).toContain('its last answer was');
      breaker.forget?.('one');
      expect(reason()).toBeUndefined();
      expect(reason(T0, other)).toContain('its last answer was');
    }
  });
});

describe('what is told of endpoints', () => {
  it('is what keeps them from being used, why, and until when', () => {
    const { breaker, b, fails, succeeds } = underTest(['k1', 'k2']);
    for (let call = 0; call < 5; call += 1) fails('server', { key: 'k1' });
    fails('quota', { key: 'k2', on: b });
    const endpoint = { provider: 'one', providerKey: 'k1', candidate: 'one/a', model: 'a', failures: 5 };
    const because = { reason: 'failed 5 times in a row', until: T0 + 2_500 };
    const parked = { candidate: 'one/b', model: 'b', providerKey: 'k2', failures: 0, state: 'parked' };
    const states = (now: number) => breaker.states?.(now);
    expect(states(T0 + 2_499)).toEqual([
      { ...endpoint, ...because, state: 'open' },
      { provider: 'one', ...parked, reason: 'quota', until: T0 + 30_000 },
    ]);
    expect(states(T0 + 2_500)?.[0]).toEqual({ ...endpoint, ...because, state: 'half-open' });
    succeeds(T0 + 2_500, 'k1');
    expect(states(T0 + 30_000)).toEqual([
      { ...endpoint, failures: 0, state: 'closed' },
      { provider: 'one', ...parked, state: 'closed' },
    ]);
  });
});

describe('a single key', () => {
  it('with a short rate limit is not parked: the engine sits that out', () => {
    const { fails, reason } = underTest();
    fails('rate-limit', { retryAfterMs: 10_000 });
    expect(reason()).toBeUndefined();
    fails('rate-limit', { retryAfterMs: 60_000 });
    expect(reason()).toBe('its last answer was "rate-limit", left alone for 60 s');
  });
});

describe('a circuit', () => {
  it('opens after five failures in a row, and a success closes it', () => {
    const { fails, reason, succeeds } = underTest();
    for (let call = 0; call < 4; call += 1) fails('server');
    expect(reason()).toBeUndefined();
    fails('timeout');
    expect(reason()).toBe('failed 5 times in a row, left alone for 3 s');
    succeeds(T0 + 3_000);
    expect(reason(T0 + 3_000)).toBeUndefined();
  });

  it.each(['invalid-request', 'content-filter', 'context-length', 'not-found', 'rate-limit', 'aborted'] as const)(
    'counts no "%s": that is the caller’s matter',
    (kind) => {
      const { fails, reason } = underTest();
      for (let call = 0; call < 50; call += 1) fails(kind);
      expect(reason()).toBeUndefined();
    },
  );

  it.each(['overloaded', 'server', 'timeout', 'connect', 'connection-lost', 'stream-cut', 'invalid-response'] as const)(
    'counts "%s": that says something of the endpoint',
    (kind) => {
      const { fails, reason } = underTest();
      for (let call = 0; call < 5; call += 1) fails(kind);
      expect(reason()).toContain('failed 5 times in a row');
    },
  );

  it('opens when half of the last twenty calls failed, however they lie, and not for what was before them', () => {
    for (const half of [9, 10]) {
      const { fails, reason, succeeds } = underTest();
      const inTurn = (times: number) => {
        for (let pair = 0; pair < times; pair += 1) {
          succeeds();
          fails('server');
        }
      };
      inTurn(9);
      for (let call = 0; call < 40 - 2 * half; call += 1) succeeds();
      inTurn(half);
      const opened = 'failed in 10 of its last 20 calls, left alone for 3 s';
      expect(reason()).toBe(half === 10 ? opened : undefined);
    }
  });

  it.each([
    [60_000, 'failed in 13 of its last 20 calls, left alone for 3 s'],
    [60_001, undefined],
  ])('looks at calls of a minute, by when they ended: %d ms after the first', (later, expected) => {
    const { fails, succeeds, reason } = underTest();
    fails('server', { now: T0 - 90_000 });
    succeeds(T0, undefined, 30_000);
    for (let call = 1; call <= 19; call += 1) {
      if (call % 3 === 0) succeeds(T0 + later);
      else fails('server', { now: T0 + later });
    }
    expect(reason(T0 + later)).toBe(expected);
  });

  it('does not open by twenty calls that are spread over more than a minute', () => {
    const { fails, reason, succeeds } = underTest();
    for (let pair = 0; pair < 20; pair += 1) {
      fails('server', { now: T0 + pair * 7_000 });
      succeeds(T0 + pair * 7_000);
    }
    expect(reason(T0 + 140_000)).toBeUndefined();
  });

  it('does not stay open longer where the clock is set back, nor does a key that is parked rest longer', () => {
    const { fails, reason, breaker } = underTest();
    const earlier = T0 - 3_600_000;
    for (let call = 0; call < 5; call += 1) fails('server');
    expect(reason(T0)).toContain('failed 5 times in a row');
    expect(reason(earlier)).toBeUndefined();
    expect(breaker.states?.(earlier)).toMatchObject([{ state: 'half-open' }]);
    fails('authentication');
    expect(reason(T0)).toContain('authentication');
    expect(reason(earlier)).toBeUndefined();
  });

  it('stays open longer each time, ten seconds at most', () => {
    const circuit = createCircuit();
    const lengths: number[] = [];
    let now = T0;
    for (let opening = 0; opening < 8; opening += 1) {
      while (circuit.openUntil <= now) circuit.failed(now);
      lengths.push(circuit.openUntil - now);
      now = circuit.openUntil;
    }
    expect(lengths).toEqual([2_500, 5_000, 10_000, 10_000, 10_000, 10_000, 10_000, 10_000]);
  });

  it('is never closed to a provider that has recovered for more than fifteen seconds, whatever happened', () => {
    const step = fc.record({ wait: fc.integer({ min: 0, max: 30_000 }), fails: fc.boolean(), takes: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const circuit = createCircuit();
        let now = T0;
        for (const { wait, fails, takes } of steps) {
          now += wait;
          if (takes && circuit.admits(now)) circuit.take(now);
          if (fails) circuit.failed(now);
          else circuit.succeeded(now);
        }
        expect(circuit.admits(now + 15_000)).toBe(true);
      }),
    );
  });

  it('that is half open lets one call try; the others wait for what it says', () => {
    const { fails, breaker, a, reason, succeeds } = underTest();
    for (let call = 0; call < 5; call += 1) fails('server');
    const now = T0 + 2_500;
    expect(reason(now)).toBeUndefined();
    breaker.chooseKey(a, now);
    expect(reason(now)).toBe('failed 5 times in a row, another request is trying it');
    succeeds(now + 100);
    expect(reason(now + 100)).toBeUndefined();
  });

  it('gives its probe free when the caller of it gives up', () => {
    const { fails, breaker, a, reason, given } = underTest();
    for (let call = 0; call < 5; call += 1) fails('server');
    const now = T0 + 2_500;
    breaker.chooseKey(a, now);
    given();
    expect(reason(now)).toBeUndefined();
  });

  it('lets each of several keys be tried by one call', () => {
    const { fails, chooses, reason } = underTest(['k1', 'k2']);
    for (const key of ['k1', 'k2']) for (let call = 0; call < 5; call += 1) fails('server', { key });
    expect(reason()).toBe('failed 5 times in a row (all 2 keys), left alone for 3 s');
    expect(chooses(2, T0 + 2_500)).toEqual(['k1', 'k2']);
    expect(reason(T0 + 2_500)).toBe('failed 5 times in a row (all 2 keys), another request is trying it');
  });

  it('gives its probe free when the call was refused for its caller', () => {
    const { fails, breaker, a, reason } = underTest();
    for (let call = 0; call < 5; call += 1) fails('server');
    const now = T0 + 2_500;
    breaker.chooseKey(a, now);
    fails('invalid-request', { now });
    expect(reason(now)).toBeUndefined();
  });

  it('opens again, for longer, when its probe fails', () => {
    const { fails, breaker, a, reason } = underTest();
    for (let call = 0; call < 5; call += 1) fails('server');
    breaker.chooseKey(a, T0 + 2_500);
    fails('server', { now: T0 + 2_500 });
    expect(reason(T0 + 7_499)).toBe('failed 6 times in a row, left alone for 1 s');
    expect(reason(T0 + 7_500)).toBeUndefined();
  });

  it('takes a probe whose end is never reported for lost after a minute', () => {
    const { fails, breaker, a, reason } = underTest();
    for (let call = 0; call < 5; call += 1) fails('server');
    breaker.chooseKey(a, T0 + 2_500);
    expect(reason(T0 + 62_499)).toBeDefined();
    expect(reason(T0 + 62_500)).toBeUndefined();
  });
});

describe('in the engine', () => {
  it('a probe that its caller gives up is free for the next request', async () => {
    const broken = answers(502, { error: { message: 'broken' } });
    const hangs = streams(start('m'), silence);
    const healthy = streams(start('m'), text('hello'), finish());
    const provider = fakeProvider('one', [broken, broken, broken, broken, broken, hangs, healthy]);
    const clock = createManualClock();
    const health = createBreaker();
    const states = () => health.states?.(clock.now());
    const { stream } = createRouter({ providers: [provider], clock, health, retry: { maxAttempts: 1 } });
    for (let call = 0; call < 5; call += 1) await expect(stream(userSays('hi'))).rejects.toThrow(/broken/);
    clock.advance(2_500);
    const controller = new AbortController();
    const waiting = stream(userSays('hi'), { signal: controller.signal });
    controller.abort();
    await expect(waiting).rejects.toMatchObject({ kind: 'aborted' });
    expect(states()).toMatchObject([{ state: 'half-open' }]);
    const result = await stream(userSays('hi'));
    for await (const _event of result.events);
    expect(result.attempts.at(-1)?.outcome).toBe('success');
    expect(states()).toMatchObject([{ state: 'closed', failures: 0 }]);
  });
});
