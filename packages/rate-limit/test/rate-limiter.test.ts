import type { Removal, Reservation } from '@signalbox/core';
import { describe, expect, it } from 'vitest';
import { attempt, isReservation, limited, limiter, reasonOf } from './limiter.ts';
import { settled } from './manual-clock.ts';

const perMinute = (requests: number) => ({ requests: [{ requests, perMs: 60_000 }] });

describe('a limit of requests', () => {
  it('lets so many through and refuses the next at once, with the wait in seconds', async () => {
    const { take, reserve, check, clock } = limiter(perMinute(2));
    take();
    await clock.advance(20_000);
    take();
    const refusal = {
      candidate: 'acme/m',
      kind: 'rate-limit',
      reason: 'is at its limit of 2 requests a minute, free again in 40 s',
      retryAfterMs: 40_000,
    };
    expect(reserve()).toEqual(refusal);
    expect(check()).toEqual(refusal);
    await clock.advance(40_000);
    expect(check()).toBeUndefined();
    take();
    expect(reasonOf(check())).toContain('20 s');
  });

  it('counts requests whether they succeed or fail, but not those that were never made', () => {
    const { take, check } = limiter(perMinute(2));
    take().settle(attempt());
    take().release();
    expect(check()).toBeUndefined();
    take().settle(attempt({ outcome: 'failure', error: { kind: 'server', message: 'no', status: 500 } }));
    expect(check()).toBeDefined();
  });

  it.each([
    [1_000, 'a second'],
    [3_600_000, 'an hour'],
    [86_400_000, 'a day'],
    [15_000, 'in 15 s'],
  ])('may be of any time (%i ms)', (perMs, words) => {
    const { take, check } = limiter({ requests: [{ requests: 1, perMs }] });
    take();
    expect(check()?.reason).toBe(`is at its limit of 1 request ${words}, free again in ${perMs / 1_000} s`);
  });

  it('may be two: both hold, and the longer wait is said', async () => {
    const { take, check, clock } = limiter({
      requests: [
        { requests: 3, perMs: 60_000 },
        { requests: 1, perMs: 1_000 },
      ],
    });
    for (let call = 0; call < 3; call += 1) {
      take();
      expect(check()).toBeDefined();
      await clock.advance(1_000);
    }
    expect(check()?.retryAfterMs).toBe(57_000);
  });

  it('may be two in any order: who is told of a wait is told of the longer one', () => {
    const short = { requests: 1, perMs: 1_000 };
    const long = { requests: 1, perMs: 60_000 };
    for (const requests of [
      [short, long],
      [long, short],
    ]) {
      const { take, check } = limiter({ requests });
      take();
      expect(check()).toMatchObject({ retryAfterMs: 60_000, reason: expect.stringContaining('1 request a minute') });
    }
  });

  it('is looked at without being used', () => {
    const { check, take } = limiter(perMinute(1));
    for (let look = 0; look < 10; look += 1) expect(check()).toBeUndefined();
    take();
  });

  it('does not measure the request', () => {
    const { take, reserve } = limiter({ ...perMinute(1), maxConcurrent: 5 });
    const measured = () => {
      throw new Error('measured');
    };
    take({ measured }).settle(attempt());
    expect(isReservation(reserve({ measured }))).toBe(false);
  });
});

