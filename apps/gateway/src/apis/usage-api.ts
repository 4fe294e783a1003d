import type { BudgetStanding } from '@signalbox/core';
import { anthropicMessages } from '@signalbox/format-anthropic';
import type { GatewayContext } from '../request/exchange.ts';
import { type ApiOptions, errorAnswer } from './api-options.ts';
import { fullestFirst, periodOf, usedShare } from './standing-headers.ts';

const CENTS = 10_000_000;

/** `GET /api/oauth/usage`: dollars for Claude Code's status line, from the caller's own budgets. Amounts in cents. */
export function usageApi(options: ApiOptions): (context: GatewayContext) => Response {
  return (context) => {
    try {
      return Response.json(usageOf(fullestFirst(options.standings?.(context.get('caller')) ?? [])));
    } catch (error) {
      return errorAnswer(error, anthropicMessages, options);
    }
  };
}

function usageOf(budgets: readonly BudgetStanding[]) {
  const [fullest] = budgets;
  // A month's budget is what the client asks for by name; where there is none, the one that ends first.
  const shown = budgets.find(({ period }) => period === 'month') ?? fullest;
  return {
    extra_usage:
      shown === undefined
        ? { is_enabled: false, monthly_limit: null, used_credits: null, utilization: null, currency: 'USD' }
        : {
            is_enabled: true,
            monthly_limit: Math.round(shown.limit / CENTS),
            used_credits: Math.round(shown.spent / CENTS),
            utilization: percentOf(shown),
            currency: 'USD',
          },
    limits: budgets.map((one) => ({
      kind: 'spend',
      group: periodOf(one),
      percent: percentOf(one),
      resets_at: new Date(Math.ceil(one.to / 1_000) * 1_000).toISOString().replace('.000Z', 'Z'),
      severity: severityOf(one),
      is_active: one === fullest,
    })),
  };
}

const percentOf = (budget: BudgetStanding) => Math.min(100, Math.floor(usedShare(budget) * 100));

function severityOf(budget: BudgetStanding): 'normal' | 'warning' | 'critical' {
  const share = usedShare(budget);
  return share >= 0.95 ? 'critical' : share >= 0.75 ? 'warning' : 'normal';
}
