import { type Admission, type Decision, type Need, type Removal, type Reservation, RouterError } from '@signalbox/core';
import { describe, expect, it } from 'vitest';
import { createManualClock } from '../../../testing/manual-clock.ts';
import { combineAdmissions, createRouter } from '../src/index.ts';
import { answers, fakeProvider, finish, start, streams, text, tinyFormat, userSays } from './fake-provider.ts';

const healthy = streams(start('m'), text('hello'), finish());
const busy = answers(503, { error: { message: 'busy' } });

interface Told extends Admission {
  readonly log: string[];
}

/** An admission that gives what it is told, in turns, and writes down what becomes of it. */
function admission(name: string, ...gives: readonly (Given | (() => Promise<Given>))[]): Told {
  const log: string[] = [];
  let turn = 0;
  return {
    log,
    check: () => undefined,
    reserve(candidate, { patienceMs, providerKey }) {
      const give = gives[Math.min(turn, gives.length - 1)];
      turn += 1;
      log.push(['asked', providerKey, patienceMs].filter((one) => one !== undefined).join(' '));
      const given = (one: Given): Reservation | Removal | undefined => {
        if (typeof one !== 'string') return one;
        if (one === 'refuses')
          return { candidate: candidate.id, kind: 'rate-limit', reason: `${name} is full`, retryAfterMs: 7_000 };
        return {
          maxOutputTokens: one === 'capped' ? 5 : undefined,
          answered: () => log.push('answered'),
          settle: () => log.push('settled'),
          release: () => log.push('released'),
        };
      };
      return typeof give === 'function' ? give().then(given) : given(give);
    },
  };
}
type Given = 'admits' | 'capped' | 'refuses' | Removal | undefined;

const ask = async (router: ReturnType<typeof createRouter>) => {
  const result = await router.generate(userSays('hi'));
  return { attempts: result.attempts, text: result.response.parts };
};
const whole = answers(200, { events: [start('m'), text('hello'), finish()] });

describe('several admissions as one', () => {
  const combined = (...all: readonly Admission[]) =>
    createRouter({
      providers: [fakeProvider('one', whole)],
      admission: combineAdmissions(all, createManualClock()),
      queueMs: 1_000,
    });

  it('all have to admit, and all are told how it went', async () => {
    const all = [admission('a', 'admits'), admission('b', undefined), admission('c', 'admits')];
    await ask(combined(...all));
    expect(all.map(({ log }) => log)).toEqual([
      ['asked 1000', 'answered', 'settled'],
      ['asked 1000'],
      ['asked 1000', 'answered', 'settled'],
    ]);
  });

  it('are told of an attempt once it is in the books, where others look', async () => {
    const told = admission('a', 'admits');
    const ledger = { append: () => void told.log.push('booked') };
    await ask(createRouter({ providers: [fakeProvider('one', whole)], admission: told, ledger, queueMs: 1_000 }));
    expect(told.log).toEqual(['asked 1000', 'answered', 'booked', 'settled']);
  });

  it('what was reserved is released when a later one refuses', async () => {
    const all = [
      admission('a', 'admits'),
      admission('b', 'admits'),
      admission('c', 'refuses'),
      admission('d', 'admits'),
    ];
    await expect(ask(combined(...all))).rejects.toMatchObject({
      kind: 'rate-limit',
      retryAfterMs: 7_000,
      message: 'No model can take this request now. one/one-model: c is full.',
    });
    expect(all.map(({ log }) => log)).toEqual([
      ['asked 1000', 'released'],
      ['asked 1000', 'released'],
      ['asked 1000'],
      [],
    ]);
  });

  it('what was reserved is released when a later one is given up while it waits', async () => {
    const first = admission('a', 'admits');
    const second = admission('b', () => Promise.reject(new RouterError({ kind: 'aborted', message: 'gone' })));
    await expect(ask(combined(first, second))).rejects.toMatchObject({ kind: 'aborted' });
    expect(first.log).toEqual(['asked 1000', 'released']);
  });

  it('share the patience: what one has waited the next has not', async () => {
    const clock = createManualClock();
    const slow = admission('a', async () => {
      clock.advance(400);
      return 'admits';
    });
    const second = admission('b', 'admits');
    const router = createRouter({
      providers: [fakeProvider('one', whole)],
      admission: combineAdmissions([slow, second], clock),
      queueMs: 1_000,
    });
    await ask(router);
    expect([slow.log[0], second.log[0]]).toEqual(['asked 1000', 'asked 600']);
  });

  it('the smallest bound of output holds', () => {
    const all = combineAdmissions([admission('a', 'admits'), admission('b', 'capped')], createManualClock());
    const candidate = createRouter({ providers: [fakeProvider('one', whole)] }).candidates[0];
    if (candidate === undefined) throw new Error('a router has candidates');
    const given = all.reserve(candidate, { caller: { tenant: 't' }, needs: () => NO_NEEDS, patienceMs: 0 });
    expect(given).toMatchObject({ maxOutputTokens: 5 });
  });
});

