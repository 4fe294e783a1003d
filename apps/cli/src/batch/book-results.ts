import { batchDecisionId, ledgerRow } from '@signalbox/batch';
import type { BatchResult, Candidate, Pricing } from '@signalbox/core';
import type { SqliteLedger } from '@signalbox/store-sqlite';
import { loginName } from '../configuration/login-name.ts';
import type { TaskFigures } from '../tasks/task.ts';
import type { SubmittedBatch } from './batch-record.ts';

/** Milliseconds for which another program that fetches the same results is left to book them. */
const CLAIMED_FOR = 60_000;

/** What books results: each once, however often it is fetched. */
export interface ResultBooks {
  /** Books a result that is not in the ledger yet. Answers what it cost, and whether that is new. */
  book(candidate: Candidate, batch: SubmittedBatch, result: BatchResult): TaskFigures & { readonly isNew: boolean };
}

/** Books into the user's ledger; without one, figures alone. Throws RouterError where the ledger can't be read. */
export function createResultBooks(ledger: SqliteLedger | undefined, pricing: Pricing): ResultBooks {
  const store = ledger?.budgets();
  return {
    book(candidate, { id, submittedAt }, result) {
      const collectedAt = Date.now();
      const caller = { tenant: 'local', user: loginName() };
      const row = ledgerRow({ candidate, batchId: id, submittedAt, collectedAt, result }, pricing, caller);
      const decision = batchDecisionId(id, result.id);
      // Two programs may fetch at the same time: the one that claims it books it.
      const isNew =
        ledger !== undefined &&
        ledger.decision(decision) === undefined &&
        store?.claimAlert(decision, collectedAt + CLAIMED_FOR) === true;
      if (isNew) ledger.append(row);
      const { attempt } = row;
      return {
        isNew,
        candidate: candidate.id,
        usage: attempt.usage,
        cost: attempt.cost?.nanoUsd,
        exact: attempt.cost !== undefined && attempt.cost.provenance !== 'estimated',
        simulated: attempt.simulated,
        durationMs: 0,
      };
    },
  };
}
