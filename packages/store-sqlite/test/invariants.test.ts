import type { Decision, LedgerRow, Provenance, Usage } from '@signalbox/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rowOf } from './rows.ts';
import { openLedger } from './temporary-ledger.ts';

const word = fc.string({ unit: 'grapheme', maxLength: 20 }).filter((text) => !text.includes('\0'));
const optional = <Value>(arbitrary: fc.Arbitrary<Value>) => fc.option(arbitrary, { nil: undefined });
const tokens = fc.nat({ max: 2_000_000 });
const provenance = fc.constantFrom<Provenance>('reported', 'counted', 'estimated');
const nano = fc.nat({ max: 2 ** 40 });
const provider = fc.constantFrom('anthropic', 'openai', 'success', 'ünï');

const usage: fc.Arbitrary<Usage> = fc.record({
  inputTokens: tokens,
  outputTokens: tokens,
  cacheReadTokens: optional(tokens),
  cacheWrite5mTokens: optional(tokens),
  cacheWrite1hTokens: optional(tokens),
  reasoningTokens: optional(tokens),
  inputAudioTokens: optional(tokens),
  outputAudioTokens: optional(tokens),
  webSearches: optional(fc.nat({ max: 9 })),
  serviceTier: optional(word),
  provenance,
});

const decided: fc.Arbitrary<Partial<Decision>> = fc.record({
  decidedAt: nano,
  requestedModel: optional(word),
  strategy: word,
  reason: fc.string({
    unit: fc.constantFrom('"', '\\', '#', '1', ',', ':', '[', '-', 'e', '.', ' ', 'ä'),
    maxLength: 30,
  }),
  order: fc.array(
    fc.record({
      candidate: word,
      provider: word,
      model: word,
      score: fc.double({ noNaN: true, noDefaultInfinity: true }),
      scoreParts: fc.dictionary(word, fc.double({ noNaN: true, noDefaultInfinity: true }), { maxKeys: 3 }),
      predictedCost: nano,
    }),
    { maxLength: 4 },
  ),
});

const booked: fc.Arbitrary<LedgerRow> = fc
  .record({
    id: fc.uuid(),
    decided,
    attempt: fc.record({
      provider,
      model: word,
      candidate: word,
      answeredBy: optional(word),
      startedAt: fc.nat({ max: 5 * 86_400_000 }),
      durationMs: tokens,
      firstContentMs: optional(tokens),
      outcome: fc.constantFrom('success', 'failure', 'aborted'),
      lane: fc.constantFrom('bytes', 'canonical', 'cache'),
      cause: fc.constantFrom('first', 'retry', 'failover', 'hedge', 'continuation', 'cache'),
      providerKey: optional(word),
      simulated: fc.boolean(),
      usage: optional(usage),
      cost: optional(fc.record({ nanoUsd: nano, provenance })),
      saved: optional(fc.record({ nanoUsd: nano, provenance })),
    }),
    caller: fc.record({
      tenant: word,
      user: optional(word),
      key: optional(word),
      session: optional(word),
      tags: fc.array(word, { maxLength: 4 }),
    }),
  })
  .map(({ id, decided: of, attempt, caller }) => rowOf(id, attempt as LedgerRow['attempt'], caller, of));

/** What the file must give back for a row. */
const expectedOf = ({ decision, attempt, caller }: LedgerRow) => ({
  decision: decision.id,
  attempt: 1,
  startedAt: attempt.startedAt,
  durationMs: attempt.durationMs,
  firstContentMs: attempt.firstContentMs,
  strategy: decision.strategy,
  taskType: decision.task?.type,
  complexity: decision.task?.complexity,
  requestedModel: decision.requestedModel,
  candidate: attempt.candidate,
  provider: attempt.provider,
  model: attempt.model,
  answeredBy: attempt.answeredBy,
  outcome: attempt.outcome,
  lane: attempt.lane,
  simulated: attempt.simulated,
  inputTokens: attempt.usage?.inputTokens,
  outputTokens: attempt.usage?.outputTokens,
  cacheReadTokens: attempt.usage?.cacheReadTokens,
  cacheWrite5mTokens: attempt.usage?.cacheWrite5mTokens,
  cacheWrite1hTokens: attempt.usage?.cacheWrite1hTokens,
  reasoningTokens: attempt.usage?.reasoningTokens,
  inputAudioTokens: attempt.usage?.inputAudioTokens,
  outputAudioTokens: attempt.usage?.outputAudioTokens,
  webSearches: attempt.usage?.webSearches,
  serviceTier: attempt.usage?.serviceTier,
  usageProvenance: attempt.usage?.provenance,
  costNanoUsd: attempt.cost?.nanoUsd,
  costProvenance: attempt.cost?.provenance,
  tenant: caller.tenant,
  user: caller.user,
  key: caller.key,
  session: caller.session,
  tags: [...new Set(caller.tags)],
  notes: 0,
  cause: attempt.cause,
  providerKey: attempt.providerKey,
  savedNanoUsd: attempt.saved?.nanoUsd,
});

const sumOf = (rows: readonly LedgerRow[], figure: (row: LedgerRow) => number | undefined) =>
  rows.reduce((sum, row) => sum + (figure(row) ?? 0), 0);

test('rows that go in come out, decisions too, and totals are their sums', () => {
  const distinct = fc.uniqueArray(booked, { maxLength: 25, selector: (row) => row.decision.id });
  fc.assert(
    fc.property(distinct, fc.nat({ max: 7 }), (rows, flushEvery) => {
      const ledger = openLedger({ clock: { now: () => 0, after: () => () => {} } });
      for (const [index, row] of rows.entries()) {
        ledger.append(row);
        if (flushEvery > 0 && index % flushEvery === 0) ledger.flush();
      }
      const byDecision = (one: { decision: string }, other: { decision: string }) =>
        one.decision < other.decision ? -1 : 1;
      expect([...ledger.rows()].sort(byDecision)).toEqual(rows.map(expectedOf).sort(byDecision));
      for (const row of rows)
        expect(ledger.decision(row.decision.id)).toEqual(JSON.parse(JSON.stringify(row.decision)));

      const real = rows.filter((row) => !row.attempt.simulated);
      const sums = (of: readonly LedgerRow[]) => ({
        requests: of.length,
        attempts: of.length,
        failures: of.filter((row) => row.attempt.outcome !== 'success').length,
        inputTokens: sumOf(of, (row) => row.attempt.usage?.inputTokens),
        outputTokens: sumOf(of, (row) => row.attempt.usage?.outputTokens),
        cacheReadTokens: sumOf(of, (row) => row.attempt.usage?.cacheReadTokens),
        nanoUsd: sumOf(of, (row) => row.attempt.cost?.nanoUsd),
      });
      expect(ledger.totals()).toEqual([expect.objectContaining({ group: {}, ...sums(real) })]);
      for (const { group, ...totals } of ledger.totals({ by: ['provider', 'user', 'day'] })) {
        const of = real.filter(
          ({ attempt, caller }) =>
            attempt.provider === group.provider &&
            caller.user === group.user &&
            new Date(attempt.startedAt).toISOString().startsWith(String(group.day)),
        );
        expect(of.length).toBeGreaterThan(0);
        expect(totals).toMatchObject(sums(of));
      }
      ledger.close();
      expect(ledger.faults).toEqual([]);
    }),
    { numRuns: 30 },
  );
});
