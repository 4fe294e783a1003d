import type { Admission, Attempt, Candidate, Decision } from '@signalbox/core';
import { expect, test } from 'vitest';
import { bookRest } from '../src/kept/background-answer.ts';

const attempt: Attempt = {
  candidate: 'one/m',
  provider: 'one',
  model: 'm',
  cause: 'first',
  startedAt: 0,
  durationMs: 10,
  outcome: 'success',
  lane: 'bytes',
  simulated: false,
  notes: [],
  usage: { inputTokens: 100, outputTokens: 0, provenance: 'reported' },
  cost: { nanoUsd: 1_000, provenance: 'reported' },
};
const decision = { id: 'd', decidedAt: 0, strategy: 'manual', order: [], removed: [] } as unknown as Decision;
const candidate = { id: 'one/m', facts: {} } as unknown as Candidate;

test.each(['at once', 'later'] as const)(
  'what a background answer took beyond its call is in the books before its reservation, given %s, is settled',
  async (given) => {
    const log: unknown[] = [];
    const reservation = {
      answered: () => {},
      release: () => log.push('released'),
      settle: ({ cost }: Attempt) => log.push(['settled', cost?.nanoUsd]),
    };
    const admission: Admission = {
      check: () => undefined,
      reserve: () => (given === 'at once' ? reservation : Promise.resolve(reservation)),
    };
    bookRest(
      { decision, attempt, caller: { tenant: 'local', tags: [] } },
      { finish: { reason: 'stop' }, usage: { inputTokens: 100, outputTokens: 50, provenance: 'reported' } },
      {
        candidates: [candidate],
        admission,
        ledger: {
          append: ({ attempt: { usage, cost } }) => void log.push(['booked', usage?.outputTokens, cost?.nanoUsd]),
        },
        pricing: { cost: () => ({ nanoUsd: 6_000, provenance: 'reported' }) } as never,
        now: () => 20,
      },
    );
    await Promise.resolve();
    expect(log).toEqual([
      ['booked', 50, 5_000],
      ['settled', 5_000],
    ]);
  },
);
