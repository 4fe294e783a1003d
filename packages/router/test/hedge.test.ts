import { type Attempt, type LedgerRow, ProviderError } from '@signalbox/core';
import { describe, expect, it } from 'vitest';
import { createManualClock } from '../../../testing/manual-clock.ts';
import { createRouter, type RouterOptions } from '../src/index.ts';
import { answers, fakeProvider, finish, silence, start, streams, text, tinyFormat, userSays } from './fake-provider.ts';

const AFTER_MS = 3_000;
const healthy = (words: string) => streams(start('m'), text(words), finish());

/** Lets everything run that waits for nothing but other promises. */
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

function hedging(providers: RouterOptions['providers'], options: Partial<RouterOptions> = {}) {
  const clock = createManualClock();
  const rows: LedgerRow[] = [];
  const router = createRouter({
    providers,
    clock,
    random: () => 0,
    hedge: { afterMs: AFTER_MS, share: 1 },
    ledger: { append: (row) => rows.push(row) },
    ...options,
  });
  async function ask() {
    const result = await router.stream(userSays('hi'));
    let words = '';
    for await (const event of result.events) if (event.type === 'text-delta') words += event.text;
    return { words, candidate: result.candidate.id };
  }
  const booked = () =>
    rows.map(({ attempt }: { attempt: Attempt }) => [attempt.candidate, attempt.cause, attempt.outcome]);
  return { router, clock, rows, ask, booked };
}