describe('a limit of tokens a minute', () => {
  it('reserves the input and what is expected of the answer, and takes the true figures when they are known', () => {
    const { take, check } = limiter({ tokensPerMinute: 1_000 });
    const given = take({ input: 400, output: 300 });
    expect(check({ input: 400 })?.reason).toBe('is at its limit of 1000 tokens a minute, free again in 60 s');
    given.settle(attempt({ usage: { inputTokens: 380, outputTokens: 20, provenance: 'reported' } }));
    expect(check({ input: 600 })).toBeUndefined();
    expect(check({ input: 601 })).toBeDefined();
  });

  it('is not charged for a refused call; one that broke off without figures stays charged as expected', () => {
    const { take, check } = limiter({ tokensPerMinute: 1_000 });
    take({ input: 900 }).settle(limited);
    expect(check({ input: 1_000 })).toBeUndefined();
    take({ input: 900 }).settle(attempt({ outcome: 'aborted', error: { kind: 'aborted', message: 'gone' } }));
    expect(check({ input: 200 })).toBeDefined();
  });

  it('bounds what is expected of an answer by the limit: only the input has to fit', () => {
    const { take } = limiter({ tokensPerMinute: 100 });
    take({ input: 90, output: 5_000 });
  });

  it('refuses for good what would never fit', () => {
    const { check, reserve } = limiter({ tokensPerMinute: 1_000 });
    const refusal = {
      candidate: 'acme/m',
      kind: 'context-window',
      reason: 'about 1001 tokens of input are more than its limit of 1000 tokens a minute',
    };
    expect(check({ input: 1_001 })).toEqual(refusal);
    expect(reserve({ input: 1_001, patienceMs: 60_000 })).toEqual(refusal);
  });
});

describe('a limit of calls at once', () => {
  it('is free again when a call is over, however it ends', () => {
    const { take, check } = limiter({ maxConcurrent: 2 });
    const [one, two] = [take(), take()];
    expect(check()).toMatchObject({ reason: 'has 2 calls under way, as many as it may have', retryAfterMs: 1_000 });
    one.settle(limited);
    const three = take();
    expect(check()).toBeDefined();
    two.release();
    expect(check()).toBeUndefined();
    three.settle(attempt());
  });

  it('gives a place back once, even if it is told twice', () => {
    const { take, check } = limiter({ maxConcurrent: 1 });
    const one = take();
    one.settle(attempt());
    one.settle(attempt());
    one.release();
    take();
    expect(check()).toBeDefined();
  });
});

describe('what holds a call back at several limits', () => {
  it.each([
    ['first', { maxConcurrent: 1, models: { m: perMinute(1) } }],
    ['last', { ...perMinute(1), models: { m: { maxConcurrent: 1 } } }],
    ['at the same gate', { ...perMinute(1), maxConcurrent: 1 }],
  ] as const)('is told with a wait that is known, where one that is not stands %s', (_where, limits) => {
    const { take, check } = limiter(limits);
    const one = take();
    const known = { retryAfterMs: 60_000, reason: expect.stringContaining('1 request a minute') };
    expect(check()).toMatchObject(known);
    one.settle(attempt());
    expect(check()).toMatchObject(known);
  });

  it.each([
    ['of the model', { maxConcurrent: 1, models: { m: { tokensPerMinute: 100 } } }],
    ['of the provider', { tokensPerMinute: 100, models: { m: { maxConcurrent: 1 } } }],
  ] as const)('is what will never be different, where that is a limit %s', (_whose, limits) => {
    const { take, check } = limiter(limits);
    take();
    expect(check({ input: 101 })).toMatchObject({
      kind: 'context-window',
      reason: expect.stringContaining('101 tokens of input'),
    });
  });
});

describe('keys', () => {
  it('have all limits each for itself; the provider is free as long as one of them is', () => {
    const { take, check, reserve } = limiter(perMinute(1), { keys: ['key-1', 'key-2'] });
    take({ key: 'key-1' });
    expect(reasonOf(reserve({ key: 'key-1' }) as Removal)).toContain('limit of 1 request');
    expect(check()).toBeUndefined();
    take({ key: 'key-2' });
    expect(check()).toBeDefined();
  });

  it('share the connections', () => {
    const { take, check } = limiter({ connections: 2 }, { keys: ['key-1', 'key-2'] });
    take({ key: 'key-1' });
    const two = take({ key: 'key-1' });
    expect(check()).toBeDefined();
    two.settle(attempt());
    take({ key: 'key-2' });
  });
});

