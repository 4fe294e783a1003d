import type { Configuration } from '@signalbox/config';
import type { NanoUsd } from '@signalbox/core';
import type { BudgetPlan } from '@signalbox/cost-tracker';

/** What a configuration limits; `undefined` where it limits nothing. Of several limits of one request the lowest holds. */
export function budgetPlan({ budget, routing }: Configuration): BudgetPlan | undefined {
  const perRequest = lowest([
    budget.perRequest,
    routing.optimization.maxCost,
    routing.costOptimization.enabled === false ? undefined : routing.costOptimization.maxCostPerRequest,
  ]);
  const { perUser, perKey, perTag, perModel, daily, monthly, alerts, timeZone, hard, unknownPrice } = budget;
  const users = perUser.enabled ? { default: perUser.default, users: perUser.users } : undefined;
  const limits = { daily, monthly, perRequest, perUser: users, perKey, perTag, perModel };
  if (Object.values(limits).every((limit) => limit === undefined)) return undefined;
  return { ...limits, alerts, timeZone, hard, unknownPrice };
}

function lowest(amounts: readonly (NanoUsd | undefined)[]): NanoUsd | undefined {
  const known = amounts.filter((amount) => amount !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}
