import { type BudgetStore, grantedOf, type SpendAccount } from '@signalbox/core';

/** Budgets of one process, gone with it. */
export function createMemoryBudgetStore(): BudgetStore {
  const spent = new Map<string, { readonly to: number; amount: number }>();
  const alerts = new Set<string>();
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
        return { spent: sum.amount, others: 0, granted: grantedOf(wish, limit - sum.amount - reserved) };
      });
    },
    claimAlert(id) {
      const isNew = !alerts.has(id);
      alerts.add(id);
      return isNew;
    },
    close: () => undefined,
  };
}

const placeOf = ({ scope, name, from, to, unit }: SpendAccount): string => `${scope}\0${name}\0${from}\0${to}\0${unit}`;
