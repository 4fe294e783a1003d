import { nanoToUsd, RouterError } from '@signalbox/core';
import type { Budgets } from '@signalbox/cost-tracker';

/** Dollars left of the tightest of a user's budgets; undefined where there is none, or where nobody can say. */
export function remainingBudget(budgets: Budgets, user: string | undefined): number | undefined {
  try {
    const left = budgets
      .standings({ tenant: 'local', user })

      .filter(({ unit }) => unit === 'nano-usd')
      .map(({ limit, spent, reserved }) => nanoToUsd(Math.max(0, limit - spent - reserved)));
    return left.length === 0 ? undefined : Math.min(...left);
  } catch (error) {
    if (RouterError.is(error)) return undefined;
    throw error;
  }
}
