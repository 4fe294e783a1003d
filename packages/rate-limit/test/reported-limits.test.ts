import { describe, expect, it } from 'vitest';
import { attempt, call, isReservation, limited, limiter, reasonOf } from './limiter.ts';

const openai = (remaining: number, limit: number, reset: string, what = 'requests') => ({
  [`x-ratelimit-limit-${what}`]: String(limit),
  [`x-ratelimit-remaining-${what}`]: String(remaining),
  [`x-ratelimit-reset-${what}`]: reset,
});

describe('a provider that reports nothing left', () => {
  it('is left alone until the reset; who is alone waits for it', async () => {
    const { take, check, reserve, clock } = limiter();
    call(take(), openai(0, 60, '30s'));
    expect(check()).toEqual({
      candidate: 'acme/m',
      kind: 'rate-limit',
      reason: 'reports 0 of 60 requests left, free again in 30 s',
      retryAfterMs: 30_000,
    });
    const waiting = reserve({ patienceMs: 30_000 });
    await clock.advance(30_000);
    expect(isReservation(await waiting)).toBe(true);
    expect(clock.timers).toBe(0);
  });

  it('is believed before the answer is over', () => {
    const { take, check } = limiter();
    take().answered?.(openai(0, 60, '30s'));
    expect(check()).toBeDefined();
  });

  it('means that model alone, and that key', () => {
    const { take, check, reserve, model } = limiter({}, { keys: ['key-1', 'key-2'] });
    call(take({ key: 'key-1' }), openai(0, 60, '30s'));
    expect(check({ on: model('other') })).toBeUndefined();
    expect(isReservation(reserve({ key: 'key-1' }))).toBe(false);
    expect(check()).toBeUndefined();
    call(take({ key: 'key-2' }), openai(0, 60, '20s'));
    expect(check()?.retryAfterMs).toBe(20_000);
  });

  it('may mean tokens of any kind', () => {
    for (const what of ['requests', 'tokens', 'input-tokens', 'output-tokens']) {
      const { take, check } = limiter();
      const reset = new Date(1_700_000_000_000 + 10_000).toISOString();
      const name = `anthropic-ratelimit-${what}`;
      call(take(), { [`${name}-remaining`]: '0', [`${name}-limit`]: '8000', [`${name}-reset`]: reset });
      expect(check(), what).toMatchObject({ retryAfterMs: 10_000 });
    }
  });

  it.each([
    ['all at once', openai(0, 5_000, '30s'), attempt()],
    // 100 of 5,000 a minute are used: they come back evenly.
    ['evenly', openai(4_900, 5_000, '1.2s'), attempt()],
    ['when it was said', { 'retry-after': '30' }, limited],
  ])('is left alone no longer where the clock is set back: what comes back %s', (_, headers, end) => {
    const { take, check, clock } = limiter();
    call(take(), headers, end);
    clock.set(clock.now() - 60_000);
    expect(check()?.retryAfterMs ?? 0).toBeLessThanOrEqual(90_000);
    clock.set(clock.now() - 3_600_000);
    expect(check()).toBeUndefined();
  });

  it('without saying until when rests for a second', async () => {
    const { take, check, clock } = limiter();
    call(take(), { 'x-ratelimit-remaining-requests': '0' });
    expect(check()?.retryAfterMs).toBe(1_000);
    await clock.advance(1_000);
    expect(check()).toBeUndefined();
  });

  it('is asked again after five minutes at the latest', () => {
    const { take, check } = limiter();
    call(take(), openai(0, 200, '23h59m'));
    expect(check()?.retryAfterMs).toBe(300_000);
  });

  it('is heard again with the next answer', () => {
    const { take, check } = limiter();
    const [one, two] = [take(), take()];
    call(one, openai(0, 60, '30s'));
    call(two, openai(40, 60, '20s'));
    expect(check()).toBeUndefined();
  });
});

