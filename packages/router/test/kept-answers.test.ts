import {
  type CacheQuestion,
  type Candidate,
  type Inbound,
  type KeptAnswer,
  type LedgerRow,
  type ResponseCache,
  RouterError,
  responseText,
  type StreamEvent,
  type WireFormat,
} from '@signalbox/core';
import { describe, expect, it, test } from 'vitest';
import { createManualClock } from '../../../testing/manual-clock.ts';
import { createRouter, type RouterOptions } from '../src/index.ts';
import {
  answers,
  type FakeProvider,
  fakeProvider,
  finish,
  silence,
  start,
  streams,
  text,
  tinyFormat,
  userSays,
} from './fake-provider.ts';

interface Kept {
  readonly candidate: Candidate;
  readonly answer: KeptAnswer;
}

/** A cache that finds what it was last given, and remembers how it was used. */
function plainCache() {
  const cache = {
    kept: [] as Kept[],
    givenUp: 0,
    asked: [] as CacheQuestion[],
    closed: false,
    async lookup(question: CacheQuestion) {
      cache.asked.push(question);
      const found = cache.kept.at(-1);
      if (found !== undefined) return { kind: 'hit', answer: found.answer, ageMs: 7 } as const;
      let over = false;
      const keep = (candidate: Candidate, answer: KeptAnswer) => {
        over = true;
        cache.kept.push({ candidate, answer });
      };
      const giveUp = () => {
        if (!over) cache.givenUp += 1;
        over = true;
      };
      return { kind: 'miss', keep, giveUp } as const;
    },
    close: () => {
      cache.closed = true;
    },
  };
  return cache satisfies ResponseCache;
}

function routed(providers: readonly FakeProvider[], options: Partial<RouterOptions> = {}) {
  const cache = plainCache();
  const rows: LedgerRow[] = [];
  const router = createRouter({
    providers,
    cache,
    ledger: { append: (row) => rows.push(row) },
    retry: { maxAttempts: 1 },
    pricing: { cost: () => ({ nanoUsd: 500, provenance: 'reported' }), predict: () => undefined },
    ...options,
  });
  return { ...router, cache, rows };
}

async function read(events: AsyncIterable<StreamEvent>): Promise<string> {
  let words = '';
  for await (const event of events) if (event.type === 'text-delta') words += event.text;
  return words;
}

function inbound(format: WireFormat, fields: object): Inbound {
  const bytes = new TextEncoder().encode(JSON.stringify({ prompt: 'hi', ...fields }));
  return {
    wire: { format, body: bytes, path: '/tiny', headers: { 'anthropic-beta': 'b' } },
    head: format.server.scanHead(bytes, '/tiny'),
    request: () => format.server.decodeRequest(JSON.parse(new TextDecoder().decode(bytes)), '/tiny'),
  };
}

async function received(body: AsyncIterable<Uint8Array>): Promise<string> {
  let words = '';
  for await (const chunk of body) words += new TextDecoder().decode(chunk);
  return words;
}

const healthy = streams(start('real'), text('a'), text('b'), finish());
const healthyWhole = answers(200, { events: [start('real'), text('ab'), finish()] });

describe('a complete answer is kept', () => {
  const WHOLE = { response: { model: 'real', parts: [{ type: 'text', text: 'ab' }], finish: { reason: 'stop' } } };

  test('as an event stream', async () => {
    const { stream, cache } = routed([fakeProvider('one', healthy)]);
    const result = await stream(userSays('hi'));
    expect(cache.kept).toEqual([]);
    expect(await read(result.events)).toBe('ab');
    expect(result.cache).toEqual({ status: 'miss' });
    expect(cache.kept).toMatchObject([{ candidate: { id: 'one/one-model' }, answer: { ...WHOLE, simulated: false } }]);
    expect(cache.kept[0]?.answer.cost).toEqual({ nanoUsd: 500, provenance: 'reported' });
  });

  test('as a whole', async () => {
    const { generate, cache } = routed([fakeProvider('one', healthyWhole)]);
    await generate(userSays('hi'));
    expect(cache.kept).toMatchObject([{ answer: WHOLE }]);
  });

  test.each([
    ['on the byte lane', tinyFormat()],
    ['on the canonical lane', tinyFormat('other')],
  ])('%s, streamed and whole', async (_, format) => {
    for (const [stream, behaviour] of [
      [true, healthy],
      [true, healthyWhole],
      [false, healthyWhole],
    ] as const) {
      const { forward, cache } = routed([fakeProvider('one', behaviour)]);
      const result = await forward({ inbound: inbound(format, { model: 'one-model', stream }) });
      expect(result.lane).toBe(format.id === 'tiny' ? 'bytes' : 'canonical');
      await received(result.body);
      expect(cache.kept).toMatchObject([{ answer: WHOLE }]);
      expect(cache.givenUp).toBe(0);
    }
  });

  test('under the candidate that gave it', async () => {
    const { generate, cache } = routed([
      fakeProvider('one', answers(503, { error: { message: 'busy' } })),
      fakeProvider('two', healthyWhole),
    ]);
    await generate(userSays('hi'));
    expect(cache.asked.map((question) => question.candidate.id)).toEqual(['one/one-model']);
    expect(cache.kept).toMatchObject([{ candidate: { id: 'two/two-model' }, answer: { candidate: 'two/two-model' } }]);
  });
});

