import { type Admission, type Attempt, type AttemptRequest, RouterError, type StreamEvent } from '@signalbox/core';
import { describe, expect, it } from 'vitest';
import { createRouter, type RouterOptions } from '../src/index.ts';
import { fakeProvider, finish, start, streams, text, tinyFormat, userSays } from './fake-provider.ts';

const WORDS = 'a few words, '.repeat(20);
const long = (pieces: number) => streams(start('m'), ...Array.from({ length: pieces }, () => text(WORDS)), finish());
const tokensOf = (attempt: Attempt | undefined) => attempt?.usage?.outputTokens ?? 0;

/** Stops a stream that has more tokens of output. */
function admissionUpTo(tokens: number) {
  const asked: number[] = [];
  const settled: Attempt[] = [];
  const requests: AttemptRequest[] = [];
  const admission: Admission = {
    check: () => undefined,
    reserve(_candidate, request) {
      requests.push(request);
      return {
        mustStop(output) {
          asked.push(output);
          return output > tokens ? 'the daily budget of $1.00 is used up' : undefined;
        },
        settle: (attempt) => settled.push(attempt),
        release: () => undefined,
      };
    },
  };
  return { admission, asked, settled, requests };
}

async function read(events: AsyncIterable<StreamEvent>) {
  let received = '';
  try {
    for await (const event of events) if (event.type === 'text-delta') received += event.text;
    return { received, error: undefined };
  } catch (error) {
    return { received, error };
  }
}

