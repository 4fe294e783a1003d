import type { LedgerRow, SpendAccount, SpendScope } from '@signalbox/core';
import { storedName, storedTags } from '../rows/attempt-columns.ts';
import { wholeNumber } from '../rows/whole-number.ts';
import { QUARTER } from '../schema/sums-schema.ts';
import { accountName } from './account-figures.ts';

/** What the sums of the file will grow by once what waits is written. */
export interface UnwrittenSpend {
  /** Whether rows that wait may belong to an account, whatever they cost; `false`: none does. */
  concerns(account: SpendAccount): boolean;
  /** Nano-dollars that they will add to it. */
  moneyOf(account: SpendAccount): number;
}

/** By name, then by quarter of an hour: as the file sums it up. */
interface ScopeSums {
  /** Rows that were looked at. */
  seen: number;
  readonly names: Map<string, Map<number, number>>;
}

/**
 * Looks at each waiting row once for every scope that is asked about, however many accounts are. `rows` gives the same array, longer, until it was written.
 */
export function createUnwrittenSpend(rows: () => readonly LedgerRow[]): UnwrittenSpend {
  let of: readonly LedgerRow[] | undefined;
  let scopes = new Map<SpendScope, ScopeSums>();

  function sumsOf(account: SpendAccount): ReadonlyMap<number, number> | undefined {
    const { scope } = account;
    const waiting = rows();
    if (waiting !== of) {
      of = waiting;
      scopes = new Map();
    }
    let sums = scopes.get(scope);
    if (sums === undefined) {
      sums = { seen: 0, names: new Map() };
      scopes.set(scope, sums);
    }
    for (; sums.seen < waiting.length; sums.seen += 1) {
      const row = waiting[sums.seen];
      if (row !== undefined && row.attempt.simulated !== true) addRow(sums.names, scope, row);
    }
    return sums.names.get(accountName(account));
  }

  return {
    concerns: (account) => sumsOf(account) !== undefined,
    moneyOf(account) {
      const quarters = sumsOf(account);
      if (quarters === undefined) return 0;
      const [from, to] = [Math.floor(account.from / QUARTER), Math.ceil(account.to / QUARTER)];
      let money = 0;
      for (const [quarter, amount] of quarters) if (quarter >= from && quarter < to) money += amount;
      return money;
    },
  };
}

function addRow(names: ScopeSums['names'], scope: SpendScope, row: LedgerRow): void {
  const quarter = Math.floor((wholeNumber(row.attempt.startedAt) ?? 0) / QUARTER);
  const money = wholeNumber(row.attempt.cost?.nanoUsd) ?? 0;
  for (const name of NAMES[scope](row)) {
    let quarters = names.get(name);
    if (quarters === undefined) {
      quarters = new Map();
      names.set(name, quarters);
    }
    quarters.set(quarter, (quarters.get(quarter) ?? 0) + money);
  }
}

/** What has no name is summed up under an empty one: everybody, all who showed no key, what has no tag. What followed no rule is not. */
const NAMES: Readonly<Record<SpendScope, (row: LedgerRow) => readonly string[]>> = {
  all: () => [''],
  user: ({ caller }) => [written(caller.user)],
  key: ({ caller }) => [written(caller.key)],
  candidate: ({ attempt }) => [written(attempt.candidate)],
  rule: ({ decision }) => (decision.rule === undefined ? [] : [written(decision.rule)]),
  tag({ caller }) {
    const tags = storedTags(caller.tags);
    return tags.length === 0 ? [''] : tags;
  },
};

const written = (word: string | undefined): string => (word === undefined ? '' : storedName(word));