describe('nothing is kept, and those who wait are told,', () => {
  const broken = {
    'of a call that failed': answers(500, { error: { message: 'no' } }),
    'of a stream that broke off': streams(start('x'), text('a'), 'overloaded'),
    'of a stream that was cut': streams(start('x'), text('a')),
    'of a stream with a garbled event': streams(start('x'), text('a'), null, text('b'), finish()),
  };
  test.each(Object.entries(broken))('%s', async (_, behaviour) => {
    for (const format of [tinyFormat(), tinyFormat('other')]) {
      const { forward, cache } = routed([fakeProvider('one', behaviour)]);
      const call = { inbound: inbound(format, { model: 'one-model', stream: true }) };
      await forward(call).then(
        ({ body }) => received(body),
        (error: unknown) => {
          if (!RouterError.is(error)) throw error;
        },
      );
      expect(cache.kept).toEqual([]);
      expect(cache.givenUp).toBe(1);
    }
  });

  test('of an answer whose rest somebody else gave', async () => {
    const { stream, cache } = routed([
      fakeProvider('one', streams(start('x'), text('one two '), 'overloaded')),
      fakeProvider('two', streams(start('y'), text('three'), finish()), { facts: { capabilities: { prefill: true } } }),
    ]);
    const { events } = await stream(userSays('count'));
    expect(await read(events)).toBe('one two three');
    expect([cache.kept.length, cache.givenUp]).toEqual([0, 1]);
  });

  test('of an answer that its caller gave up', async () => {
    const caller = new AbortController();
    const { stream, cache } = routed([fakeProvider('one', streams(start('x'), text('a'), silence))]);
    const { events } = await stream(userSays('hi'), { signal: caller.signal });
    const reading = read(events);
    caller.abort();
    await expect(reading).rejects.toMatchObject({ kind: 'aborted' });
    expect([cache.kept.length, cache.givenUp]).toEqual([0, 1]);
  });

  test('of an answer that its caller stopped reading', async () => {
    const { stream, cache } = routed([fakeProvider('one', healthy)]);
    const { events } = await stream(userSays('hi'));
    for await (const event of events) if (event.type === 'text-delta') break;
    expect([cache.kept.length, cache.givenUp]).toEqual([0, 1]);
  });

  test('of an answer that a budget of ours cut short', async () => {
    const cut = answers(200, { events: [text('a'), { ...finish(), reason: 'length' }] });
    const admission = {
      check: () => undefined,
      reserve: () => ({ maxOutputTokens: 1, settle: () => undefined, release: () => undefined }),
    };
    const limited = routed([fakeProvider('one', cut)], { admission });
    await limited.generate(userSays('hi'));
    expect([limited.cache.kept.length, limited.cache.givenUp]).toEqual([0, 1]);
    const enough = routed([fakeProvider('one', healthyWhole)], { admission });
    await enough.generate(userSays('hi'));
    expect(enough.cache.kept).toHaveLength(1);
  });
});

