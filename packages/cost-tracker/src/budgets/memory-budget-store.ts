import { type BudgetStore, grantedOf, type SpendAccount } from '@signalbox/core';

/** Budgets of one process, gone with it. */
export function createMemoryBudgetStore(): BudgetStore {
  const spent = new Map<string, { readonly to: number; amount: number }>();
  /** By what they are about: alerts that were given, and until when that is remembered. */
  const alerts = new Map<string, Map<string, number>>();
  return {
    lease(wishes) {
      return wishes.map((wish) => {
        const { account, limit, reserved, settled } = wish;
        const place = placeOf(account);
        let sum = spent.get(place);
        if (sum === undefined) {
          for (const [other, { to }] of spent) if (to <= account.from) spent.delete(other);
          sum = { to: account.to, amount: 0 };
          spent.set(place, sum);
        }
        sum.amount += settled;
        const lease = { spent: sum.amount, others: 0, granted: grantedOf(wish, limit - sum.amount - reserved) };
        return wish.withAlerts === true ? { ...lease, alerts: [...(alerts.get(place)?.keys() ?? [])] } : lease;
      });
    },
    claimAlert(id, until, account) {
      const place = account === undefined ? '' : placeOf(account);
      let given = alerts.get(place);
      if (given === undefined) {
        const from = account?.from ?? Number.NEGATIVE_INFINITY;
        for (const [other, ends] of alerts) if ([...ends.values()].every((end) => end <= from)) alerts.delete(other);
        given = new Map();
        alerts.set(place, given);
      }
      if (given.has(id)) return false;
      given.set(id, until);
      return true;
    },
    endAlert(id, account, below) {
      const place = placeOf(account);
      if ((spent.get(place)?.amount ?? 0) >= below) return false;
      alerts.get(place)?.delete(id);
      return true;
    },
    close: () => undefined,
  };
}

const placeOf = ({ scope, name, from, to, unit }: SpendAccount): string => `${scope}\0${name}\0${from}\0${to}\0${unit}`;
