import { RouterError } from '@signalbox/core';
import { describe, expect, test } from 'vitest';
import { rowOf } from './rows.ts';
import { ask, openLedger } from './temporary-ledger.ts';

const DAY = 86_400_000;

describe('totals', () => {
  test('of nothing are zero', () => {
    expect(openLedger().totals()).toEqual([
      {
        group: {},
        requests: 0,
        attempts: 0,
        failures: 0,
        inputTokens: 0,
        outputTokens: 0,
        cacheReadTokens: 0,
        nanoUsd: 0,
        unknownPrices: 0,
        cacheHits: 0,
        savedNanoUsd: 0,
      },
    ]);
    expect(openLedger().totals({ by: ['provider'] })).toEqual([]);
  });

  test('count a failover as one request of two attempts, and unknown prices apart', () => {
    const ledger = openLedger();
    const failed = { outcome: 'failure', usage: undefined, cost: undefined } as const;
    ledger.append(rowOf('1', failed));
    ledger.append(rowOf('1', { cost: { nanoUsd: 500, provenance: 'counted' } }));
    ledger.append(rowOf('2', { cost: undefined, outcome: 'aborted' }));
    ledger.append(rowOf('3', { cost: { nanoUsd: 700, provenance: 'reported' } }));
    expect(ledger.totals()).toEqual([
      {
        group: {},
        requests: 3,
        attempts: 4,
        failures: 2,
        inputTokens: 300,
        outputTokens: 30,
        cacheReadTokens: 0,
        nanoUsd: 1200,
        provenance: 'counted',
        unknownPrices: 1,
        cacheHits: 0,
        savedNanoUsd: 0,
      },
    ]);
  });

  const GROUPS = [
    'provider',
    'model',
    'candidate',
    'strategy',
    'taskType',
    'outcome',
    'tenant',
    'user',
    'key',
    'session',
    'tag',
    'day',
  ] as const;

  test.each(GROUPS)('can be taken by %s and any other group', (first) => {
    const ledger = openLedger();
    ledger.append(rowOf('1', {}, { user: 'ann', key: 'ci', session: 's', tags: ['nightly'] }));
    for (const other of GROUPS) {
      if (other === first) continue;
      const [sums, ...more] = ledger.totals({ by: [first, other] });
      expect(sums?.attempts).toBe(1);
      expect(Object.keys(sums?.group ?? {}).sort()).toEqual([first, other].sort());
      expect(more).toEqual([]);
    }
  });

  test('count what kept answers saved', () => {
    const ledger = openLedger();
    const free = { nanoUsd: 0, provenance: 'counted' } as const;
    const hit = { cause: 'cache', lane: 'cache', cost: free, usage: undefined } as const;
    ledger.append(rowOf('1', { cost: { nanoUsd: 700, provenance: 'reported' } }));
    ledger.append(rowOf('2', { ...hit, saved: { nanoUsd: 700, provenance: 'reported' } }));
    ledger.append(rowOf('3', hit));
    expect(ledger.totals()).toMatchObject([{ nanoUsd: 700, cacheHits: 2, savedNanoUsd: 700, unknownPrices: 0 }]);
  });

  test('by provider and model put the dearest first', () => {
    const ledger = openLedger();
    const gpt = { provider: 'openai', model: 'gpt-5.5', candidate: 'openai/gpt-5.5' };
    ledger.append(rowOf('1'));
    ledger.append(rowOf('2', { ...gpt, cost: { nanoUsd: 900_000, provenance: 'reported' } }));
    ledger.append(rowOf('3'));
    expect(ledger.totals({ by: ['provider', 'model'] }).map(({ group, nanoUsd }) => [group, nanoUsd])).toEqual([
      [{ provider: 'openai', model: 'gpt-5.5' }, 900_000],
      [{ provider: 'anthropic', model: 'claude-haiku-4-5' }, 300_000],
    ]);
  });

  test('by day are in order, and days begin at midnight UTC unless told otherwise', () => {
    const ledger = openLedger();
    const noon = Date.UTC(2026, 10, 23, 12);
    for (const startedAt of [noon + DAY, noon, noon - 1, noon + DAY])
      ledger.append(rowOf(String(startedAt), { startedAt }));
    const days = ledger.totals({ by: ['day'] }).map(({ group, attempts }) => [group.day, attempts]);
    expect(days).toEqual([
      ['2026-11-23', 2],
      ['2026-11-24', 2],
    ]);
    const [{ local } = {}] = ask(ledger.file, `SELECT date(${noon / 1000}, 'unixepoch', 'localtime') AS local`);
    expect(ledger.totals({ by: ['day'], days: 'local', from: noon, to: noon + 1 })[0]?.group.day).toBe(local);
  });

  test('leave out what was simulated, unless asked for it', () => {
    const ledger = openLedger();
    ledger.append(rowOf('1', { simulated: true, cost: { nanoUsd: 0, provenance: 'counted' } }));
    ledger.append(rowOf('2'));
    expect(ledger.totals()[0]).toMatchObject({ attempts: 1, nanoUsd: 150_000 });
    expect(ledger.totals({ simulated: true })[0]).toMatchObject({ attempts: 1, nanoUsd: 0 });
  });

  test('are of those who are asked for', () => {
    const ledger = openLedger();
    for (const user of ['ann', 'ben', undefined]) {
      ledger.append(rowOf(`${user}-1`, {}, { user, session: user && `of ${user}`, key: 'k', tenant: 'acme' }));
    }
    const by = ledger.totals({ by: ['user'], tenant: 'acme', key: 'k' });
    expect(by.map(({ group, attempts }) => [group.user, attempts])).toEqual(
      expect.arrayContaining([
        [undefined, 1],
        ['ann', 1],
        ['ben', 1],
      ]),
    );
    expect(ledger.totals({ user: 'ann' })[0]?.attempts).toBe(1);
    expect(ledger.totals({ session: 'of ben' })[0]?.attempts).toBe(1);
    expect(ledger.totals({ user: 'nobody' })[0]?.attempts).toBe(0);
    expect(ledger.totals({ decision: 'ben-1' })[0]?.attempts).toBe(1);
    expect(ledger.totals({ decision: 'unknown' })[0]?.attempts).toBe(0);
  });

  test('of a time or user are found by an index', () => {
    const ledger = openLedger();
    ledger.flush();
    ledger.rows();
    const plan = (where: string) =>
      ask(ledger.file, `EXPLAIN QUERY PLAN SELECT sum(cost_nano_usd) FROM attempts a WHERE ${where}`).map(
        (one) => one.detail,
      );
    expect(plan('a.started_at >= 5 AND a.started_at < 9')).toEqual([
      expect.stringContaining('USING INDEX attempts_by_time'),
    ]);
    expect(plan("a.user = (SELECT id FROM names WHERE name = 'x') AND a.started_at >= 5")[0]).toContain(
      'attempts_by_user',
    );
    expect(plan("a.session = (SELECT id FROM names WHERE name = 'x')")[0]).toContain('attempts_by_session');
  });
});