describe('a kept answer', () => {
  it('takes no call and no reservation, and is booked as money saved', async () => {
    const one = fakeProvider('one', healthyWhole);
    let reserved = 0;
    const clock = createManualClock();
    const { generate, stream, rows } = routed([one], {
      clock,
      admission: {
        check: () => undefined,
        reserve: () => {
          reserved += 1;
          return undefined;
        },
      },
    });
    const first = await generate(userSays('hi'));
    const second = await generate(userSays('hi'));
    expect(second.response).toEqual(first.response);
    expect(second.cache).toEqual({ status: 'hit', ageMs: 7 });
    expect(await read((await stream(userSays('hi'))).events)).toBe('ab');
    expect([one.calls.length, reserved]).toEqual([1, 1]);
    expect(rows.map((row) => row.attempt.lane)).toEqual(['canonical', 'cache', 'cache']);
    expect(second.attempts).toEqual([rows[1]?.attempt]);
    expect(rows[1]?.attempt).toMatchObject({
      cause: 'cache',
      candidate: 'one/one-model',
      answeredBy: 'real',
      outcome: 'success',
      usage: { inputTokens: 0, outputTokens: 0 },
      cost: { nanoUsd: 0 },
      saved: { nanoUsd: 500, provenance: 'reported' },
    });
    expect(rows[1]?.decision.id).toBe(second.decision.id);
  });

  it('comes in the caller’s format, in pieces where a stream was asked for', async () => {
    const long = `${'A sentence with 🧭 in it that is longer than one piece of a stream. '.repeat(40)}${'🧭🧭x'.repeat(40)}`;
    const { forward } = routed([fakeProvider('one', streams(start('real'), text(long), finish()))]);
    for (const format of [tinyFormat(), tinyFormat('other')]) {
      const call = (stream: boolean) => forward({ inbound: inbound(format, { model: 'one-model', stream }) });
      await received((await call(true)).body);
      const streamed = await call(true);
      expect([streamed.lane, streamed.contentType]).toEqual(['cache', 'text/event-stream']);
      const events = (await received(streamed.body))
        .split('\n\n')
        .filter((event) => event !== '')
        .map((event) => JSON.parse(event.slice('data: '.length)) as StreamEvent & { encodedBy: string });
      expect(events.every((event) => event.encodedBy === format.id)).toBe(true);
      expect(events.map((event) => event.type)).toEqual([
        'start',
        ...events.slice(1, -1).map(() => 'text-delta' as const),
        'finish',
      ]);
      expect(events.length).toBeGreaterThan(50);
      expect(events.map((event) => (event.type === 'text-delta' ? event.text : '')).join('')).toBe(long);
      expect(events.every((event) => event.type !== 'text-delta' || event.text.isWellFormed())).toBe(true);
      const whole = await call(false);
      expect(JSON.parse(await received(whole.body))).toEqual({ encodedBy: format.id, text: long });
    }
  });

  it('of the simulator stays marked as such and saves nothing', async () => {
    const { generate, cache } = routed([fakeProvider('one', healthyWhole, { simulated: true })]);
    await generate(userSays('hi'));
    expect(cache.kept).toMatchObject([{ answer: { simulated: true } }]);
    const { attempts } = await generate(userSays('hi'));
    expect(attempts).toMatchObject([{ simulated: true, cost: { nanoUsd: 0 } }]);
    expect(attempts[0]?.saved).toBeUndefined();
  });

  it('that somebody waited for names whoever gave it', async () => {
    const two = fakeProvider('two', healthyWhole);
    const { generate, cache } = routed([fakeProvider('one', healthyWhole), two]);
    await generate(userSays('hi'));
    const [kept] = cache.kept as [Kept];
    cache.kept.push({ ...kept, answer: { ...kept.answer, candidate: 'two/two-model', provider: 'two' } });
    expect((await generate(userSays('hi'))).candidate.provider).toBe(two);
  });

  it('gives its thoughts back to a caller who could not carry them', async () => {
    const thinker = { ...tinyFormat(), reasoningIssuer: 'tiny' };
    const puts: string[] = [];
    const called = answers(200, {
      events: [
        { type: 'reasoning-delta', index: 0, text: 'hm' },
        { type: 'reasoning-signature', index: 0, signature: { issuer: 'tiny', value: 's' } },
        { type: 'tool-call-start', index: 1, id: 'c1', name: 'f' },
        { type: 'tool-call-delta', index: 1, arguments: '{}' },
        { ...finish(), reason: 'tool-calls' },
      ],
    });
    const { forward } = routed([fakeProvider('one', called, { format: thinker })], {
      vault: { put: (key) => puts.push(key.callId), get: () => undefined },
    });
    for (const times of [1, 2]) {
      await received((await forward({ inbound: inbound(tinyFormat('other'), { model: 'one-model' }) })).body);
      expect(puts).toEqual(Array.from({ length: times }, () => 'c1'));
    }
  });
});

describe('the cache is asked', () => {
  it('with all that it has to know', async () => {
    const { forward, cache } = routed([fakeProvider('one', healthyWhole)]);
    const caller = { tenant: 'acme' };
    const { signal } = new AbortController();
    const call = { inbound: inbound(tinyFormat(), { model: 'one-model' }), caller, signal, strict: true };
    await forward({ ...call, cache: { mode: 'refresh', maxAgeMs: 5 } });
    expect(cache.asked).toMatchObject([
      {
        caller,
        signal,
        strict: true,
        candidate: { id: 'one/one-model' },
        headers: { 'anthropic-beta': 'b' },
        use: { mode: 'refresh', maxAgeMs: 5 },
      },
    ]);
  });

  it('about nothing that can’t be read: the provider judges that', async () => {
    const unreadable: Inbound = {
      ...inbound(tinyFormat(), { model: 'one-model' }),
      request: () => {
        throw new RouterError({ kind: 'invalid-request', message: 'no' });
      },
    };
    const { forward, cache } = routed([fakeProvider('one', healthyWhole)]);
    const result = await forward({ inbound: unreadable });
    expect(await received(result.body)).toContain('ab');
    expect([cache.asked.length, result.cache]).toEqual([0, { status: 'bypass', reason: "it can't be read" }]);
  });

  it('and says why it has no part in a request', async () => {
    const one = fakeProvider('one', healthyWhole);
    const bypass: ResponseCache = { lookup: async () => ({ kind: 'bypass', reason: 'it has tools' }) };
    const { generate } = routed([one], { cache: bypass });
    const { response, cache } = await generate(userSays('hi'));
    expect([responseText(response), cache]).toEqual(['ab', { status: 'bypass', reason: 'it has tools' }]);
  });

  it('and closed with its router', async () => {
    const { close, cache } = routed([fakeProvider('one', healthyWhole)]);
    await close();
    expect(cache.closed).toBe(true);
  });
});
