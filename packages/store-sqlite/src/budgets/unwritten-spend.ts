import type { LedgerRow, SpendAccount } from '@signalbox/core';
import { MAX_NAME, storedTags } from '../rows/attempt-columns.ts';
import { wellFormed } from '../rows/name-table.ts';
import { QUARTER } from '../schema/sums-schema.ts';

/** Nano-dollars that rows will add to an account's sums once they are written. */
export function unwrittenSpend(rows: readonly LedgerRow[], { scope, name, from, to }: SpendAccount): number {
  const [first, last] = [Math.floor(from / QUARTER) * QUARTER, Math.ceil(to / QUARTER) * QUARTER];
  let spent = 0;
  for (const row of rows) {
    const { simulated, cost, startedAt } = row.attempt;
    if (simulated || cost === undefined || startedAt < first || startedAt >= last) continue;
    if (isOf(row, scope, name)) spent += whole(cost.nanoUsd);
  }
  return spent;
}

function isOf({ attempt, caller, decision }: LedgerRow, scope: SpendAccount['scope'], name: string): boolean {
  switch (scope) {
    case 'all':
      return true;
    case 'candidate':
      return written(attempt.candidate) === name;
    case 'user':
      return written(caller.user) === name;
    case 'key':
      return written(caller.key) === name;
    case 'rule':
      return written(decision.rule) === name;
    case 'tag':
      return storedTags(caller.tags).includes(name);
  }
}

/** As the file will have it. */
function written(word: string | undefined): string | undefined {
  return word === undefined ? undefined : wellFormed(word.length > MAX_NAME ? word.slice(0, MAX_NAME) : word);
}

function whole(nanoUsd: number): number {
  return Number.isFinite(nanoUsd) ? Math.round(nanoUsd) : 0;
}
