import { type BudgetStore, type LeaseWish, RouterError, usdToNano } from '@signalbox/core';
import { describe, expect, test } from 'vitest';
import { createManualClock } from '../../../../testing/manual-clock.ts';
import { createMemoryBudgetStore } from '../../src/budgets/memory-budget-store.ts';
import { type BudgetAlert, type BudgetPlan, type BudgetsOptions, createBudgets } from '../../src/index.ts';
import { attemptOf, candidateOf, granted, pricing, refusal, requestOf } from './calls.ts';

const sonnet = candidateOf('acme/sonnet');
const HOUR = 3_600_000;

function budgetsOf(plan: BudgetPlan, more: Partial<BudgetsOptions> = {}) {
  const clock = createManualClock();
  const alerts: BudgetAlert[] = [];
  const budgets = createBudgets({
    plan: { timeZone: 'UTC', ...plan },
    pricing,
    clock,
    onAlert: (alert) => alerts.push(alert),
    ...more,
  });
  return { budgets, clock, alerts };
}

/** Spends with one call: 1,000 tokens in cost $0.001, 1,000 out $0.01. */
function spend(budgets: ReturnType<typeof createBudgets>, outputTokens: number, shape = {}, candidate = sonnet) {
  granted(budgets.reserve(candidate, requestOf(shape))).settle(attemptOf(candidate, 1_000, outputTokens));
}

describe('a daily budget', () => {
  test('admits what it covers, and refuses what it does not, with when it begins anew', () => {
    const { budgets, clock } = budgetsOf({ daily: usdToNano(0.05) });
    spend(budgets, 4_000);
    expect(budgets.check(sonnet, requestOf())).toEqual({
      candidate: 'acme/sonnet',
      kind: 'budget',
      reason: 'the daily budget of $0.050 has $0.0090 left, less than this request may cost; it begins anew in 12 h',
      retryAfterMs: 12 * HOUR,
      scope: 'caller',
    });
    expect(budgets.check(sonnet, requestOf({ maxOutputTokens: 700 }))).toBeUndefined();
    clock.advance(12 * HOUR);
    expect(budgets.check(sonnet, requestOf())).toBeUndefined();
  });

  test('is reserved from before a call until it is settled, and given back when the call is not made', () => {
    const { budgets } = budgetsOf({ daily: usdToNano(0.02) });
    const first = granted(budgets.reserve(sonnet, requestOf()));
    // Held is not spent: it may be free again in a second.
    expect(refusal(budgets.reserve(sonnet, requestOf()))).toMatch(
      /has \$\S+ free and \$\S+ held for calls under way, less than this request may cost/,
    );
    first.release();
    const second = granted(budgets.reserve(sonnet, requestOf()));
    second.settle(attemptOf(sonnet, 1_000, 100));
    expect(budgets.standings({ tenant: 'local' })).toMatchObject([
      { spent: 2_000_000, reserved: 0, limit: 20_000_000 },
    ]);
    granted(budgets.reserve(sonnet, requestOf()));
  });

  test('counts an attempt that was aborted or failed by what it cost', () => {
    const { budgets } = budgetsOf({ daily: usdToNano(1) });
    const reservation = granted(budgets.reserve(sonnet, requestOf()));
    reservation.settle(attemptOf(sonnet, 1_000, 500, { outcome: 'aborted' }));
    const failed = granted(budgets.reserve(sonnet, requestOf()));
    failed.settle(attemptOf(sonnet, 0, 0, { outcome: 'failure', usage: undefined }));
    expect(budgets.standings({ tenant: 'local' })[0]?.spent).toBe(6_000_000);
  });

  test('books a call of the night into the day in which it began', () => {
    const { budgets, clock } = budgetsOf({ daily: usdToNano(1) });
    const reservation = granted(budgets.reserve(sonnet, requestOf()));
    clock.advance(13 * HOUR);
    reservation.settle(attemptOf(sonnet, 1_000, 1_000));
    expect(budgets.standings({ tenant: 'local' })[0]).toMatchObject({ spent: 0, reserved: 0 });
  });

  test('does not touch what is free, nor what is simulated', () => {
    const { budgets } = budgetsOf({ daily: 0 });
    expect(refusal(budgets.reserve(sonnet, requestOf()))).toContain('is used up');
    spend(budgets, 4_000, {}, candidateOf('local/llama', [0, 0]));
    const simulated = { ...sonnet, provider: { ...sonnet.provider, simulated: true } };
    expect(budgets.reserve(simulated, requestOf())).toBeUndefined();
  });

  test('that has plenty left does not look into requests', () => {
    const { budgets } = budgetsOf({ daily: usdToNano(50) });
    const request = requestOf({ bytes: 4_000 });
    expect(budgets.check(sonnet, request)).toBeUndefined();
    expect(granted(budgets.reserve(sonnet, request)).maxOutputTokens).toBeUndefined();
    expect(request.measured()).toBe(0);
  });
});

