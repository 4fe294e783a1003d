import type { LedgerRow, SpendAccount } from '@signalbox/core';
import { MAX_NAME, storedTags } from '../rows/attempt-columns.ts';
import { wellFormed } from '../rows/name-table.ts';

/** Whose sums will grow once what waits is written. */
export interface UnwrittenNames {
  /** Whether rows that wait may belong to an account; `false`: none does. */
  concern(account: SpendAccount): boolean;
}

/**
 * Looks at each waiting row once, however many accounts are asked about. `rows` gives the same array, longer, until it was written.
 */
export function createUnwrittenNames(rows: () => readonly LedgerRow[]): UnwrittenNames {
  let of: readonly LedgerRow[] | undefined;
  let seen = 0;
  let names = emptyNames();

  function bringUpToDate(): void {
    const waiting = rows();
    if (waiting !== of || waiting.length < seen) {
      of = waiting;
      seen = 0;
      names = emptyNames();
    }
    for (; seen < waiting.length; seen += 1) {
      const row = waiting[seen];
      if (row !== undefined && row.attempt.simulated !== true) addNames(names, row);
    }
  }

  return {
    concern({ scope, name }) {
      bringUpToDate();
      return names[scope].has(name);
    },
  };
}

type Names = Readonly<Record<SpendAccount['scope'], Set<string>>>;

const emptyNames = (): Names => ({
  all: new Set(),
  user: new Set(),
  key: new Set(),
  tag: new Set(),
  candidate: new Set(),
  rule: new Set(),
});

/** What has no name is summed up under an empty one: everybody, all who showed no key, what has no tag. */
function addNames(names: Names, { attempt, caller, decision }: LedgerRow): void {
  names.all.add('');
  names.candidate.add(written(attempt.candidate));
  names.user.add(written(caller.user));
  names.key.add(written(caller.key));
  names.rule.add(written(decision.rule));
  const tags = storedTags(caller.tags);
  for (const tag of tags.length === 0 ? [''] : tags) names.tag.add(tag);
}

/** As the file will have it. */
function written(word: string | undefined): string {
  return word === undefined ? '' : wellFormed(word.length > MAX_NAME ? word.slice(0, MAX_NAME) : word);
}
