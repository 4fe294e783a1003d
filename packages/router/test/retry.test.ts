import { ProviderError, type ProviderErrorKind, type StreamEvent } from '@signalbox/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createManualClock } from '../../../testing/manual-clock.ts';
import { createExtraCalls, RETRIES } from '../src/attempts/extra-calls.ts';
import { retryWait } from '../src/attempts/retry-policy.ts';
import { createRouter, DEFAULT_RETRY_POLICY, type RouterOptions } from '../src/index.ts';
import { answers, type Behaviour, fakeProvider, finish, start, streams, text, userSays } from './fake-provider.ts';

const healthy = streams(start('m'), text('hello'), finish());
const busy = answers(503, { error: { message: 'busy' } });
const fails =
  (kind: ProviderErrorKind, retryAfterMs?: number): Behaviour =>
  () => {
    throw new ProviderError({ kind, message: kind, retryAfterMs });
  };

const wait = (
  kind: ProviderErrorKind,
  made: number,
  rest: { retryAfterMs?: number; othersLeft?: boolean; random?: number; patienceMs?: number } = {},
) =>
  retryWait(DEFAULT_RETRY_POLICY, {
    error: new ProviderError({ kind, message: kind, retryAfterMs: rest.retryAfterMs }),
    made,
    othersLeft: rest.othersLeft ?? true,
    random: rest.random ?? 0,
    patienceMs: rest.patienceMs,
  });

describe('how long to wait for the same place', () => {
  it('grows, and may be anything up to that', () => {
    expect(wait('server', 1)).toBe(100);
    expect(wait('server', 1, { random: 0.999 })).toBeCloseTo(500, 0);
    expect(wait('server', 2, { random: 0.999 })).toBeCloseTo(999, 0);
  });

  it.each([
    ['exponential', [500, 1_000, 2_000, 4_000, 8_000, 8_000]],
    ['linear', [500, 1_000, 1_500, 2_000, 2_500, 3_000]],
    ['constant', [500, 500, 500, 500, 500, 500]],
  ] as const)('grows as %s says, to eight seconds at most', (backoff, longest) => {
    const policy = { ...DEFAULT_RETRY_POLICY, backoff, maxAttempts: 10 };
    const error = new ProviderError({ kind: 'server', message: 'busy' });
    const waits = (random: number) =>
      longest.map((_, index) => retryWait(policy, { error, made: index + 1, othersLeft: true, random }));
    expect(waits(1)).toEqual(longest);
    expect(new Set(waits(0))).toEqual(new Set([100]));
  });

  it('is a little above what the provider asks for: two and a half to five per cent, and a fifth of a second at most', () => {
    expect(wait('rate-limit', 1, { retryAfterMs: 2_000 })).toBe(2_050);
    expect(wait('rate-limit', 1, { retryAfterMs: 2_000, random: 1 })).toBe(2_100);
    expect(wait('rate-limit', 1, { retryAfterMs: 10_000 })).toBe(10_100);
    expect(wait('rate-limit', 1, { retryAfterMs: 10_000, random: 1 })).toBe(10_200);
    expect(wait('rate-limit', 1, { retryAfterMs: 10_001 })).toBeUndefined();
  });

  it('is not longer than the caller waits', () => {
    expect(wait('server', 1, { patienceMs: 101 })).toBe(100);
    expect(wait('server', 1, { patienceMs: 100 })).toBeUndefined();
    expect(wait('rate-limit', 1, { retryAfterMs: 5_000, patienceMs: 8_000 })).toBeGreaterThanOrEqual(5_000);
    expect(wait('rate-limit', 1, { retryAfterMs: 5_000, patienceMs: 4_000 })).toBeUndefined();
  });

  it('ends after three attempts', () => expect(wait('server', 3)).toBeUndefined());

  it('never undercuts what the provider asks for, and gives up where that is long', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 20_000 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (asked, random) => {
          const given = wait('rate-limit', 1, { retryAfterMs: asked, random });
          if (asked > DEFAULT_RETRY_POLICY.maxWaitMs) expect(given).toBeUndefined();
          else expect(given).toBeGreaterThanOrEqual(asked);
        },
      ),
    );
  });

  it('is our own where the provider asks for less', () => {
    expect(wait('rate-limit', 2, { retryAfterMs: 0 })).toBe(wait('rate-limit', 2));
  });

  it('is never for timeouts, refusals, keys, filters and full windows', () => {
    const kinds: ProviderErrorKind[] = [
      'timeout',
      'invalid-request',
      'authentication',
      'quota',
      'content-filter',
      'context-length',
      'aborted',
      'not-found',
    ];
    for (const kind of kinds) expect(wait(kind, 1), kind).toBeUndefined();
  });

  it('is for a refused connection only where nobody else is left', () => {
    expect(wait('connect', 1)).toBeUndefined();
    expect(wait('connect', 1, { othersLeft: false })).toBeGreaterThan(0);
  });
});