describe('what is left', () => {
  it('is used up by requests that were sent since: the one too many is not sent', () => {
    const { take, check } = limiter();
    call(take(), openai(2, 10, '30s'));
    take();
    take();
    expect(check()).toMatchObject({ reason: 'reports 0 of 10 requests left, free again in 30 s' });
  });

  it('is less what was sent after the request that is answered, in whatever order answers come', () => {
    const { take, check } = limiter();
    const [one, two, three] = [take(), take(), take()];
    call(two, openai(1, 10, '30s'));
    // The third had left before, and took the last.
    expect(check()).toBeDefined();
    call(three, openai(0, 10, '30s'));
    // The first one's figures are older, and come to the same.
    call(one, openai(2, 10, '30s'));
    expect(check()).toBeDefined();
  });

  it('is given back by a call that was never made', () => {
    const { take, check } = limiter();
    call(take(), openai(1, 10, '30s'));
    const given = take();
    expect(check()).toBeDefined();
    given.release();
    expect(check()).toBeUndefined();
  });

  it('of tokens is compared with what a request is thought to take, once half of the limit is gone', () => {
    const { take, check } = limiter();
    const measured = () => {
      throw new Error('measured');
    };
    call(take({ measured }), openai(20_000, 30_000, '20s', 'tokens'));
    expect(check({ measured })).toBeUndefined();
    call(take({ measured }), openai(5_000, 30_000, '50s', 'tokens'));
    expect(check({ input: 4_000 })).toBeUndefined();
    expect(reasonOf(check({ input: 6_000 }))).toContain('reports 5000 of 30000 tokens left');
    // What can never fit is the provider's to judge.
    expect(check({ input: 40_000 })?.retryAfterMs).toBe(50_000);
  });

  it('of tokens that a prompt cache may cover is not', () => {
    const { take, check } = limiter();
    call(take(), {
      'anthropic-ratelimit-input-tokens-limit': '50000',
      'anthropic-ratelimit-input-tokens-remaining': '1000',
      'anthropic-ratelimit-input-tokens-reset': new Date(1_700_000_059_000).toISOString(),
    });
    expect(check({ input: 90_000 })).toBeUndefined();
  });

  it('comes back evenly where the figures show it: nobody waits for all of it', async () => {
    const { take, check, clock } = limiter();
    // 600 a minute: one in 100 ms.
    call(take(), openai(300, 600, '30s'));
    call(take(), openai(0, 600, '60s'));
    expect(check()?.retryAfterMs).toBe(100);
    await clock.advance(100);
    take();
    expect(check()?.retryAfterMs).toBe(100);
  });

  it('comes back all at once where they don’t: a window that began with a burst', () => {
    const { take, check } = limiter();
    for (let left = 599; left >= 0; left -= 1) call(take(), openai(left, 600, '59s'));
    expect(check()?.retryAfterMs).toBe(59_000);
  });
});

describe('a refusal for the limit’s sake', () => {
  it('holds the next requests back for as long as it says, whatever else it reports', async () => {
    const { take, check, clock } = limiter();
    call(take(), { ...openai(0, 60, '50s'), 'retry-after': '3' }, limited);
    expect(check()).toMatchObject({ reason: 'asked to be left alone, free again in 3 s', retryAfterMs: 3_000 });
    await clock.advance(3_000);
    expect(check()).toBeUndefined();
  });

  it('is not what a wait in another answer means', () => {
    const { take, check } = limiter();
    call(take(), { 'retry-after': '3' });
    const overloaded = { kind: 'overloaded', message: 'busy', status: 529 } as const;
    call(take(), { 'retry-after': '3' }, attempt({ outcome: 'failure', error: overloaded }));
    expect(check()).toBeUndefined();
  });

  it('without a wait holds nobody back: the engine waits by its own rules', () => {
    const { take, check } = limiter();
    call(take(), {}, limited);
    expect(check()).toBeUndefined();
  });
});

describe('figures that make no sense', () => {
  it.each([
    openai(-1, -1, '0'),
    openai(0, 0, '60s'),
    openai(0, 60, '0s'),
    { 'x-ratelimit-remaining-requests': 'none' },
  ])('hold nobody back: %j', (headers) => {
    const { take, check } = limiter();
    call(take(), headers);
    expect(check()).toBeUndefined();
  });
});
