import type { Configuration } from '@signalbox/config';
import type { NanoUsd } from '@signalbox/core';
import type { BudgetPlan } from '@signalbox/cost-tracker';
import { limitedRules } from './rule-names.ts';

/** What a configuration limits. Of several limits of one request the lowest holds. */
export function budgetPlan({ budget, routing }: Configuration): BudgetPlan {
  const perRequest = lowest([
    budget.perRequest,
    routing.optimization.maxCost,
    routing.costOptimization.enabled === false ? undefined : routing.costOptimization.maxCostPerRequest,
  ]);
  const { perUser, perKey, perTag, perModel, daily, monthly, alerts, timeZone, hard, unknownPrice } = budget;
  const users = perUser.enabled ? { default: perUser.default, users: perUser.users } : undefined;
  const perRule = limitedRules(routing.rules);
  const limits = { daily, monthly, perRequest, perUser: users, perKey, perTag, perModel, perRule };
  return { ...limits, alerts, timeZone, hard, unknownPrice };
}

/** Whether a plan limits anything of any request; rules count for themselves. */
export function limitsAnything(plan: BudgetPlan): boolean {
  const { daily, monthly, perRequest, perUser, perKey, perTag, perModel } = plan;
  return [daily, monthly, perRequest, perUser, perKey, perTag, perModel].some((limit) => limit !== undefined);
}

function lowest(amounts: readonly (NanoUsd | undefined)[]): NanoUsd | undefined {
  const known = amounts.filter((amount) => amount !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}
