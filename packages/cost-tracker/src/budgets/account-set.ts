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

/** Lists that are remembered at most; then all are forgotten and found again. */
const REMEMBERED = 20_000;

/** Finds accounts once for each list of limits: a request asks for them three times, and most requests fall under the same limits. */
export function createAccountSets(book: AccountBook): (lines: readonly BudgetLine[], now: number) => AccountSet {
  // No weak map: the collector looks through all of one with each new list.
  const sets = new Map<readonly BudgetLine[], KeptSet>();
  return (lines, now) => {
    const known = sets.get(lines);
    if (known !== undefined && known.generation === book.generation() && now >= known.from && now < known.to)
      return known;
    const all: Account[] = [];
    const money: Account[] = [];
    const uses: Account[] = [];
    let from = Number.NEGATIVE_INFINITY;
    let to = Number.POSITIVE_INFINITY;
    for (const line of lines) {
      const account = book.account(line, now);
      all.push(account);
      (line.unit === 'requests' ? uses : money).push(account);
      from = Math.max(from, account.place.from);
      to = Math.min(to, account.place.to);
    }
    const set = { all, money, uses, generation: book.generation(), from, to };
    if (known === undefined && sets.size >= REMEMBERED) sets.clear();
    sets.set(lines, set);
    return set;
  };
}