describe('a stream whose money ends', () => {
  it('stops with an error that says so, and is booked as far as it came', async () => {
    const { admission, settled, requests } = admissionUpTo(2_000);
    const other = fakeProvider('other', long(1));
    const providers = [fakeProvider('one', long(500)), other];
    const { events, attempts } = await createRouter({ providers, admission }).stream(userSays('hi'));
    const { received, error } = await read(events);
    expect(RouterError.is(error) && [error.kind, error.message]).toEqual([
      'budget',
      'The answer was stopped here: the daily budget of $1.00 is used up.',
    ]);
    expect(requests).toMatchObject([{ stream: true }]);
    expect(settled).toEqual(attempts);
    expect(attempts).toMatchObject([{ outcome: 'aborted', usage: { provenance: 'estimated' } }]);
    // Nobody else goes on from it: that would cost as well.
    expect(other.calls).toEqual([]);
    expect(tokensOf(attempts[0])).toBeGreaterThan(2_000);
    expect(tokensOf(attempts[0])).toBeLessThan(2_000 + 2 * 256);
    expect(received.length).toBeGreaterThan(6_000);
  });

  it("ends in the error of the caller's protocol on the byte lane", async () => {
    const { admission } = admissionUpTo(500);
    const format = tinyFormat();
    const body = new TextEncoder().encode('{"model":"one-model","stream":true,"prompt":"hi"}');
    const { body: answer, lane } = await createRouter({
      providers: [fakeProvider('one', long(500))],
      admission,
    }).forward({
      inbound: {
        wire: { format, body, path: '/tiny', headers: {} },
        head: format.server.scanHead(body, '/tiny'),
        request: () => userSays('hi'),
      },
    });
    let received = '';
    for await (const bytes of answer) received += new TextDecoder().decode(bytes);
    expect(lane).toBe('bytes');
    expect(received).toMatch(/data: \{"error":"The answer was stopped here: the daily budget[^\n]*\}\n\n$/);
    expect(received).not.toContain('"finish"');
  });

  it('is no failure of the endpoint: its breaker stays closed', async () => {
    const { admission } = admissionUpTo(100);
    const router = createRouter({ providers: [fakeProvider('one', long(500))], admission });
    for (let request = 0; request < 10; request += 1) await read((await router.stream(userSays('hi'))).events);
    expect(router.decide({ inbound: { head: { stream: false }, request: () => userSays('hi') } }).removed).toEqual([]);
  });

  it('is asked about every few hundred tokens, however large the pieces are', async () => {
    for (const piece of ['a', WORDS.repeat(5)]) {
      const { admission, asked } = admissionUpTo(Number.POSITIVE_INFINITY);
      const answer = streams(start('m'), ...Array.from({ length: 2_000 }, () => text(piece)), finish());
      await read(
        (await createRouter({ providers: [fakeProvider('one', answer)], admission }).stream(userSays('hi'))).events,
      );
      const steps = asked.slice(1).map((tokens, index) => tokens - (asked[index] ?? 0));
      expect(asked.length).toBeGreaterThan(30);
      expect(Math.max(...steps)).toBeLessThanOrEqual(Math.max(256, 2 * Math.ceil(piece.length / 4)));
      // And not at each small piece: measuring costs more than a piece.
      if (piece === 'a') expect(asked.length).toBeLessThan(200);
    }
  });
});

describe('limits that are near', () => {
  const cheap = fakeProvider('cheap', long(1));
  const dear = fakeProvider('dear', long(1));
  const costs: Readonly<Record<string, number>> = { 'dear-model': 10, 'cheap-model': 1 };
  const options: RouterOptions = {
    providers: [dear, cheap, fakeProvider('unknown', long(1))],
    pricing: { cost: () => undefined, predict: (facts) => costs[facts.id] },
    admission: {
      check: () => undefined,
      reserve: () => undefined,
      standing: () => ({
        cheaperFirst: '80 % of the daily budget is spent',
        notices: ['80 % of the daily budget is spent'],
      }),
    },
  };
  const decide = (model?: string) =>
    createRouter(options).decide({ inbound: { head: { model, stream: false }, request: () => userSays('hi') } });

  it('put the cheapest first, what nobody knows the price of last, and the decision says why', () => {
    const { order, reason, notices } = decide();
    expect(order.map(({ provider }) => provider)).toEqual(['cheap', 'dear', 'unknown']);
    expect(reason).toBe('the cheapest first, since 80 % of the daily budget is spent; the first that can');
    expect(notices).toEqual(['80 % of the daily budget is spent']);
  });

  it("don't overrule a choice by name", () => {
    expect(decide('dear-model').order.map(({ provider }) => provider)).toEqual(['dear']);
  });
});

describe('a request that nobody may answer for lack of money', () => {
  it('is an error of the kind budget, which says when to come back, each reason once', async () => {
    const admission: Admission = {
      check: ({ id }) => ({
        candidate: id,
        kind: 'budget',
        reason: 'the daily budget of $1.00 is used up',
        retryAfterMs: 3_600_000,
      }),
      reserve: () => undefined,
    };
    const providers = [fakeProvider('one', long(1)), fakeProvider('two', long(1))];
    const failure: unknown = await createRouter({ providers, admission })
      .generate(userSays('hi'))
      .catch((error: unknown) => error);
    expect(RouterError.is(failure) && [failure.kind, failure.message, failure.retryAfterMs]).toEqual([
      'budget',
      'No model can take this request. one/one-model, two/two-model: the daily budget of $1.00 is used up.',
      3_600_000,
    ]);
  });
});

describe('whose request it is', () => {
  it.each([
    [undefined, 'ann'],
    [{ tenant: 'local', session: 's' }, 'ann'],
    [{ tenant: 'local', user: 'bob' }, 'bob'],
    [{ tenant: 'acme', key: 'build' }, undefined],
  ])('%j is a request of %s', async (caller, user) => {
    const { admission, requests } = admissionUpTo(Number.POSITIVE_INFINITY);
    const router = createRouter({
      providers: [fakeProvider('one', long(1))],
      admission,
      caller: { tenant: 'local', user: 'ann' },
    });
    await read((await router.stream(userSays('hi'), { caller })).events);
    expect(requests[0]?.caller.user).toBe(user);
  });
});