describe('the retry budget', () => {
  it('lets at most a fifth more through in the long run', () => {
    const budget = createExtraCalls(RETRIES);
    let retries = 0;
    for (let request = 0; request < 10_000; request += 1) {
      budget.deposit();
      for (let attempt = 0; attempt < 2; attempt += 1) if (budget.withdraw()) retries += 1;
    }
    expect(retries).toBeLessThanOrEqual(10_000 * 0.2 + 20);
    expect(retries).toBeGreaterThan(1_900);
  });
});

async function read(events: AsyncIterable<StreamEvent>): Promise<string> {
  let words = '';
  for await (const event of events) if (event.type === 'text-delta') words += event.text;
  return words;
}

/** A router on a clock that runs through every wait at once, and tells how long they were. */
function router(providers: RouterOptions['providers'], options: Partial<RouterOptions> = {}) {
  const clock = createManualClock();
  const waits: number[] = [];
  const made = createRouter({
    providers,
    random: () => 0,
    clock: {
      now: clock.now,
      after(milliseconds, callback) {
        // Timers of an attempt are far longer than any wait between two.
        if (milliseconds > 11_000) return clock.after(milliseconds, callback);
        waits.push(milliseconds);
        queueMicrotask(() => {
          clock.advance(milliseconds);
          callback();
        });
        return () => undefined;
      },
    },
    ...options,
  });
  return { ...made, waits, clock };
}

describe('a request whose first answer fails', () => {
  it('is repeated at the same place before another is asked', async () => {
    const one = fakeProvider('one', [busy, healthy]);
    const two = fakeProvider('two', healthy);
    const { stream, waits } = router([one, two]);
    const result = await stream(userSays('hi'));
    expect(await read(result.events)).toBe('hello');
    expect([one.calls.length, two.calls.length, waits]).toEqual([2, 0, [100]]);
    expect(result.attempts.map(({ outcome, cause }) => [outcome, cause])).toEqual([
      ['failure', 'first'],
      ['success', 'retry'],
    ]);
  });

  it('waits as long as the provider asks', async () => {
    const { stream, waits } = router([fakeProvider('one', [fails('rate-limit', 2_000), healthy])]);
    await read((await stream(userSays('hi'))).events);
    expect(waits).toHaveLength(1);
    expect(waits[0]).toBeGreaterThanOrEqual(2_000);
  });

  it('goes on at once where the provider asks for longer than anybody would wait', async () => {
    const one = fakeProvider('one', fails('rate-limit', 3_600_000));
    const { stream, waits } = router([one, fakeProvider('two', healthy)]);
    expect((await stream(userSays('hi'))).candidate.id).toBe('two/two-model');
    expect([one.calls.length, waits]).toEqual([1, []]);
  });

  it('gets three attempts and no more, then the next candidate', async () => {
    const one = fakeProvider('one', busy);
    const { stream } = router([one, fakeProvider('two', healthy)]);
    expect((await stream(userSays('hi'))).candidate.id).toBe('two/two-model');
    expect(one.calls).toHaveLength(3);
  });

  it('is given up when the caller is', async () => {
    const controller = new AbortController();
    const one = fakeProvider('one', fails('rate-limit', 9_000));
    const made = createRouter({ providers: [one], clock: createManualClock() });
    const result = made.stream(userSays('hi'), { signal: controller.signal });
    await expect.poll(() => one.calls.length).toBe(1);
    controller.abort();
    await expect(result).rejects.toMatchObject({ kind: 'aborted' });
    expect(one.calls).toHaveLength(1);
  });

  it('for want of room goes only to a larger window', async () => {
    const tooLong = fails('context-length');
    const small = fakeProvider('small', tooLong, { facts: { contextWindow: 8_000 } });
    const same = fakeProvider('same', healthy, { facts: { contextWindow: 8_000 } });
    const large = fakeProvider('large', healthy, { facts: { contextWindow: 100_000 } });
    const { stream } = router([small, same, large]);
    expect((await stream(userSays('hi'))).candidate.id).toBe('large/large-model');
    expect([small.calls.length, same.calls.length]).toEqual([1, 0]);
  });
});

