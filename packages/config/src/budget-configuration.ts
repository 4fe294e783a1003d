import type { NanoUsd } from '@signalbox/core';

/** What may be spent, in nano-dollars, and what happens on the way there (`budget`). */
export interface BudgetConfiguration {
  readonly daily?: NanoUsd | undefined;
  readonly monthly?: NanoUsd | undefined;
  readonly perRequest?: NanoUsd | undefined;
  /** A day. */
  readonly perUser: {
    readonly enabled: boolean;
    readonly default?: NanoUsd | undefined;
    readonly users?: Readonly<Record<string, NanoUsd>> | undefined;
  };
  /** By the name of a caller's key, by tag, by model. */
  readonly perKey?: Readonly<Record<string, PeriodAmounts>> | undefined;
  readonly perTag?: Readonly<Record<string, PeriodAmounts>> | undefined;
  readonly perModel?: Readonly<Record<string, ModelAmounts>> | undefined;
  /** Lowest threshold first; `cost_tracking.alert_threshold` is in it as a `notify`. */
  readonly alerts: readonly BudgetAlert[];
  /** `cost_tracking.alert_threshold` by itself, 0 to 1. */
  readonly alertThreshold?: number | undefined;
  readonly notify?:
    | {
        readonly webhook?: string | undefined;
        /** One word is a line for the shell; several are a program and its arguments. */
        readonly command?: readonly string[] | undefined;
      }
    | undefined;
  /** IANA name. */
  readonly timeZone?: string | undefined;
  /** `false`: nobody is refused for lack of money. */
  readonly hard?: boolean | undefined;
  readonly unknownPrice?: 'refuse' | 'allow' | undefined;
}

interface PeriodAmounts {
  readonly daily?: NanoUsd | undefined;
  readonly monthly?: NanoUsd | undefined;
}

interface ModelAmounts extends PeriodAmounts {
  readonly maxDailyUses?: number | undefined;
}

/** What is done from a share of a budget on (`budget.alerts`). */
export interface BudgetAlert {
  /** Share of the budget, 0 to 1. */
  readonly threshold: number;
  readonly action: 'notify' | 'switch_to_cheaper' | 'block_expensive_models' | 'deny';
  /** How far below the threshold the rule ends: a share of the budget, 0 to `threshold`. */
  readonly releaseMargin?: number | undefined;
}