describe('a first model that is slow', () => {
  it('is answered for by the next one, is given up, and both are booked', async () => {
    const one = fakeProvider('one', streams(silence));
    const two = fakeProvider('two', healthy('from two'));
    const { clock, ask, booked } = hedging([one, two]);
    const answer = ask();
    await settle();
    expect(two.calls).toHaveLength(0);
    clock.advance(AFTER_MS);
    expect(await answer).toEqual({ words: 'from two', candidate: 'two/two-model' });
    await settle();
    expect(one.calls[0]?.signal.aborted).toBe(true);
    expect(booked()).toEqual([
      ['one/one-model', 'first', 'aborted'],
      ['two/two-model', 'hedge', 'success'],
    ]);
  });

  it('still answers where it is the first to say something; the other is given up', async () => {
    let speak: () => void = () => undefined;
    const word = new Promise<void>((resolve) => {
      speak = resolve;
    });
    const one = fakeProvider(
      'one',
      streams(() => word, start('m'), text('from one'), finish()),
    );
    const two = fakeProvider('two', streams(silence));
    const { clock, ask, booked } = hedging([one, two]);
    const answer = ask();
    await settle();
    clock.advance(AFTER_MS);
    await settle();
    expect(two.calls).toHaveLength(1);
    speak();
    expect(await answer).toEqual({ words: 'from one', candidate: 'one/one-model' });
    await settle();
    expect(two.calls[0]?.signal.aborted).toBe(true);
    expect(booked()).toContainEqual(['two/two-model', 'hedge', 'aborted']);
  });

  it('is not doubled more often than the share allows', async () => {
    const one = fakeProvider('one', streams(silence));
    const two = fakeProvider('two', healthy('from two'));
    const { clock, ask } = hedging([one, two], { hedge: { afterMs: AFTER_MS, share: 0 } });
    // Five are saved up at the start.
    for (let request = 0; request < 5; request += 1) {
      const answer = ask();
      await settle();
      clock.advance(AFTER_MS);
      await answer;
    }
    const last = ask();
    await settle();
    clock.advance(AFTER_MS);
    await settle();
    expect(two.calls).toHaveLength(5);
    // It fails over in its own time instead.
    clock.advance(20_000);
    expect(await last).toMatchObject({ candidate: 'two/two-model' });
  });

  it('that fails after the second was asked leaves the answer to the second, which is not asked again', async () => {
    const one = fakeProvider('one', async (call) => {
      await pause;
      return answers(400, { error: { message: 'no' } })(call);
    });
    let fail: () => void = () => undefined;
    const pause = new Promise<void>((resolve) => {
      fail = resolve;
    });
    let speak: () => void = () => undefined;
    const word = new Promise<void>((resolve) => {
      speak = resolve;
    });
    const two = fakeProvider(
      'two',
      streams(() => word, start('m'), text('from two'), finish()),
    );
    const { clock, ask } = hedging([one, two]);
    const answer = ask();
    await settle();
    clock.advance(AFTER_MS);
    await settle();
    fail();
    await settle();
    speak();
    expect(await answer).toEqual({ words: 'from two', candidate: 'two/two-model' });
    expect(two.calls).toHaveLength(1);
  });

  it('and a second that fails too leave it to the third', async () => {
    const one = fakeProvider('one', streams(silence));
    const two = fakeProvider('two', answers(401, { error: { message: 'no key' } }));
    const three = fakeProvider('three', healthy('from three'));
    const { clock, ask } = hedging([one, two, three]);
    const answer = ask();
    await settle();
    clock.advance(AFTER_MS);
    await settle();
    clock.advance(20_000);
    expect(await answer).toMatchObject({ words: 'from three' });
    expect(two.calls).toHaveLength(1);
  });

  it('has no hedge that is asked twice while others are left; the last of all is', async () => {
    const refused = () => {
      throw new ProviderError({ kind: 'connect', message: 'refused' });
    };
    for (const [others, calls] of [
      [[], 2],
      [[fakeProvider('three', healthy('from three'))], 1],
    ] as const) {
      const one = fakeProvider('one', streams(silence));
      const two = fakeProvider('two', [refused, healthy('from two')]);
      const { clock, ask } = hedging([one, two, ...others]);
      const answer = ask();
      for (const milliseconds of [0, AFTER_MS, 1_000, 20_000]) {
        clock.advance(milliseconds);
        await settle();
      }
      expect(await answer).toMatchObject({ words: others.length === 0 ? 'from two' : 'from three' });
      expect(two.calls).toHaveLength(calls);
    }
  });

  it('whose answer breaks off is continued in the stream that its caller has begun to read', async () => {
    let speak: () => void = () => undefined;
    const word = new Promise<void>((resolve) => {
      speak = resolve;
    });
    const one = fakeProvider(
      'one',
      streams(() => word, start('first'), text('Once upon ')),
    );
    const two = fakeProvider('two', [streams(silence), streams(start('second'), text('a time.'), finish())]);
    const { clock, router } = hedging([one, two]);
    const body = new TextEncoder().encode('{"model":"auto","stream":true,"prompt":"hi"}');
    const format = tinyFormat('callers');
    const answer = router.forward({
      inbound: {
        wire: { format, body, path: '/', headers: {} },
        head: { model: 'auto', stream: true },
        request: () => userSays('hi'),
      },
    });
    await settle();
    clock.advance(AFTER_MS);
    await settle();
    speak();
    let received = '';
    for await (const chunk of (await answer).body) received += new TextDecoder().decode(chunk);
    const types = [...received.matchAll(/"type":"([a-z-]+)"/g)].map(([, type]) => type);
    expect(types).toEqual(['start', 'text-delta', 'text-delta', 'finish']);
    expect(received).not.toContain('"error"');
  });

  it('takes both down with it when the caller gives up', async () => {
    const one = fakeProvider('one', streams(silence));
    const two = fakeProvider('two', streams(silence));
    const { clock, router } = hedging([one, two]);
    const caller = new AbortController();
    const answer = router.stream(userSays('hi'), { signal: caller.signal });
    await settle();
    clock.advance(AFTER_MS);
    await settle();
    caller.abort();
    await expect(answer).rejects.toMatchObject({ kind: 'aborted' });
    await settle();
    expect([one, two].map((provider) => provider.calls[0]?.signal.aborted)).toEqual([true, true]);
  });
});

describe('a first model that is quick, or fails quickly', () => {
  it('never meets a hedge', async () => {
    const one = fakeProvider('one', healthy('from one'));
    const two = fakeProvider('two', healthy('from two'));
    const { clock, ask } = hedging([one, two]);
    expect(await ask()).toMatchObject({ words: 'from one' });
    clock.advance(60_000);
    expect(two.calls).toHaveLength(0);
  });

  it('is failed over as ever', async () => {
    const one = fakeProvider('one', answers(401, { error: { message: 'no key' } }));
    const two = fakeProvider('two', healthy('from two'));
    const { ask, booked } = hedging([one, two]);
    expect(await ask()).toMatchObject({ words: 'from two' });
    expect(booked()).toEqual([
      ['one/one-model', 'first', 'failure'],
      ['two/two-model', 'failover', 'success'],
    ]);
  });
});