const NO_NEEDS = {
  tools: false,
  vision: false,
  pdf: false,
  audio: false,
  jsonSchema: false,
  inputTokens: 1,
  maxOutputTokens: undefined,
};

describe('an attempt that is refused', () => {
  it('is told in the decision that is given back and booked: who answers stands first, who was refused is among the removed', async () => {
    const booked: Decision[] = [];
    const router = createRouter({
      providers: [fakeProvider('one', whole), fakeProvider('two', whole)],
      admission: admission(
        'budget',
        { candidate: 'one/one-model', kind: 'budget', reason: 'no money is left' },
        'admits',
      ),
      ledger: { append: ({ decision }) => booked.push(decision) },
    });
    const { decision, attempts } = await router.generate(userSays('hi'));
    expect(attempts.map((one) => one.provider)).toEqual(['two']);
    expect(decision.order.map((one) => one.provider)).toEqual(['two']);
    expect(decision.removed).toEqual([{ candidate: 'one/one-model', kind: 'budget', reason: 'no money is left' }]);
    expect(booked).toEqual([decision]);
  });

  it('is made elsewhere at once where somebody else is left, and waits where nobody is', async () => {
    const told = admission('limit', 'refuses', 'admits');
    const [one, two] = [fakeProvider('one', whole), fakeProvider('two', whole)];
    const router = createRouter({ providers: [one, two], admission: told, queueMs: 1_000 });
    const { attempts } = await ask(router);
    expect(attempts.map((attempt) => attempt.provider)).toEqual(['two']);
    expect(told.log.slice(0, 2)).toEqual(['asked 0', 'asked 0']);
    expect(one.calls).toHaveLength(0);
  });

  it.each([
    [400, 'asked 400'],
    [5_000, 'asked 1000'],
  ])('waits no longer than its caller: %i ms', async (patienceMs, asked) => {
    const told = admission('limit', 'admits');
    const clock = createManualClock();
    const router = createRouter({ providers: [fakeProvider('one', whole)], admission: told, queueMs: 1_000, clock });
    await router.generate(userSays('hi'), { patienceMs });
    expect(told.log[0]).toBe(asked);
  });

  it('waits for the one that is free again first where all are at a limit', async () => {
    const waits = [900, 300, 600];
    const told = admission(
      'limit',
      ...['one', 'two', 'three'].map((id, index): Removal => {
        return { candidate: `${id}/${id}-model`, kind: 'rate-limit', reason: 'full', retryAfterMs: waits[index] };
      }),
      'admits',
    );
    const providers = ['one', 'two', 'three'].map((id) => fakeProvider(id, whole));
    const { attempts } = await ask(createRouter({ providers, admission: told, queueMs: 1_000 }));
    expect(told.log.slice(0, 4)).toEqual(['asked 0', 'asked 0', 'asked 0', 'asked 1000']);
    expect(attempts.map((attempt) => attempt.provider)).toEqual(['two']);
  });

  it('waits, too, where another one was tried in vain', async () => {
    const told = admission('limit', 'refuses', 'admits', 'admits');
    const [one, two] = [fakeProvider('one', whole), fakeProvider('two', answers(401, { error: { message: 'no' } }))];
    const { attempts } = await ask(createRouter({ providers: [one, two], admission: told, queueMs: 1_000 }));
    expect(attempts.map((attempt) => [attempt.provider, attempt.cause])).toEqual([
      ['two', 'first'],
      ['one', 'failover'],
    ]);
  });

  it('for what it is, not for want of money, gives back what was reserved', async () => {
    const told = admission('budget', 'admits');
    const format = tinyFormat();
    const encodeRequest: typeof format.client.encodeRequest = (...words) => ({
      ...format.client.encodeRequest(...words),
      notes: [{ field: 'top_k', action: 'dropped', reason: 'there is none' }],
    });
    const lossy = { ...format, client: { ...format.client, encodeRequest } };
    const providers = [fakeProvider('one', whole, { format: lossy })];
    const asked = ask(createRouter({ providers, admission: told, queueMs: 1_000, strict: true }));
    await expect(asked).rejects.toMatchObject({ message: expect.stringContaining('strict: it would lose top_k') });
    expect(told.log).toEqual(['asked 1000', 'released']);
  });

  it('waits for nobody where the provider refused the request itself', async () => {
    const told = admission('limit', 'refuses', 'admits');
    const no = answers(400, { error: { message: 'no such thing' } });
    const [one, two, three] = [fakeProvider('one', whole), fakeProvider('two', no), fakeProvider('three', whole)];
    const router = createRouter({ providers: [one, two, three], admission: told, queueMs: 1_000 });
    await expect(ask(router)).rejects.toMatchObject({
      kind: 'all-candidates-failed',
      attempts: [{ provider: 'two' }],
      decision: { removed: [{ candidate: 'one/one-model', reason: 'limit is full' }] },
    });
    expect([one.calls.length, three.calls.length]).toEqual([0, 0]);
  });

  it('waits for who is at a limit, not for who has no money left, and tells the caller of both where that was in vain', async () => {
    const told = admission(
      'limit',
      { candidate: 'one/one-model', kind: 'budget', reason: 'spent' },
      { candidate: 'two/two-model', kind: 'rate-limit', reason: 'full', retryAfterMs: 400 },
      { candidate: 'two/two-model', kind: 'rate-limit', reason: 'still full', retryAfterMs: 300 },
    );
    const providers = [fakeProvider('one', whole), fakeProvider('two', whole)];
    const asked = ask(createRouter({ providers, admission: told, queueMs: 1_000 }));
    await expect(asked).rejects.toMatchObject({
      message: expect.stringMatching(/one\/one-model: spent[.;] two\/two-model: still full/),
    });
    await expect(asked).rejects.toMatchObject({ message: expect.not.stringMatching(/: full/) });
    expect(told.log).toEqual(['asked 0', 'asked 0', 'asked 1000']);
  });

  it('that waited and failed is the last of the attempts', async () => {
    const told = admission('limit', 'refuses', 'admits');
    const [one, two] = ['one', 'two'].map((id) => fakeProvider(id, answers(401, { error: { message: `not ${id}` } })));
    if (one === undefined || two === undefined) throw new Error('there are two');
    const asked = ask(createRouter({ providers: [one, two], admission: told, queueMs: 1_000 }));
    await expect(asked).rejects.toMatchObject({
      message: expect.stringContaining('not one'),
      attempts: [{ provider: 'two' }, { provider: 'one' }],
      decision: { removed: [] },
    });
  });

  it('for the second time leaves the first one’s error as the answer', async () => {
    const router = createRouter({
      providers: [fakeProvider('one', busy)],
      admission: admission('limit', 'admits', 'refuses'),
      retry: { maxAttempts: 3, maxWaitMs: 1 },
      random: () => 0,
      clock: manualClockThatRuns(),
    });
    await expect(router.stream(userSays('hi'))).rejects.toMatchObject({
      kind: 'all-candidates-failed',
      attempts: [{ error: { kind: 'overloaded' } }],
    });
  });
});

