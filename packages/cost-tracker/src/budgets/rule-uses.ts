import type { Clock, RuleUses } from '@signalbox/core';
import { RouterError } from '@signalbox/core';
import type { AccountBook } from './account-book.ts';
import type { BudgetLine } from './budget-plan.ts';

/** Counts uses of rules in the accounts of a process, as money is: leased from the store, so that all processes together keep to the limit. */
export function createRuleUses(lines: ReadonlyMap<string, BudgetLine>, book: AccountBook, clock: Clock): RuleUses {
  /** Where the store can't be asked nobody knows how often a rule was followed: then it is passed over. */
  function guarded<Value>(work: () => Value, otherwise: Value): Value {
    try {
      return work();
    } catch (error) {
      if (RouterError.is(error)) return otherwise;
      throw error;
    }
  }

  return {
    counts() {
      const now = clock.now();
      const accounts = [...lines.values()].map((line) => book.account(line, now));
      return guarded(
        () => {
          book.known(accounts, false);
          return new Map(
            accounts.map(({ line, spent, reserved }) => [line.name, Math.min(line.limit, spent + reserved)]),
          );
        },
        new Map(accounts.map(({ line }) => [line.name, line.limit])),
      );
    },
    mayFollow(rule) {
      const line = lines.get(rule);
      if (line === undefined) return true;
      return guarded(() => book.lacking([book.account(line, clock.now())], 0) === undefined, false);
    },
    take(rule) {
      const line = lines.get(rule);
      if (line === undefined) return undefined;
      const account = book.account(line, clock.now());
      book.take([account], 0);
      let isOpen = true;
      return {
        end(used) {
          if (isOpen) book.settle(account, 1, used ? 1 : 0);
          isOpen = false;
        },
      };
    },
  };
}