describe('a place that is busy for long', () => {
  it('is not asked for more retries than the budget has, though nobody else is left', async () => {
    const one = fakeProvider('one', busy);
    const { generate } = router([one]);
    const requests = 50;
    for (let request = 0; request < requests; request += 1) await generate(userSays('hi')).catch(() => undefined);
    const retries = one.calls.length - requests;
    expect(retries).toBeGreaterThanOrEqual(RETRIES.saved + RETRIES.share * requests - 2);
    expect(retries).toBeLessThanOrEqual(RETRIES.saved + RETRIES.share * requests);
  });
});

describe('the breaker', () => {
  it('leaves a candidate alone after five failures in a row, lets one try after a while, and closes on success', async () => {
    let down = true;
    const one = fakeProvider('one', (call) => (down ? busy(call) : healthy(call)));
    const { stream, clock, decide } = router([one, fakeProvider('two', healthy)], { retry: { maxAttempts: 1 } });
    const ask = async () => read((await stream(userSays('hi'))).events);
    for (let request = 0; request < 5; request += 1) await ask();
    expect(one.calls).toHaveLength(5);
    await ask();
    expect(one.calls).toHaveLength(5);
    const inbound = { head: { stream: false }, request: () => userSays('hi') };
    expect(decide({ inbound }).removed).toMatchObject([
      { candidate: 'one/one-model', kind: 'breaker', reason: expect.stringContaining('5 times in a row') },
    ]);
    clock.advance(2_500);
    down = false;
    await ask();
    expect(one.calls).toHaveLength(6);
    await ask();
    expect(one.calls).toHaveLength(7);
  });

  it('ends the retries of the request that opens it, where others are left', async () => {
    const one = fakeProvider('one', busy);
    const { stream } = router([one, fakeProvider('two', healthy)]);
    const ask = async () => {
      const { events, attempts } = await stream(userSays('hi'));
      await read(events);
      return attempts.map(({ provider }) => provider);
    };
    expect(await ask()).toEqual(['one', 'one', 'one', 'two']);
    expect(await ask()).toEqual(['one', 'one', 'two']);
    expect(one.calls).toHaveLength(5);
  });

  it('grows its patience to ten seconds and no further', async () => {
    const one = fakeProvider('one', busy);
    const { stream, clock } = router([one, fakeProvider('two', healthy)], { retry: { maxAttempts: 1 } });
    const ask = async () => read((await stream(userSays('hi'))).events);
    for (let request = 0; request < 5; request += 1) await ask();
    for (let probe = 0; probe < 4; probe += 1) {
      clock.advance(10_000);
      await ask();
    }
    expect(one.calls).toHaveLength(9);
    clock.advance(9_999);
    await ask();
    expect(one.calls).toHaveLength(9);
    clock.advance(1);
    await ask();
    expect(one.calls).toHaveLength(10);
  });

  it('does not hold the mistakes of callers against a candidate', async () => {
    const one = fakeProvider('one', answers(400, { error: { message: 'bad field' } }));
    const { generate } = router([one]);
    for (let request = 0; request < 8; request += 1) await generate(userSays('hi')).catch(() => undefined);
    expect(one.calls).toHaveLength(8);
  });

  it('is overruled where nobody else is left', async () => {
    const one = fakeProvider('one', busy);
    const { generate } = router([one], { retry: { maxAttempts: 1 } });
    for (let request = 0; request < 7; request += 1) await generate(userSays('hi')).catch(() => undefined);
    expect(one.calls).toHaveLength(7);
  });

  it('parks a key that was refused', async () => {
    const one = fakeProvider('one', answers(401, { error: { message: 'bad key' } }));
    const { stream, clock } = router([one, fakeProvider('two', healthy)]);
    const ask = async () => read((await stream(userSays('hi'))).events);
    await ask();
    await ask();
    expect(one.calls).toHaveLength(1);
    clock.advance(30_000);
    await ask();
    expect(one.calls).toHaveLength(2);
  });
});