function manualClockThatRuns() {
  const clock = createManualClock();
  return {
    now: clock.now,
    after(milliseconds: number, callback: () => void) {
      if (milliseconds > 11_000) return clock.after(milliseconds, callback);
      queueMicrotask(callback);
      return () => undefined;
    },
  };
}

describe('a provider with several keys', () => {
  const withKeys = (told: Admission) => {
    const provider = { ...fakeProvider('one', healthy), keys: ['k1', 'k2', 'k3'] };
    return createRouter({ providers: [provider], admission: told, queueMs: 1_000 });
  };
  const keyOf = async (told: Admission) => {
    const { events, attempts } = await withKeys(told).stream(userSays('hi'));
    for await (const _event of events);
    return attempts[0]?.providerKey;
  };
  const refusal = (retryAfterMs: number): Removal => ({
    candidate: 'one/m',
    kind: 'rate-limit',
    reason: 'full',
    retryAfterMs,
  });

  it('uses the next where one is at its limit', async () => {
    const told = admission('limit', 'refuses', 'admits');
    expect(await keyOf(told)).toBe('k2');
    expect(told.log).toEqual(['asked k1 0', 'asked k2 0', 'answered', 'settled']);
  });

  it('waits for the one that is free soonest where all are', async () => {
    const told = admission('limit', refusal(900), refusal(300), refusal(600), 'admits');
    expect(await keyOf(told)).toBe('k2');
    expect(told.log.slice(0, 4)).toEqual(['asked k1 0', 'asked k2 0', 'asked k3 0', 'asked k2 1000']);
  });

  it('is asked with the next at once where one is refused', async () => {
    const wrong = answers(401, { error: { message: 'wrong key' } });
    const provider = { ...fakeProvider('one', [wrong, healthy]), keys: ['k1', 'k2'] };
    const { events, attempts } = await createRouter({ providers: [provider] }).stream(userSays('hi'));
    for await (const _event of events);
    expect(attempts.map(({ providerKey, outcome }) => [providerKey, outcome])).toEqual([
      ['k1', 'failure'],
      ['k2', 'success'],
    ]);
  });

  it('is not asked with every key where it is no limit that refuses', async () => {
    const told = admission('budget', { candidate: 'one/one-model', kind: 'budget', reason: 'spent' });
    await expect(withKeys(told).stream(userSays('hi'))).rejects.toMatchObject({ kind: 'budget' });
    expect(told.log).toEqual(['asked k1 0']);
  });
});

