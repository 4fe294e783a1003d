import {
  aBoolean,
  aCount,
  aListOf,
  aNumber,
  anObject,
  aRecordOf,
  aText,
  type OptionRules,
  oneOf,
  requireOptions,
} from '@signalbox/core';
import type { AlertRule, BudgetPlan, ModelLimits, PeriodLimits } from './budget-plan.ts';

const money = aNumber(0, undefined, 'of nano-dollars');

const PERIOD_RULES: OptionRules<PeriodLimits> = { daily: money, monthly: money };
const MODEL_RULES: OptionRules<ModelLimits> = { ...PERIOD_RULES, maxDailyUses: aCount(0) };
const USER_RULES: OptionRules<NonNullable<BudgetPlan['perUser']>> = {
  default: money,
  users: aRecordOf(money, 'amounts by user'),
};
const ALERT_RULES: OptionRules<AlertRule> = {
  threshold: aNumber(0),
  releaseMargin: aNumber(0),
  action: oneOf([
    'notify',
    'switch_to_cheaper',
    'block_expensive_models',
    'deny',
  ] satisfies readonly AlertRule['action'][]),
};
const limits = aRecordOf(anObject('limits, such as { daily: usdToNano(5) }'), 'limits by name');
const PLAN_RULES: OptionRules<BudgetPlan> = {
  daily: money,
  monthly: money,
  perRequest: money,
  perUser: anObject('an object, such as { default: usdToNano(5) }'),
  perKey: limits,
  perTag: limits,
  perModel: limits,
  perRule: aRecordOf(aCount(0), 'uses by rule'),
  alerts: aListOf(anObject('an alert'), "a list of alerts, such as [{ threshold: 0.8, action: 'notify' }]"),
  timeZone: aText('a time zone, such as Europe/Berlin'),
  hard: aBoolean,
  unknownPrice: oneOf(['refuse', 'allow']),
};

/** Throws RouterError `configuration` on budgets that can't be held as they are written. */
export function requirePlan(caller: string, plan: BudgetPlan): void {
  requireOptions(`${caller} plan`, plan, PLAN_RULES);
  requireOptions(`${caller} plan.perUser`, plan.perUser, USER_RULES);
  requireEach(`${caller} plan.perKey`, plan.perKey, PERIOD_RULES);
  requireEach(`${caller} plan.perTag`, plan.perTag, PERIOD_RULES);
  requireEach(`${caller} plan.perModel`, plan.perModel, MODEL_RULES);
  for (const [place, alert] of (plan.alerts ?? []).entries()) {
    requireOptions(`${caller} plan.alerts[${place}]`, alert, ALERT_RULES, ['threshold', 'action']);
  }
}

function requireEach<Limits>(
  caller: string,
  byName: Readonly<Record<string, Limits>> | undefined,
  rules: OptionRules<Limits>,
): void {
  for (const [name, own] of Object.entries(byName ?? {})) requireOptions(`${caller}.${name}`, own, rules);
}
