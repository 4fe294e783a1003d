// The public surface of @signalbox/cost-tracker: what is not named here is not an API.

export type { BudgetStanding } from '@signalbox/core';
export { releaseShare } from './budgets/alert-rules.ts';
export type { AlertAction, AlertRule, BudgetPlan, ModelLimits, PeriodLimits } from './budgets/budget-plan.ts';
export { type Calendar, createCalendar, type Span } from './budgets/calendar.ts';
export {
  type BudgetAlert,
  type Budgets,
  type BudgetsOptions,
  createBudgets,
} from './budgets/create-budgets.ts';
export { createMemoryBudgetStore } from './budgets/memory-budget-store.ts';
export { shareWords, untilWords } from './budgets/words.ts';
export { createMemoryLedger, type MemoryLedger, type MemoryLedgerOptions } from './memory-ledger.ts';
export { overridePrices } from './override-prices.ts';
export { createPricing, type PricingOptions } from './pricing.ts';
export { type DollarsPerThousandTokens, perThousandTokens, ratesPerThousandTokens } from './rates-per-thousand.ts';
export { type CostSummary, type ModelTotals, type ProviderTotals, summarise } from './summarise.ts';
export type { Interval } from './what-if/bootstrap.ts';
export {
  type ComparedRequest,
  type Comparison,
  type ComparisonReport,
  createComparison,
  type Difference,
  MEASURES,
  type Measure,
} from './what-if/compare-choices.ts';