describe('several admissions as one', () => {
  const candidate = createRouter({ providers: [fakeProvider('one', healthy)] }).candidates[0];
  const request = {
    caller: { tenant: 'local' },
    needs: () => {
      throw new Error('nobody asked');
    },
    patienceMs: 0,
  };
  const money = (reason: string | undefined): Admission => ({
    check: () => undefined,
    reserve: () => ({ mustStop: () => reason, settle: () => undefined, release: () => undefined }),
    standing: () => ({ cheaperFirst: reason, notices: [`${reason}`] }),
  });

  it('stop a stream for the first reason that one of them has, and want what each of them wants', () => {
    if (candidate === undefined) throw new Error('there is one');
    const all = combineAdmissions([admission('a', 'admits'), money(undefined), money('no money')], createManualClock());
    const reserved = all.reserve(candidate, request);
    expect(reserved !== undefined && 'mustStop' in reserved && reserved.mustStop?.(100)).toBe('no money');
    expect(all.standing?.(request)).toEqual({ cheaperFirst: 'no money', notices: ['undefined', 'no money'] });
  });

  it('are not asked about a stream where none of them meters it, and want nothing where none does', () => {
    if (candidate === undefined) throw new Error('there is one');
    const all = combineAdmissions([admission('a', 'admits'), admission('b', 'admits')], createManualClock());
    const given = all.reserve(candidate, request);
    expect(given).toHaveProperty('settle');
    expect(given).not.toHaveProperty('mustStop');
    expect(all.standing?.(request)).toBeUndefined();
  });
});

describe('what an admission is told of the task', () => {
  const task = {
    type: 'simple_query',
    complexity: 'low',
    difficulty: 0.1,
    expectedOutputTokens: 250,
    reason: 'r',
  } as const;

  it.each<[string, readonly Need[], string | undefined]>([
    ['has it analysed', ['task'], 'simple_query'],
    ['asks for nothing', [], undefined],
  ])(
    'is the same before the choice, before the call and in an explanation, where the strategy %s',
    async (_, needs, type) => {
      const told: (string | undefined)[] = [];
      const router = createRouter({
        providers: [fakeProvider('one', whole)],
        strategy: {
          name: 'mine',
          needs,
          rank: (candidates) => ({ order: candidates.map((candidate) => ({ candidate })), reason: 'r' }),
        },
        analyser: { analyse: () => task },
        admission: {
          check: (_candidate, request) => void told.push(request.task?.type),
          reserve: (_candidate, request) => void told.push(request.task?.type),
        },
      });
      await router.generate(userSays('hi'));
      const inbound = { head: { model: undefined, stream: false }, request: () => userSays('hi') };
      expect((await router.explain({ inbound })).task).toEqual(task);
      expect(new Set(told)).toEqual(new Set([type]));
      expect(told.length).toBeGreaterThanOrEqual(3);
    },
  );
});