describe('whose budget it is', () => {
  const plan: BudgetPlan = {
    monthly: usdToNano(100),
    perUser: { default: usdToNano(0.02), users: { ann: usdToNano(1) } },
    perKey: { build: { daily: usdToNano(0.03) } },
    perTag: { nightly: { monthly: usdToNano(0.04) } },
    perModel: { sonnet: { maxDailyUses: 2 } },
  };
  const opus = candidateOf('acme/opus');

  test.each([
    [{ user: 'bob' }, 'daily budget of user bob of $0.020'],
    [{ key: 'build' }, 'daily budget of key build of $0.030'],
    [{ tags: ['ci', 'nightly'] }, 'monthly budget of tag nightly of $0.040'],
  ])('%j: %s', (caller, title) => {
    const { budgets } = budgetsOf(plan);
    while (budgets.check(opus, requestOf({ caller })) === undefined) spend(budgets, 900, { caller }, opus);
    expect(refusal(budgets.reserve(opus, requestOf({ caller })))).toContain(title);
    // Nobody else is touched by it.
    expect(budgets.check(opus, requestOf({ caller: { user: 'ann' } }))).toBeUndefined();
    expect(budgets.check(opus, requestOf())).toBeUndefined();
  });

  test('a model has so many uses in a day, a failover to it is one, and a retry is none', () => {
    const { budgets, clock } = budgetsOf(plan);
    const use = (cause: 'first' | 'retry' | 'failover') =>
      granted(budgets.reserve(sonnet, requestOf())).settle(attemptOf(sonnet, 1, 1, { cause }));
    use('first');
    use('retry');
    use('failover');
    expect(refusal(budgets.reserve(sonnet, requestOf()))).toBe(
      'its 2 daily uses of sonnet are made; it begins anew in 12 h',
    );
    expect(budgets.check(opus, requestOf())).toBeUndefined();
    clock.advance(12 * HOUR);
    expect(budgets.check(sonnet, requestOf())).toBeUndefined();
  });

  test('where several budgets hold, one that is refused takes nothing of the others', () => {
    const { budgets } = budgetsOf({ daily: usdToNano(1), perUser: { default: usdToNano(0.001) } });
    expect(refusal(budgets.reserve(sonnet, requestOf({ caller: { user: 'bob' } })))).toContain('user bob');
    expect(budgets.standings({ tenant: 'local' })).toMatchObject([{ spent: 0, reserved: 0 }]);
  });
});

describe('one request', () => {
  test('that is predicted to cost more than it may is refused; of others the output is capped', () => {
    const { budgets } = budgetsOf({ perRequest: usdToNano(0.02) });
    expect(refusal(budgets.reserve(sonnet, requestOf({ inputTokens: 20_000 })))).toContain(
      'more than the $0.020 that a request may',
    );
    // $0.0012 of input (with a margin), the rest at $10 per million tokens.
    expect(granted(budgets.reserve(sonnet, requestOf())).maxOutputTokens).toBe(1_880);
    expect(granted(budgets.reserve(sonnet, requestOf({ maxOutputTokens: 1_000 }))).maxOutputTokens).toBeUndefined();
  });

  test('is stopped where it has cost what it may', () => {
    const { budgets } = budgetsOf({ perRequest: usdToNano(0.02) });
    const reservation = granted(budgets.reserve(sonnet, requestOf()));
    expect(reservation.mustStop?.(1_800)).toBeUndefined();
    expect(reservation.mustStop?.(1_900)).toBe('it has cost the $0.020 that a request may');
  });
});