describe('rows', () => {
  test('are the newest that fit, newest first', () => {
    const ledger = openLedger();
    for (let startedAt = 1; startedAt <= 9; startedAt += 1)
      ledger.append(rowOf(String(startedAt), { startedAt, outcome: startedAt % 2 === 0 ? 'failure' : 'success' }));
    expect(ledger.rows({ limit: 2 }).map((row) => row.decision)).toEqual(['9', '8']);
    expect(ledger.rows({ outcome: 'failure', from: 3, to: 8 }).map((row) => row.decision)).toEqual(['6', '4']);
  });

  test.each([{ limit: 0 }, { limit: 1.5 }, { from: Number.NaN }, { to: Number.POSITIVE_INFINITY }])(
    'refuse %o',
    (query) => {
      try {
        openLedger().rows(query);
        expect.unreachable();
      } catch (error) {
        expect(RouterError.is(error) && error.kind).toBe('usage');
      }
    },
  );
});

describe('pruning', () => {
  const now = 100 * DAY;
  const clock = { now: () => now, after: () => () => {} };

  test('forgets attempts that are older, and all that only they had', () => {
    const ledger = openLedger({ clock });
    const old = { startedAt: 10 * DAY, candidate: 'acme/gone', provider: 'acme', model: 'gone' };
    const decidedAt = 10 * DAY;
    const someone = { user: 'old user', session: 'old session', key: 'old key', tags: ['old tag'] };
    for (let count = 0; count < 6_000; count += 1)
      ledger.append(
        rowOf(`old-${count}`, old, someone, { decidedAt, reason: 'an old reason', requestedModel: 'old name' }),
      );
    ledger.append(rowOf('new', { startedAt: 99 * DAY }, { user: 'ann' }, { decidedAt: 99 * DAY }));
    expect(ledger.prune({ olderThanMs: 30 * DAY })).toBe(6_000);
    expect(ledger.rows().map((row) => [row.decision, row.user])).toEqual([['new', 'ann']]);
    expect(ledger.decision('old-1')).toBeUndefined();
    expect(ledger.decision('new')?.reason).toBe('simple_query, low complexity');
    expect(ask(ledger.file, "SELECT name FROM names WHERE name LIKE '%old%' OR name LIKE '%gone%'")).toEqual([]);
    expect(ask(ledger.file, 'SELECT count(*) AS shapes FROM shapes')).toEqual([{ shapes: 1 }]);
    expect(ledger.prune({ olderThanMs: 30 * DAY })).toBe(0);
  });

  test('does not lead another process astray that remembers what was forgotten', () => {
    const one = openLedger({ clock });
    const other = openLedger({ clock, file: one.file });
    const row = (startedAt: number, user: string) =>
      rowOf(`of ${user}`, { startedAt }, { user }, { decidedAt: startedAt });
    const early = row(DAY, 'ann');
    one.append(early);
    one.flush();
    expect(other.prune({ olderThanMs: 30 * DAY })).toBe(1);
    other.append(row(99 * DAY, 'ben'));
    other.flush();
    // A late attempt of the forgotten request, by a user whose number has gone to another.
    one.append({ ...early, attempt: { ...early.attempt, startedAt: 98 * DAY } });
    expect(one.rows().map(({ user, decision }) => [user, decision])).toEqual([
      ['ben', 'of ben'],
      ['ann', 'of ann'],
    ]);
    expect(one.decision('of ann')?.strategy).toBe('best_for_task');
  });

  test('refuses an age that is none', () => {
    expect(() => openLedger().prune({ olderThanMs: Number.NaN })).toThrow('olderThanMs');
  });
});
