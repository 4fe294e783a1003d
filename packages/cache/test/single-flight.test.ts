import { RouterError } from '@signalbox/core';
import { describe, expect, it } from 'vitest';
import { createManualClock } from '../../../testing/manual-clock.ts';
import { createResponseCache, type ResponseCacheOptions } from '../src/index.ts';
import { answer, asMiss, candidate, question, START, textOf } from './questions.ts';

function flying(options: Partial<ResponseCacheOptions> = {}) {
  const clock = createManualClock(START);
  const cache = createResponseCache({ clock, ...options });
  const ask = (signal?: AbortSignal) => cache.lookup(question('hi', { signal }));
  /** Those who ask now and wait; what each has got so far. */
  function waiters(count: number, signals: readonly (AbortSignal | undefined)[] = []) {
    const got: string[] = Array.from({ length: count }, () => 'waits');
    const lookups = got.map((_, index) => ask(signals[index]));
    for (const [index, lookup] of lookups.entries()) {
      lookup.then(
        (found) => {
          got[index] = textOf(found);
        },
        (error: unknown) => {
          got[index] = RouterError.is(error) ? error.kind : String(error);
        },
      );
    }
    return { got, lookups };
  }
  return { clock, cache, ask, waiters };
}

/** Until everything that can happen by itself has happened. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('many who ask the same at once', () => {
  it('wait for one, and get what it got', async () => {
    const { ask, waiters } = flying();
    const leader = asMiss(await ask());
    const { got } = waiters(50);
    await settled();
    expect(new Set(got)).toEqual(new Set(['waits']));
    leader.keep(candidate(), answer('hello'));
    await settled();
    expect(new Set(got)).toEqual(new Set(['hello']));
  });

  it('do not wait for who asks something else, or asks it for another tenant', async () => {
    const { cache, ask } = flying();
    asMiss(await ask());
    asMiss(await cache.lookup(question('ho')));
    asMiss(await cache.lookup(question('hi', { caller: { tenant: 'acme' } })));
  });

  it('lose nothing when it fails: one of them takes over, and the others wait on', async () => {
    const { ask, waiters } = flying();
    const leader = asMiss(await ask());
    const { got, lookups } = waiters(3);
    leader.giveUp();
    await settled();
    expect(got).toEqual(['miss', 'waits', 'waits']);
    asMiss(await (lookups[0] as (typeof lookups)[number])).keep(candidate(), answer('second try'));
    await settled();
    expect(got).toEqual(['miss', 'second try', 'second try']);
  });

  it('ask by themselves when two have failed: nobody stands in a long row before a place that is down', async () => {
    const { ask, waiters } = flying();
    const leader = asMiss(await ask());
    const { got, lookups } = waiters(4);
    leader.giveUp();
    asMiss(await (lookups[0] as (typeof lookups)[number])).giveUp();
    await settled();
    expect(got).toEqual(['miss', 'miss', 'miss', 'miss']);
  });

  it('ask by themselves when the answer is none to be given again', async () => {
    const { ask, waiters } = flying();
    const leader = asMiss(await ask());
    const { got } = waiters(3);
    leader.keep(candidate(), answer('no', { response: { finish: { reason: 'content-filter' } } }));
    await settled();
    expect(got).toEqual(['miss', 'miss', 'miss']);
  });

  it('may give up, which is nothing to the others', async () => {
    const { ask, waiters } = flying();
    const leader = asMiss(await ask());
    const impatient = new AbortController();
    const { got } = waiters(3, [undefined, impatient.signal]);
    await settled();
    impatient.abort();
    await settled();
    expect(got).toEqual(['waits', 'aborted', 'waits']);
    leader.keep(candidate(), answer('hello'));
    await settled();
    expect(got).toEqual(['hello', 'aborted', 'hello']);
  });

  it('may give up, and then take nothing over', async () => {
    const { ask, waiters } = flying();
    const leader = asMiss(await ask());
    const impatient = new AbortController();
    const { got } = waiters(2, [impatient.signal]);
    await settled();
    impatient.abort();
    leader.giveUp();
    await settled();
    expect(got).toEqual(['aborted', 'miss']);
  });

  it('and have given up before they ask, are told so', async () => {
    const { ask, waiters } = flying();
    asMiss(await ask());
    const { got } = waiters(1, [AbortSignal.abort()]);
    await settled();
    expect(got).toEqual(['aborted']);
  });

  it('do not wait for ever for one that is held up: the next begins too, and whoever is first serves all', async () => {
    const { clock, ask, waiters } = flying({ takeoverMs: 1_000 });
    const heldUp = asMiss(await ask());
    const { got, lookups } = waiters(3);
    await settled();
    clock.advance(999);
    await settled();
    expect(got).toEqual(['waits', 'waits', 'waits']);
    clock.advance(1);
    await settled();
    expect(got).toEqual(['miss', 'waits', 'waits']);
    // A failure of one of two who are at it is no reason to begin a third time.
    asMiss(await (lookups[0] as (typeof lookups)[number])).giveUp();
    await settled();
    expect(got).toEqual(['miss', 'waits', 'waits']);
    heldUp.keep(candidate(), answer('late'));
    await settled();
    expect(got).toEqual(['miss', 'late', 'late']);
  });

  it('find nobody in flight when it is over', async () => {
    const { ask } = flying();
    asMiss(await ask()).giveUp();
    const second = asMiss(await ask());
    second.keep(candidate(), answer('hello'));
    // What comes after the end counts for nothing.
    second.giveUp();
    second.keep(candidate(), answer('twice'));
    expect(textOf(await ask())).toBe('hello');
  });

  it('wait for a store that takes its time, so that nobody asks again in between', async () => {
    let stored: (() => void) | undefined;
    const kept = new Map<string, ReturnType<typeof answer>>();
    const { ask, waiters } = flying({
      store: {
        get: async (key) => kept.get(key),
        set: (key, value) =>
          new Promise((resolve) => {
            stored = () => {
              kept.set(key, value);
              resolve();
            };
          }),
        clear: () => undefined,
      },
    });
    const leader = asMiss(await ask());
    leader.keep(candidate(), answer('hello'));
    leader.giveUp();
    const { got } = waiters(2);
    await settled();
    expect(got).toEqual(['waits', 'waits']);
    stored?.();
    await settled();
    expect(got).toEqual(['hello', 'hello']);
  });
});
