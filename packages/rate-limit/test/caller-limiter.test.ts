import type { AttemptRequest, Caller, Candidate, Provider } from '@signalbox/core';
import { describe, expect, it } from 'vitest';
import { createCallerLimiter } from '../src/index.ts';
import { attempt, isReservation, reasonOf } from './limiter.ts';
import { manualClock } from './manual-clock.ts';

const candidate: Candidate = {
  id: 'acme/m',
  provider: { id: 'acme' } as Provider,
  model: 'm',
  names: [],
  facts: { id: 'm', provider: 'acme', name: 'm', type: 'chat', status: 'active', capabilities: {}, prices: [] },
};
const NO_NEEDS = { tools: false, vision: false, pdf: false, audio: false, jsonSchema: false };

function limiter() {
  const clock = manualClock();
  const admission = createCallerLimiter({ clock });
  let measured = 0;
  const requestOf = (caller: Partial<Caller>, more: Partial<AttemptRequest> = {}): AttemptRequest => ({
    caller: { tenant: 'local', key: 'ci', ...caller },
    needs() {
      measured += 1;
      return { ...NO_NEEDS, inputTokens: 100, maxOutputTokens: 50 };
    },
    patienceMs: 30_000,
    ...more,
  });
  return {
    clock,
    admission,
    requestOf,
    measured: () => measured,
    reserve(caller: Partial<Caller>, more: Partial<AttemptRequest> = {}) {
      const given = admission.reserve(candidate, requestOf(caller, more));
      if (given instanceof Promise) throw new Error('waits');
      return given;
    },
    take(caller: Partial<Caller>, more: Partial<AttemptRequest> = {}) {
      const given = admission.reserve(candidate, requestOf(caller, more));
      if (isReservation(given)) return given;
      throw new Error(`refused: ${JSON.stringify(given)}`);
    },
  };
}

describe('requests a minute of a caller', () => {
  const limits = { requestsPerMinute: 2 };

  it('are those of its key alone, and are refused at once, whatever its patience', () => {
    const { take, reserve, admission, requestOf } = limiter();
    take({ limits }).settle(attempt());
    take({ limits }).settle(attempt());
    expect(reserve({ limits })).toEqual({
      candidate: 'acme/m',
      kind: 'rate-limit',
      reason: 'the key "ci" is at its limit of 2 requests a minute, free again in 60 s',
      retryAfterMs: 60_000,
      scope: 'caller',
    });
    expect(admission.check(candidate, requestOf({ limits }))?.kind).toBe('rate-limit');
    take({ key: 'other', limits: { requestsPerMinute: 2 } });
  });

  it('count a request once, whatever becomes of its attempts', () => {
    const { take, reserve } = limiter();
    const call = {};
    const first = take({ limits }, { call });
    const hedge = take({ limits }, { call });
    first.settle(attempt({ outcome: 'failure' }));
    hedge.settle(attempt({ outcome: 'aborted' }));
    take({ limits }, { call }).settle(attempt());
    take({ limits }, { call: {} });
    expect(reasonOf(reserve({ limits }, { call: {} }))).toContain('at its limit');
    // The first may still fail over: it was let in.
    take({ limits }, { call });
  });

  it('do not count one that came to no attempt', () => {
    const { take } = limiter();
    for (let turn = 0; turn < 5; turn += 1) take({ limits }, { call: {} }).release();
    take({ limits }, { call: {} });
    take({ limits }, { call: {} });
  });

  it('are not forgotten when keys are read anew', () => {
    const { take, reserve } = limiter();
    take({ limits: { requestsPerMinute: 1 } });
    expect(reasonOf(reserve({ limits: { requestsPerMinute: 1 } }))).toContain('at its limit of 1 request a minute');
  });
});

describe('tokens a minute of a caller', () => {
  it('are put right when an answer is there, and taken by every attempt', async () => {
    const { take, reserve, clock } = limiter();
    const limits = { tokensPerMinute: 1_000 };
    const call = {};
    const usage = { inputTokens: 400, outputTokens: 100, provenance: 'reported' } as const;
    take({ limits }, { call }).settle(attempt({ usage }));
    take({ limits }, { call }).settle(attempt({ usage }));
    expect(reasonOf(reserve({ limits }))).toContain('at its limit of 1000 tokens a minute');
    await clock.advance(60_000);
    take({ limits });
  });

  it('are no reason to read a request that is small beside them', () => {
    const { take, measured } = limiter();
    take({ limits: { tokensPerMinute: 1_000_000 } }, { bytes: 2_000 });
    expect(measured()).toBe(0);
    take({ limits: { tokensPerMinute: 1_000_000 } }, { bytes: 200_000 });
    expect(measured()).toBeGreaterThan(0);
  });
});

describe('requests at once of a caller', () => {
  it('are counted by request, and free again when its last attempt is over', () => {
    const { take, reserve } = limiter();
    const limits = { concurrent: 1 };
    const call = {};
    const [first, hedge] = [take({ limits }, { call }), take({ limits }, { call })];
    first.settle(attempt());
    expect(reserve({ limits }, { call: {} })).toMatchObject({
      kind: 'rate-limit',
      reason: 'the key "ci" has 1 call under way, as many as it may have',
      retryAfterMs: 1_000,
    });
    hedge.settle(attempt());
    take({ limits }, { call: {} });
  });
});

it('leaves callers without limits alone', () => {
  const { reserve, measured } = limiter();
  for (let turn = 0; turn < 100; turn += 1) expect(reserve({})).toBeUndefined();
  expect(measured()).toBe(0);
});

it('leaves callers alone whose limits are budgets', () => {
  const { admission, requestOf, reserve, measured } = limiter();
  const limits = { budgetDaily: 1, budgetMonthly: 2 };
  expect(admission.check(candidate, requestOf({ limits }))).toBeUndefined();
  expect(reserve({ limits })).toBeUndefined();
  expect(measured()).toBe(0);
});
