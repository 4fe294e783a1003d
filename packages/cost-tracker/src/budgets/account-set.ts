import type { Account } from './account.ts';
import type { AccountBook } from './account-book.ts';
import type { BudgetLine } from './budget-plan.ts';

/** The accounts of the present day and month that some limits stand for. */
export interface AccountSet {
  readonly all: readonly Account[];
  readonly money: readonly Account[];
  /** Those that count requests. */
  readonly uses: readonly Account[];
}

interface KeptSet extends AccountSet {
  readonly generation: number;
  /** Unix milliseconds, `to` excluded: until one of its days or months is over. */
  readonly from: number;
  readonly to: number;
}

/** Finds accounts once for each list of limits: a request asks for them three times, and most requests fall under the same limits. */
export function createAccountSets(book: AccountBook): (lines: readonly BudgetLine[], now: number) => AccountSet {
  const sets = new WeakMap<readonly BudgetLine[], KeptSet>();
  return (lines, now) => {
    const known = sets.get(lines);
    if (known !== undefined && known.generation === book.generation() && now >= known.from && now < known.to)
      return known;
    const all = lines.map((line) => book.account(line, now));
    const set: KeptSet = {
      all,
      money: all.filter(({ line }) => line.unit === 'nano-usd'),
      uses: all.filter(({ line }) => line.unit === 'requests'),
      generation: book.generation(),
      from: all.reduce((latest, { place }) => Math.max(latest, place.from), Number.NEGATIVE_INFINITY),
      to: all.reduce((first, { place }) => Math.min(first, place.to), Number.POSITIVE_INFINITY),
    };
    sets.set(lines, set);
    return set;
  };
}