describe('models', () => {
  it('may have limits of their own beside the provider’s', () => {
    const { take, check, model } = limiter({ ...perMinute(3), models: { small: perMinute(1) } });
    const [small, large] = [model('small'), model('large')];
    take({ on: small });
    expect(check({ on: small })).toBeDefined();
    expect(check({ on: large })).toBeUndefined();
    take({ on: large });
    take({ on: large });
    expect(check({ on: large })).toBeDefined();
  });

  it('of any number leave the limits of those that have some as they are', () => {
    const { take, check, model } = limiter({ models: { small: perMinute(1) } });
    take({ on: model('small') });
    for (let name = 0; name < 3_000; name += 1) take({ on: model(`m${name}`) }).settle(attempt());
    expect(check({ on: model('small') })).toBeDefined();
  });
});

describe('who has patience', () => {
  it('waits for its turn; it costs one timer for the line and one for each deadline, and none is left', async () => {
    const { take, reserve, clock } = limiter(perMinute(1));
    take();
    const waiting = reserve({ patienceMs: 90_000 }) as Promise<Reservation>;
    expect(waiting).toBeInstanceOf(Promise);
    expect(clock.timers).toBe(2);
    await clock.advance(59_999);
    expect(clock.timers).toBe(2);
    await clock.advance(1);
    expect(isReservation(await waiting)).toBe(true);
    expect(clock.timers).toBe(0);
  });

  it('is let in the order of coming, and nobody passes by', async () => {
    const { take, reserve, check, clock } = limiter({ maxConcurrent: 1 });
    const first = take();
    const order: number[] = [];
    const waiting = [1, 2, 3].map(async (place) => {
      const given = (await reserve({ patienceMs: 60_000 })) as Reservation;
      order.push(place);
      return given;
    });
    expect(reasonOf(reserve({ patienceMs: 0 }) as Removal)).toContain('1 call under way');
    first.settle(attempt());
    await settled();
    expect(order).toEqual([1]);
    expect(check()).toBeDefined();
    for (const one of waiting) (await one).settle(attempt());
    expect(order).toEqual([1, 2, 3]);
    expect(clock.timers).toBe(0);
    expect(check()).toBeUndefined();
  });

  it('is not overtaken by a smaller request', async () => {
    const { take, reserve, check, clock } = limiter({ tokensPerMinute: 100 });
    take({ input: 60 });
    const large = reserve({ input: 80, patienceMs: 120_000 });
    expect(check({ input: 10 })?.reason).toContain('has others waiting for their turn');
    await clock.advance(60_000);
    expect(isReservation(await large)).toBe(true);
  });

  it('is not overtaken by a smaller request at the limit of a model, which holds up nobody else', async () => {
    const { take, reserve, model, clock } = limiter({ models: { small: { tokensPerMinute: 100 } } });
    const on = model('small');
    take({ on, input: 60 });
    const order: string[] = [];
    const waiting = [
      reserve({ on, input: 80, patienceMs: 120_000 }),
      reserve({ on, input: 10, patienceMs: 120_000 }),
    ] as const;
    for (const [index, one] of waiting.entries()) void Promise.resolve(one).then(() => order.push(`${index}`));
    take({ on: model('large'), input: 5_000 });
    await settled();
    expect(order).toEqual([]);
    await clock.advance(60_000);
    expect((await Promise.all(waiting)).every(isReservation)).toBe(true);
    expect(order).toEqual(['0', '1']);
  });

  it('is told how long it would be by the tokens of those before it, at its own limits alone', () => {
    const { take, reserve, model } = limiter({
      models: { small: { tokensPerMinute: 100 }, other: { tokensPerMinute: 100 } },
    });
    const [small, other] = [model('small'), model('other')];
    take({ on: small, input: 100 });
    take({ on: other, input: 100 });
    reserve({ on: other, input: 90, patienceMs: 60_000 });
    // Nobody is before it at its own model.
    expect(isReservation(reserve({ on: small, input: 90, patienceMs: 59_999 }))).toBe(false);
    expect(reserve({ on: small, input: 90, patienceMs: 60_000 })).toBeInstanceOf(Promise);
    expect(reserve({ on: small, input: 20, patienceMs: 119_999 })).toMatchObject({ retryAfterMs: 120_000 });
    // Ten more fit beside the ninety.
    expect(reserve({ on: small, input: 10, patienceMs: 60_000 })).toBeInstanceOf(Promise);
  });

  it('is refused at once where the wait is known to be longer, those before it counted', async () => {
    const { take, reserve, clock } = limiter(perMinute(1));
    take();
    expect(reserve({ patienceMs: 59_999 })).toMatchObject({ kind: 'rate-limit', retryAfterMs: 60_000 });
    const waiting = reserve({ patienceMs: 60_000 });
    expect(reserve({ patienceMs: 100_000 })).toMatchObject({ retryAfterMs: 120_000 });
    await clock.advance(60_000);
    expect(isReservation(await waiting)).toBe(true);
    expect(clock.timers).toBe(0);
  });

  it('is refused when its patience is over', async () => {
    const { take, reserve, clock } = limiter({ maxConcurrent: 1 });
    const under = take();
    const waiting = reserve({ patienceMs: 5_000 });
    await clock.advance(5_000);
    expect(await waiting).toMatchObject({ kind: 'rate-limit', reason: expect.stringContaining('1 call under way') });
    expect(clock.timers).toBe(0);
    under.settle(attempt());
    take();
  });

  it('leaves when its caller does, and who comes behind moves up', async () => {
    const { take, reserve, clock } = limiter({ tokensPerMinute: 100 });
    take({ input: 60 });
    const controller = new AbortController();
    const large = reserve({ input: 90, patienceMs: 120_000, signal: controller.signal });
    const small = reserve({ input: 30, patienceMs: 120_000 });
    controller.abort();
    await expect(large).rejects.toMatchObject({ kind: 'aborted' });
    expect(isReservation(await small)).toBe(true);
    expect(clock.timers).toBe(0);
    const gone = AbortSignal.abort();
    expect(() => reserve({ input: 90, patienceMs: 120_000, signal: gone })).toThrow(/given up/);
  });

  it('finds the line full when it is', () => {
    const { take, reserve, clock } = limiter({ maxConcurrent: 1 }, { maxWaiting: 2 });
    take();
    const waiting = [reserve({ patienceMs: 1_000 }), reserve({ patienceMs: 1_000 })];
    expect(reserve({ patienceMs: 1_000 })).toMatchObject({
      kind: 'rate-limit',
      reason: 'has 1 call under way, as many as it may have, and 2 requests wait already',
    });
    expect(waiting).toHaveLength(2);
    expect(clock.timers).toBe(2);
  });

  it('for one model does not hold up another', async () => {
    const { take, reserve, model, clock } = limiter({ models: { small: { maxConcurrent: 1 } } });
    const small = model('small');
    const under = take({ on: small });
    const waiting = reserve({ on: small, patienceMs: 10_000 });
    take({ on: model('large') });
    under.settle(attempt());
    expect(isReservation(await waiting)).toBe(true);
    expect(clock.timers).toBe(0);
  });

  it('is told of a request that can’t be read before it waits', () => {
    const { take, reserve, clock } = limiter({ maxConcurrent: 1 });
    take();
    const measured = () => {
      throw new Error('unreadable');
    };
    expect(() => reserve({ measured, patienceMs: 10_000 })).toThrow('unreadable');
    expect(clock.timers).toBe(0);
  });
});

describe('a store that leases slices of a limit from elsewhere', () => {
  it('lets those who wait in when a slice arrives', async () => {
    let slice = 1;
    let arrived: () => void = () => undefined;
    const { take, reserve, clock } = limiter(perMinute(100), {
      store: {
        window: (_name, _size, onFree) => {
          arrived = onFree;
          return {
            waitMs: () => (slice > 0 ? 0 : Number.POSITIVE_INFINITY),
            take: (amount) => {
              slice -= amount;
              return { correct: () => undefined };
            },
          };
        },
      },
    });
    take();
    const waiting = reserve({ patienceMs: 10_000 });
    slice = 1;
    arrived();
    expect(isReservation(await waiting)).toBe(true);
    expect(clock.timers).toBe(0);
  });
});