describe('an answer that grows', () => {
  test('is paid on as long as there is money, and stopped where it ends', () => {
    const { budgets } = budgetsOf({ daily: usdToNano(0.03) });
    const reservation = granted(budgets.reserve(sonnet, requestOf()));
    expect(reservation.maxOutputTokens).toBe(2_880);
    for (let tokens = 0; tokens <= 2_500; tokens += 250) expect(reservation.mustStop?.(tokens)).toBeUndefined();
    // Paid ahead by now, so nobody else gets it.
    expect(refusal(budgets.reserve(sonnet, requestOf({ maxOutputTokens: 200 })))).toBeDefined();
    expect(reservation.mustStop?.(2_900)).toBe('the daily budget of $0.030 is used up');
    reservation.settle(attemptOf(sonnet, 1_000, 2_900));
    expect(budgets.standings({ tenant: 'local' })).toMatchObject([{ spent: 30_000_000, reserved: 0 }]);
  });

  test('without a stream can not be stopped: all it may cost is reserved, up to half of what is left', () => {
    const { budgets } = budgetsOf({ daily: usdToNano(0.08) });
    const first = granted(budgets.reserve(sonnet, requestOf({ stream: false })));
    expect(first.maxOutputTokens).toBe(3_880);
    expect(budgets.standings({ tenant: 'local' })).toMatchObject([{ reserved: 40_000_000 }]);
    const second = granted(budgets.reserve(sonnet, requestOf({ stream: false })));
    expect(second.maxOutputTokens).toBe(1_880);
    // It is there, and paid for, before anybody could.
    expect(first.mustStop).toBeUndefined();
  });
});

describe('what is usual is learned', () => {
  test('a model that answers briefly is admitted where little is left', () => {
    const { budgets } = budgetsOf({ daily: usdToNano(0.1) });
    for (let call = 0; call < 46; call += 1) spend(budgets, 100);
    // $0.0080 are left: too little for what a stranger's answer may cost.
    expect(refusal(budgets.reserve(candidateOf('acme/opus'), requestOf()))).toContain('has $0.0080 left');
    granted(budgets.reserve(sonnet, requestOf()));
  });
});

describe('a price that nobody knows', () => {
  const stranger = candidateOf('acme/stranger', undefined as never);
  const unknown = { ...stranger, facts: { ...stranger.facts, prices: [] } };

  test('is refused by a hard budget, with what to do about it', () => {
    const { budgets } = budgetsOf({ daily: usdToNano(1) });
    expect(refusal(budgets.reserve(unknown, requestOf()))).toContain('its price is unknown');
    expect(refusal(budgets.reserve(unknown, requestOf()))).toContain('cost_per_1k_tokens');
  });

  test.each<BudgetPlan>([
    { daily: usdToNano(1), unknownPrice: 'allow' },
    { daily: usdToNano(1), hard: false },
    { perModel: { stranger: { maxDailyUses: 3 } } },
  ])('is let through by %j', (plan) => {
    const { budgets } = budgetsOf(plan);
    granted(budgets.reserve(unknown, requestOf())).settle(attemptOf(unknown, 10, 10));
  });
});

test('an embedding, which has no output and no price for it, is paid by its input', () => {
  const { budgets } = budgetsOf({ daily: usdToNano(0.001) });
  const facts = { type: 'embedding', prices: [{ input: 1_000_000_000 }] } as const;
  const embedding = candidateOf('acme/embedding', undefined, facts);
  const shape = { maxOutputTokens: 0, stream: false };
  granted(budgets.reserve(embedding, requestOf({ ...shape, inputTokens: 800 })));
  expect(refusal(budgets.reserve(embedding, requestOf({ ...shape, inputTokens: 800 })))).toContain(
    'has $0.000040 free and $0.00096 held for calls under way',
  );
});

describe('a soft budget', () => {
  test('refuses, caps and stops nobody, and counts all the same', () => {
    const { budgets } = budgetsOf({ daily: usdToNano(0.001), perRequest: usdToNano(0.001), hard: false });
    const reservation = granted(budgets.reserve(sonnet, requestOf()));
    expect(reservation.maxOutputTokens).toBeUndefined();
    expect(reservation.mustStop).toBeUndefined();
    reservation.settle(attemptOf(sonnet, 1_000, 4_000));
    expect(budgets.standings({ tenant: 'local' })).toMatchObject([{ spent: 41_000_000, reserved: 0 }]);
  });
});

