import {
  AllCandidatesFailed,
  type LedgerRow,
  ProviderError,
  RouterError,
  responseText,
  type StreamEvent,
} from '@signalbox/core';
import { describe, expect, it } from 'vitest';
import { createManualClock } from '../../../testing/manual-clock.ts';
import { candidatesOf, createRouter, type RouterOptions } from '../src/index.ts';
import {
  answers,
  type FakeProvider,
  fakeProvider,
  finish,
  silence,
  start,
  streams,
  text,
  userSays,
} from './fake-provider.ts';

const healthy = (words = 'hello') => streams(start('real-model'), text(words), finish());

function router(providers: readonly FakeProvider[], options: Partial<RouterOptions> = {}) {
  const rows: LedgerRow[] = [];
  // One attempt a candidate: retries have a specification of their own.
  const made = createRouter({
    providers,
    ledger: { append: (row) => rows.push(row) },
    retry: { maxAttempts: 1 },
    ...options,
  });
  return { ...made, rows };
}

async function read(events: AsyncIterable<StreamEvent>): Promise<string> {
  let words = '';
  for await (const event of events) if (event.type === 'text-delta') words += event.text;
  return words;
}

async function failure(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe('a request', () => {
  it('goes to the first candidate, and the attempt is booked once with usage and model', async () => {
    const one = fakeProvider('one', healthy());
    const { stream, rows } = router([one, fakeProvider('two', healthy())]);
    const result = await stream(userSays('hi'));
    expect(await read(result.events)).toBe('hello');
    expect(result.attempts).toMatchObject([
      {
        candidate: 'one/one-model',
        outcome: 'success',
        lane: 'canonical',
        answeredBy: 'real-model',
        usage: { inputTokens: 10 },
      },
    ]);
    expect(rows).toHaveLength(1);
    expect(rows[0]?.decision.order.map((entry) => entry.candidate)).toEqual(['one/one-model', 'two/two-model']);
  });

  it('that names a model goes there and nowhere else', async () => {
    const one = fakeProvider('one', healthy());
    const two = fakeProvider('two', answers(503, { error: { message: 'busy' } }));
    const { generate } = router([one, two]);
    const error = await failure(generate({ ...userSays('hi'), model: 'two-model' }));
    expect(AllCandidatesFailed.is(error)).toBe(true);
    expect(one.calls).toHaveLength(0);
  });

  it('that names an unknown model is refused with examples', async () => {
    const { generate } = router([fakeProvider('one', healthy())]);
    await expect(generate({ ...userSays('hi'), model: 'nope' })).rejects.toMatchObject({
      kind: 'unknown-model',
      message: expect.stringContaining('one/one-model'),
    });
  });

  it('that is wanted whole comes whole', async () => {
    const whole = answers(200, { events: [text('all of it'), finish()] });
    const { generate } = router([fakeProvider('one', whole)]);
    const { response, attempts } = await generate(userSays('hi'));
    expect(responseText(response)).toBe('all of it');
    expect(attempts[0]).toMatchObject({ outcome: 'success', finish: { reason: 'stop' } });
  });
});

describe('failover before the first content', () => {
  const faults = {
    'an error status': answers(503, { error: { message: 'busy' } }),
    'an error inside the stream': streams(start('x'), 'overloaded'),
    'a stream that ends before it began': streams(start('x')),
    'an error in a good status': answers(200, { error: { message: 'busy' } }),
    'a page instead of an answer': answers(200, '<html>', 'text/html'),
    'a refused key': answers(401, { error: { message: 'bad key' } }),
    'a lost connection': () => {
      throw new ProviderError({ kind: 'connection-lost', message: 'gone' });
    },
  };
  for (const [name, fault] of Object.entries(faults)) {
    it(`is invisible after ${name}`, async () => {
      const { stream, rows } = router([fakeProvider('one', fault), fakeProvider('two', healthy('from two'))]);
      const result = await stream(userSays('hi'));
      expect(await read(result.events)).toBe('from two');
      expect(result.candidate.id).toBe('two/two-model');
      expect(result.attempts.map((attempt) => attempt.outcome)).toEqual(['failure', 'success']);
      expect(rows).toHaveLength(2);
    });
  }

  it('does not happen after a refused request: nobody else would take it', async () => {
    const two = fakeProvider('two', healthy());
    const { stream } = router([fakeProvider('one', answers(400, { error: { message: 'bad field' } })), two]);
    const error = await failure(stream(userSays('hi')));
    expect(error).toMatchObject({ kind: 'all-candidates-failed', last: { kind: 'invalid-request', status: 400 } });
    expect(two.calls).toHaveLength(0);
  });

  it('ends in an error that keeps every attempt', async () => {
    const busy = answers(503, { error: { message: 'busy' } });
    const { stream } = router([fakeProvider('one', busy), fakeProvider('two', busy)]);
    const error = await failure(stream(userSays('hi')));
    expect(AllCandidatesFailed.is(error) && error.attempts.map((attempt) => attempt.error?.kind)).toEqual([
      'overloaded',
      'overloaded',
    ]);
    expect((error as Error).message).toContain('one/one-model: busy');
  });
});

it('an answer without usage is booked with an estimate of both sides, also when the model was named', async () => {
  const silent = streams(start('m'), text('some words'), { type: 'finish', reason: 'stop' });
  const { stream, rows } = router([fakeProvider('one', silent)]);
  await read((await stream({ ...userSays('a question of some length'), model: 'one-model' })).events);
  expect(rows[0]?.attempt.usage).toMatchObject({ provenance: 'estimated' });
  expect(rows[0]?.attempt.usage?.inputTokens).toBeGreaterThan(3);
});

describe('a failure after the first content', () => {
  it('in a long tool call that nobody makes again is thrown, and what was generated is booked as an estimate', async () => {
    const cut = streams(
      start('x'),
      { type: 'tool-call-start', index: 0, id: 'c1', name: 'look' },
      { type: 'tool-call-delta', index: 0, arguments: `{"where": "${'some place that was generated '.repeat(40)}` },
    );
    const two = fakeProvider('two', healthy());
    const { stream, rows } = router([fakeProvider('one', cut), two]);
    const result = await stream(userSays('hi'));
    await expect(read(result.events)).rejects.toMatchObject({ kind: 'stream-cut' });
    expect(two.calls).toHaveLength(1);
    expect(rows[0]?.attempt).toMatchObject({ outcome: 'failure', usage: { provenance: 'estimated' } });
    expect(rows[0]?.attempt.usage?.outputTokens).toBeGreaterThan(3);
    expect(rows[0]?.attempt.usage?.inputTokens).toBeGreaterThan(0);
  });
});

describe('timeouts', () => {
  const timeouts = () => ({ firstContentMs: 1_000, idleMs: 500, totalMs: 10_000 });

  it('a caller who reads slowly is not taken for a provider that stalls', async () => {
    const clock = createManualClock();
    const { stream, rows } = router([fakeProvider('one', streams(start('x'), text('a'), text('b'), finish()))], {
      clock,
      timeouts,
    });
    const events = (await stream(userSays('hi'))).events[Symbol.asyncIterator]();
    expect((await events.next()).value).toMatchObject({ type: 'start' });
    expect((await events.next()).value).toMatchObject({ text: 'a' });
    clock.advance(5_000);
    expect((await events.next()).value).toMatchObject({ text: 'b' });
    clock.advance(4_000);
    expect((await events.next()).value).toMatchObject({ type: 'finish' });
    expect((await events.next()).done).toBe(true);
    expect(rows[0]?.attempt.outcome).toBe('success');
  });

  it('a stream without its first content in time is given up for the next candidate', async () => {
    const clock = createManualClock();
    const one = fakeProvider('one', streams(start('x'), silence));
    const { stream } = router([one, fakeProvider('two', healthy('two'))], { clock, timeouts });
    const result = stream(userSays('hi'));
    await expect.poll(() => one.calls.length).toBe(1);
    clock.advance(1_000);
    expect(await read((await result).events)).toBe('two');
    expect(one.calls[0]?.signal.aborted).toBe(true);
    expect((await result).attempts[0]).toMatchObject({ error: { kind: 'timeout' }, durationMs: 1_000 });
  });

  it('a stream that stalls ends in an error', async () => {
    const clock = createManualClock();
    const { stream } = router([fakeProvider('one', streams(text('a'), silence))], { clock, timeouts });
    const result = await stream(userSays('hi'));
    const reading = failure(read(result.events));
    // Only who waits for more can be kept waiting.
    await new Promise(setImmediate);
    clock.advance(500);
    expect(await reading).toMatchObject({ kind: 'timeout', message: expect.stringContaining('stalled') });
  });

  it('the whole attempt is bounded too', async () => {
    const clock = createManualClock();
    const one = fakeProvider('one', ({ signal }) => silence(signal));
    const { generate } = router([one], { clock, timeouts });
    const result = failure(generate(userSays('hi')));
    await expect.poll(() => one.calls.length).toBe(1);
    clock.advance(9_999);
    expect(one.calls[0]?.signal.aborted).toBe(false);
    clock.advance(1);
    expect(await result).toMatchObject({ last: { kind: 'timeout' } });
  });
});

describe('a caller who gives up', () => {
  it('before the first content: the call is aborted, nobody else is asked, the attempt is booked', async () => {
    const controller = new AbortController();
    const one = fakeProvider('one', ({ signal }) => silence(signal));
    const two = fakeProvider('two', healthy());
    const { stream, rows } = router([one, two]);
    const result = failure(stream(userSays('hi'), { signal: controller.signal }));
    await expect.poll(() => one.calls.length).toBe(1);
    controller.abort();
    expect(await result).toMatchObject({ kind: 'aborted' });
    expect(two.calls).toHaveLength(0);
    expect(rows[0]?.attempt.outcome).toBe('aborted');
  });

  it('by no longer reading: the call is aborted and booked', async () => {
    const one = fakeProvider('one', streams(text('a'), text('b'), silence));
    const { stream, rows } = router([one]);
    const { events } = await stream(userSays('hi'));
    for await (const event of events) if (event.type === 'text-delta') break;
    expect(one.calls[0]?.signal.aborted).toBe(true);
    expect(rows[0]?.attempt).toMatchObject({ outcome: 'aborted', usage: { provenance: 'estimated' } });
  });
});

describe('candidates that can not answer', () => {
  it('are removed with a reason before ranking', () => {
    const small = fakeProvider('small', healthy(), { facts: { contextWindow: 300 } });
    const blind = fakeProvider('blind', healthy(), { facts: { capabilities: { vision: false } } });
    const fit = fakeProvider('fit', healthy());
    const made = router([small, blind, fit]);
    const request = {
      ...userSays('word '.repeat(500)),
      messages: [
        {
          role: 'user' as const,
          parts: [
            { type: 'image' as const, source: { kind: 'url' as const, url: 'http://x/y.png' } },
            { type: 'text' as const, text: 'word '.repeat(500) },
          ],
        },
      ],
    };
    const decision = made.decide({ inbound: { head: { stream: false }, request: () => request } });
    expect(decision.order.map((entry) => entry.candidate)).toEqual(['fit/fit-model']);
    expect(decision.removed).toMatchObject([
      { candidate: 'small/small-model', kind: 'context-window' },
      { candidate: 'blind/blind-model', kind: 'capability', reason: 'has no vision' },
    ]);
  });

  it('leave an error that lists the reasons when nobody is left', async () => {
    const { generate } = router([fakeProvider('cloud', healthy()), fakeProvider('other', healthy())], {
      localOnly: true,
    });
    const error = await failure(generate(userSays('hi')));
    expect(RouterError.is(error) && error.kind).toBe('no-candidate');
    expect((error as Error).message).toContain(
      'cloud/cloud-model, other/other-model: the data policy allows local providers only',
    );
  });

  it('an exact choice is not second-guessed: the request is not even decoded', () => {
    const made = router([fakeProvider('one', healthy())]);
    const inbound = {
      head: { model: 'one-model', stream: false },
      request: () => {
        throw new Error('decoded');
      },
    };
    expect(made.decide({ inbound })).toMatchObject({ strategy: 'manual', needs: undefined });
  });

  it('a reservation that is refused goes to the next; each reservation is settled once', async () => {
    const settled: string[] = [];
    const { stream } = router([fakeProvider('one', healthy('one')), fakeProvider('two', healthy('two'))], {
      admission: {
        check: () => undefined,
        async reserve(candidate) {
          if (candidate.provider.id === 'one') return { candidate: candidate.id, kind: 'budget', reason: 'is spent' };
          return { settle: (attempt) => settled.push(attempt.candidate), release: () => undefined };
        },
      },
    });
    expect(await read((await stream(userSays('hi'))).events)).toBe('two');
    expect(settled).toEqual(['two/two-model']);
  });
});

it('a simulated attempt costs nothing, whatever the price', async () => {
  const pricing = { cost: () => ({ nanoUsd: 5, provenance: 'reported' as const }), predict: () => 5 };
  const { stream, rows } = router([fakeProvider('one', healthy(), { simulated: true })], { pricing });
  await read((await stream(userSays('hi'))).events);
  expect(rows[0]?.attempt).toMatchObject({ simulated: true, cost: { nanoUsd: 0 } });
});

it('closes its providers', async () => {
  const one = fakeProvider('one', healthy());
  const { close } = router([one]);
  await close();
  expect(one.closed).toBe(true);
});

it('makes a candidate of every model of every provider', () => {
  expect(candidatesOf([fakeProvider('one', healthy()), fakeProvider('two', healthy())]).map((one) => one.id)).toEqual([
    'one/one-model',
    'two/two-model',
  ]);
});
