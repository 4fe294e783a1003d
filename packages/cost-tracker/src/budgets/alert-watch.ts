import { type BudgetStore, RouterError } from '@signalbox/core';
import type { Account } from './account.ts';
import { alertId, isQuiet, releaseShare, rulesThatAct } from './alert-rules.ts';
import type { AlertRule } from './budget-plan.ts';

/** Milliseconds that a given alert is remembered beyond its day or month: a clock that was a day ahead for a moment does not have it told twice. */
const REMEMBERED = 2 * 86_400_000;

/**
 * Brings the alerts of accounts up to date. A rule begins once, whichever process sees it first, and only that one calls `tell`; it ends once for all of them. What has begun is in
 * the store, so that a program that starts again goes on from it. Without `tell` nothing is begun or ended there: who only looks takes no alert away from those who are to be
 * told. `rules`: the lowest threshold first.
 */
export function createAlertWatch(
  store: BudgetStore,
  rules: readonly AlertRule[],
  tell: ((account: Account, rule: AlertRule) => void) | undefined,
): (account: Account) => void {
  /** Begun while the store could not be asked. */
  const begunAlone = new Set<string>();
  const nameAlone = (account: Account, id: string) => [account.line.id, account.place.from, id].join('\0');

  function hasBegun(account: Account, rule: AlertRule): boolean {
    const id = alertId(account, rule);
    if (account.claimed.includes(id)) return true;
    return tell === undefined ? account.acting.includes(rule) : begunAlone.has(nameAlone(account, id));
  }

  /** Answers whether nobody has told of it yet. A store that fails must not silence an alert, nor break the call that it is about. */
  function begin(account: Account, id: string): boolean {
    // Until the store is asked next.
    account.claimed = [...account.claimed, id];
    const alone = nameAlone(account, id);
    const wasTold = begunAlone.has(alone);
    try {
      const isNew = store.claimAlert(id, account.place.to + REMEMBERED, account.place);
      begunAlone.delete(alone);
      return isNew && !wasTold;
    } catch (error) {
      if (!RouterError.is(error)) throw error;
      begunAlone.add(alone);
      return !wasTold;
    }
  }

  /** Answers whether it has ended; where the store can't be asked it ends here. */
  function end(account: Account, rule: AlertRule, id: string): boolean {
    try {
      if (!store.endAlert(id, account.place, releaseShare(rule) * account.line.limit)) return false;
    } catch (error) {
      if (!RouterError.is(error)) throw error;
    }
    account.claimed = account.claimed.filter((one) => one !== id);
    begunAlone.delete(nameAlone(account, id));
    return true;
  }

  function bringUpToDate(account: Account): void {
    const acting = rulesThatAct(account, rules, (rule) => hasBegun(account, rule));
    if (tell === undefined) {
      account.acting = acting;
      return;
    }
    const goesOn = new Set(acting);
    for (const rule of rules) {
      if (goesOn.has(rule) || !hasBegun(account, rule)) continue;
      // By the store's figure it has not fallen so far.
      if (!end(account, rule, alertId(account, rule))) goesOn.add(rule);
    }
    account.acting = goesOn.size === acting.length ? acting : rules.filter((rule) => goesOn.has(rule));
    for (const rule of acting) {
      const id = alertId(account, rule);
      if (!account.claimed.includes(id) && begin(account, id)) tell(account, rule);
    }
  }

  // By itself: each request asks for some two dozen accounts, and what is captured above would be made for each.
  return (account) => {
    if (begunAlone.size > 0 || !isQuiet(account, rules)) bringUpToDate(account);
  };
}