describe('a store that is asked', () => {
  const asks = (daily: number) => {
    const memory = createMemoryBudgetStore();
    const wishes: (readonly LeaseWish[])[] = [];
    const store: BudgetStore = {
      ...memory,
      lease(some, expiresAt) {
        wishes.push(some);
        return memory.lease(some, expiresAt);
      },
    };
    const plan = { daily: usdToNano(100), perUser: { default: daily } };
    return { ...budgetsOf(plan, { store }), wishes };
  };
  const call = { inputTokens: 100, maxOutputTokens: 100 };

  test('is asked once for a caller who comes for the first time, as soon as calls say what they take', () => {
    const { budgets, wishes } = asks(usdToNano(10));
    spend(budgets, 100, { ...call, caller: { user: 'ann' } });
    const first = wishes.length;
    // By then as much is held of the daily budget as calls take.
    for (let calls = 0; calls < 5; calls += 1) spend(budgets, 100, { ...call, caller: { user: 'ann' } });
    const before = wishes.length;
    spend(budgets, 100, { ...call, caller: { user: 'cid' } });
    expect({ first, later: wishes.length - before }).toEqual({ first: 2, later: 1 });
  });

  test('gives nothing on suspicion of what is scarce', () => {
    const { budgets, wishes } = asks(usdToNano(0.004));
    spend(budgets, 100, { ...call, caller: { user: 'ann' } });
    expect(budgets.check(sonnet, requestOf({ ...call, caller: { user: 'bob' } }))).toBeUndefined();
    const ofBob = wishes.flat().filter(({ account }) => account.name === 'bob');
    expect(ofBob[0]?.unlessFree).toBe((ofBob[0]?.wanted ?? 0) * 20);
    expect(ofBob.length).toBe(2);
  });

  test('is asked for nothing by who only looks at how budgets stand', () => {
    const { budgets, wishes } = asks(usdToNano(10));
    spend(budgets, 100, { ...call, caller: { user: 'ann' } });
    budgets.standings({ tenant: 'local', user: 'bob' });
    expect(wishes.at(-1)).toMatchObject([{ account: { name: 'bob' }, wanted: 0 }]);
  });
});

describe('a store that fails', () => {
  const broken: BudgetStore = {
    lease() {
      throw new RouterError({ kind: 'internal', message: 'The ledger x.db can’t be used: the disk is full.' });
    },
    claimAlert: () => true,
    endAlert: () => true,
    close: () => undefined,
  };

  test('leaves a hard budget no choice, and the refusal says why', () => {
    const { budgets } = budgetsOf({ daily: usdToNano(1) }, { store: broken });
    expect(refusal(budgets.reserve(sonnet, requestOf()))).toBe(
      'its budget can’t be checked (The ledger x.db can’t be used: the disk is full); budget.hard: false goes on without'.replace(
        'budget can’t',
        "budget can't",
      ),
    );
  });

  test('does not stop a soft one', () => {
    const { budgets } = budgetsOf({ daily: usdToNano(1), hard: false }, { store: broken });
    expect(budgets.check(sonnet, requestOf())).toBeUndefined();
    expect(budgets.reserve(sonnet, requestOf())).toBeUndefined();
  });

  test('is told of, with what it means, and for as long as it lasts once a minute', () => {
    const told = (plan: BudgetPlan) => {
      const sentences: string[] = [];
      const { budgets, clock } = budgetsOf(plan, { store: broken, onFault: (sentence) => sentences.push(sentence) });
      for (const wait of [0, 1_000, 58_000, 1_000]) {
        clock.advance(wait);
        budgets.check(sonnet, requestOf());
      }
      return sentences;
    };
    const hard =
      "The ledger x.db can’t be used: the disk is full. Budgets can't be checked, so requests that cost money are refused; budget.hard: false goes on without.";
    const soft = "The ledger x.db can’t be used: the disk is full. Budgets can't be checked and hold nobody back.";
    expect(told({ daily: usdToNano(1) })).toEqual([hard, hard]);
    expect(told({ daily: usdToNano(1), hard: false })).toEqual([soft, soft]);
  });
});
