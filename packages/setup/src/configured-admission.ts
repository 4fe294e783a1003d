import type { Configuration } from '@signalbox/config';
import type { Admission, BudgetStore, Candidate, Clock, Pricing, SharedLimits } from '@signalbox/core';
import { type BudgetAlert, type Budgets, createBudgets } from '@signalbox/cost-tracker';
import { createCallerLimiter, createRateLimiter, createSharedLimitStore } from '@signalbox/rate-limit';
import { combineAdmissions } from '@signalbox/router';
import { admissionByCaller } from './caller-admission.ts';
import type { CarriedState } from './carried-state.ts';
import { budgetPlan, limitsAnything } from './configured-budgets.ts';
import { configuredLimits } from './configured-limits.ts';

/** What budgets and rate limits are shared by, and who hears of them. */
export interface AdmissionOptions {
  /** Where budgets are shared and remembered, e.g. `ledger.budgets()`. Default: in memory. */
  readonly budgetStore?: BudgetStore | undefined;
  /** Where rate limits are counted together with other processes, e.g. `ledger.limits()`. Default: by this one alone. */
  readonly sharedLimits?: SharedLimits | undefined;
  /** Gets a sentence when they can't be. */
  readonly onLimitFault?: ((sentence: string) => void) | undefined;
  /** Told when a budget passes a threshold of the configuration. */
  readonly onBudgetAlert?: ((alert: BudgetAlert) => void) | undefined;
  /** Gets a sentence when budgets can't be checked. */
  readonly onBudgetFault?: ((sentence: string) => void) | undefined;
  /** Whose requests these are where a call does not say: for budgets of users, and for the books. */
  readonly user?: string | undefined;
  /** What else has to admit an attempt: budgets, say. Asked before the rate limits. */
  readonly admissions?: readonly Admission[] | undefined;
}

export interface AdmissionInput {
  readonly configuration: Configuration;
  readonly candidates: readonly Candidate[];
  readonly pricing: Pricing;
  readonly carried: CarriedState;
  readonly clock: Clock;
}

/** What attempts have to be admitted by. */
export interface ConfiguredAdmission {
  readonly admission: Admission;
  readonly budgets: Budgets;
  close(): void;
}

/** Budgets and rate limits: those of the configuration, and those of callers whose key has its own. Who may have to wait is asked last. */
export function configuredAdmission(
  { configuration, candidates, pricing, carried, clock }: AdmissionInput,
  options: AdmissionOptions,
): ConfiguredAdmission {
  const plan = budgetPlan(configuration);
  const budgets = createBudgets({
    plan,
    pricing,
    store: options.budgetStore,
    candidates: () => candidates,
    onAlert: options.onBudgetAlert,
    onFault: options.onBudgetFault,
    localUser: options.user,
    clock,
  });
  const { sharedLimits, onLimitFault: onFault, admissions = [] } = options;
  const shared = sharedLimits && createSharedLimitStore({ shared: sharedLimits, clock, onFault });
  // Counted together with other processes they are in the file; else the next router goes on from them.
  const store = shared ?? carried.limits;
  const limiter = createRateLimiter({ clock, store, limits: configuredLimits(configuration, candidates) });
  const together = (own: readonly Admission[]) => combineAdmissions([...admissions, ...own, limiter], clock);
  return {
    admission: admissionByCaller(
      together(limitsAnything(plan) ? [budgets] : []),
      together([createCallerLimiter({ clock, store }), budgets]),
    ),
    budgets,
    close() {
      budgets.close();
      shared?.close();
    },
  };
}
