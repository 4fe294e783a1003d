import {
  type Admission,
  type AdmissionRequest,
  type AttemptRequest,
  aFunction,
  anObject,
  anyText,
  aPort,
  type BudgetStanding,
  type BudgetStore,
  backgroundClock,
  type Caller,
  type Candidate,
  type Clock,
  type OptionRules,
  type Pricing,
  type Removal,
  RouterError,
  type RuleUses,
  requireOptions,
} from '@signalbox/core';
import type { Account } from './account.ts';
import { createAccountBook } from './account-book.ts';
import { type AccountSet, createAccountSets } from './account-set.ts';
import { alertWords } from './alert-rules.ts';
import { createAlertWatch } from './alert-watch.ts';
import type { AlertRule, BudgetPlan } from './budget-plan.ts';
import { compilePlan, ruleLines } from './budget-plan.ts';
import { requirePlan } from './budget-rules.ts';
import { createCalendar } from './calendar.ts';
import { createRoughPrices } from './call-price.ts';
import { createCallStates, leftOfCall } from './call-state.ts';
import { createExpensive } from './expensive.ts';
import { createMemoryBudgetStore } from './memory-budget-store.ts';
import { createOutputForecast } from './output-forecast.ts';
import { planCall } from './plan-call.ts';
import { refusalFor, tooDear, unchecked, unknownPrice, usedUp } from './refusals.ts';
import { createReservation } from './reservation.ts';
import { createRuleUses } from './rule-uses.ts';
import { createStoreFaults } from './store-faults.ts';

/** A plan, the prices it is held to, and where spending is remembered. */
export interface BudgetsOptions {
  readonly plan: BudgetPlan;
  readonly pricing: Pricing;
  /** Where budgets are shared and remembered. Default: in memory, for this process alone. */
  readonly store?: BudgetStore | undefined;
  /** The models at hand: which of them are expensive is said by comparing them. */
  readonly candidates?: (() => readonly Candidate[]) | undefined;
  /** Told once for each budget, span of time and rule, whichever process comes first. */
  readonly onAlert?: ((alert: BudgetAlert) => void) | undefined;
  /** Gets a sentence when the store can't be asked, for as long as that lasts once a minute. */
  readonly onFault?: ((sentence: string) => void) | undefined;
  /** Whose machine this is: callers who show no key share this user's daily budget. */
  readonly localUser?: string | undefined;
  readonly clock?: Clock | undefined;
}

const RULES: OptionRules<BudgetsOptions> = {
  plan: anObject('a plan, such as { daily: usdToNano(50) }'),
  pricing: aPort('pricing, such as createPricing() gives', ['cost', 'predict']),
  store: aPort('a store of budgets, such as createMemoryBudgetStore() gives', ['lease']),
  candidates: aFunction('a function that gives candidates'),
  onAlert: aFunction(),
  onFault: aFunction(),
  localUser: anyText,
  clock: aPort('a clock, such as systemClock of @signalbox/router', ['now']),
};

/** Answers of the past that are looked at to begin with. */
const HISTORY = 500;

/** A budget has passed a threshold. */
export interface BudgetAlert extends BudgetStanding {
  readonly rule: AlertRule;
}

/** Budgets as an admission: reserves before each attempt, settles after it. */
export interface Budgets extends Admission {
  /** How a caller's budgets stand, those of models left out. Throws RouterError where the store can't be used. */
  standings(caller: Caller): readonly BudgetStanding[];
  /** Absent where no rule has a limit. */
  readonly ruleUses?: RuleUses | undefined;
  /** Gives back what this process holds. Running calls are settled in memory only. */
  close(): void;
}

/**
 * Makes budgets. A hard budget is overspent by no more than the calls in flight times one look at their output (256 tokens) and the
 * reasoning that no provider shows before its end; docs/budgets.md has the bound in dollars.
 *
 * Throws RouterError `configuration` on an option that is wrong or unknown, a time zone that does not exist among them.
 *
 * @example
 * const budgets = createBudgets({ plan: { daily: usdToNano(50) }, pricing, store: ledger.budgets() });
 * const router = createRouter({ providers, pricing, ledger, admission: budgets });
 */
export function createBudgets(options: BudgetsOptions): Budgets {
  requireOptions('createBudgets', options, RULES, ['plan', 'pricing']);
  requirePlan('createBudgets', options.plan);
  const { plan, pricing, clock = backgroundClock, onAlert, onFault } = options;
  const store = options.store ?? createMemoryBudgetStore();
  const linesFor = compilePlan(plan, options.localUser);
  const rules = [...(plan.alerts ?? [])].sort((one, other) => one.threshold - other.threshold);
  const book = createAccountBook(store, clock, createCalendar(plan.timeZone), rules.length > 0);
  const setOf = createAccountSets(book);
  const forecast = createOutputForecast();
  const roughPrices = createRoughPrices(pricing);
  const isExpensive = createExpensive(options.candidates ?? (() => []), pricing);
  const watch = createAlertWatch(
    store,
    rules,
    onAlert && ((account, rule) => onAlert({ ...standingOf(account), rule })),
  );
  const hard = plan.hard ?? true;
  const ofRules = ruleLines(plan);
  const stateOf = createCallStates();
  const tellOfFault = createStoreFaults(clock, hard, onFault);

  let hasHistory = false;

  /** What was usual before this process began, looked up when it is first needed. */
  function learnFromHistory(): void {
    if (hasHistory) return;
    hasHistory = true;
    for (const { candidate, task, outputTokens } of store.recentOutputs?.(HISTORY) ?? []) {
      forecast.learn(candidate, task, outputTokens);
    }
  }

  function accountsOf(caller: Caller, candidate: Candidate | undefined, now: number, forCall = true): AccountSet {
    const set = setOf(linesFor(caller, candidate), now);
    book.known(set.all, forCall);
    if (rules.length > 0) for (const account of set.money) watch(account);
    return set;
  }

  /** The account by which an alert acts, and how. */
  function acting(accounts: readonly Account[], action: AlertRule['action']) {
    for (const account of accounts) {
      const rule = account.acting.find((one) => one.action === action);
      if (rule !== undefined) return { account, why: alertWords(account, rule) };
    }
    return undefined;
  }

  /** What alerts take away, whatever the request is. */
  function blocked(candidate: Candidate, accounts: readonly Account[], now: number): Removal | undefined {
    if (accounts.every((account) => account.acting.length === 0)) return undefined;
    const denied = acting(accounts, 'deny');
    const isFree = () => pricing.predict(candidate.facts, 1_000, 1_000, now) === 0;
    if (denied !== undefined && !isFree()) {
      return { ...refusalFor(candidate, denied.why, denied.account, now), denied: true };
    }
    const dear = acting(accounts, 'block_expensive_models');
    if (dear === undefined || !isExpensive(candidate, now)) return undefined;
    const reason = `is one of the expensive models, and ${dear.why}`;
    return { ...refusalFor(candidate, reason, dear.account, now), scope: undefined };
  }

  /** A plan for a call, or why it can't be paid. Looks only. */
  function look(candidate: Candidate, request: AdmissionRequest & Partial<AttemptRequest>) {
    const now = clock.now();
    const { all, money, uses } = accountsOf(request.caller, candidate, now);
    if (all.length === 0 && plan.perRequest === undefined) return undefined;
    learnFromHistory();
    const state = plan.perRequest !== undefined || uses.length > 0 ? stateOf(request.call) : undefined;
    const isRepeated = state?.asked.includes(candidate.id) === true;
    const accounts = isRepeated ? money : all;
    const out = blocked(candidate, accounts, now);
    if (out !== undefined) return out;
    const call = planCall({ plan, pricing, roughPrices, forecast, candidate, request, money, now });
    const seen = { money, uses: isRepeated ? NONE : uses, call, state };
    if (call === undefined) {
      const goesOn = !hard || plan.unknownPrice === 'allow' || (plan.perRequest === undefined && money.length === 0);
      return goesOn ? seen : unknownPrice(candidate);
    }
    if (!hard) return seen;
    // A longer answer is capped where the request's money ends. Who is too dear by prediction is a strategy's matter.
    const leftForIt = leftOfCall(plan.perRequest, state);
    if (call.short > leftForIt) return tooDear(candidate, call.short, plan, state);
    const price = Math.min(call.expected, leftForIt);
    const lacking = book.lacking(accounts, price);
    return lacking === undefined ? seen : usedUp(candidate, lacking, price, now);
  }

  /** A store that can't be asked leaves a hard budget no choice. */
  function guarded<Value>(candidate: Candidate, work: () => Value): Value | Removal | undefined {
    try {
      return work();
    } catch (error) {
      if (!RouterError.is(error)) throw error;
      tellOfFault(error);
      if (!hard) return undefined;
      return unchecked(candidate, error);
    }
  }

  return {
    check(candidate, request) {
      if (candidate.provider.simulated) return undefined;
      const seen = guarded(candidate, () => look(candidate, request));
      return seen !== undefined && 'kind' in seen ? seen : undefined;
    },
    reserve(candidate, request) {
      if (candidate.provider.simulated) return undefined;
      return guarded(candidate, () => {
        const seen = look(candidate, request);
        if (seen === undefined || 'kind' in seen) return seen;
        // Member by member: copying what was seen takes longer than the rest.
        return createReservation({
          money: seen.money,
          uses: seen.uses,
          call: seen.call,
          state: seen.state,
          perRequest: plan.perRequest,
          hard,
          book,
          forecast,
          candidate,
          request,
          watch,
        });
      });
    },
    standing(request) {
      if (rules.length === 0) return undefined;
      try {
        const { all: accounts } = accountsOf(request.caller, undefined, clock.now());
        if (accounts.every((account) => account.acting.length === 0)) return undefined;
        const notices = accounts.flatMap((account) => {
          const rule = account.acting.at(-1);
          return rule === undefined ? [] : [`${alertWords(account, rule)} (${rule.action})`];
        });
        return { cheaperFirst: acting(accounts, 'switch_to_cheaper')?.why, notices };
      } catch (error) {
        if (RouterError.is(error)) return undefined;
        throw error;
      }
    },
    ruleUses: ofRules.size === 0 ? undefined : createRuleUses(ofRules, book, clock),
    standings: (caller) => accountsOf(caller, undefined, clock.now(), false).all.map(standingOf),
    close: () => book.close(),
  };
}

const NONE: readonly Account[] = [];

function standingOf(account: Account): BudgetStanding {
  const { line, place, spent, others, reserved } = account;
  return {
    title: line.title,
    scope: line.scope,
    period: line.period,
    unit: line.unit,
    limit: line.limit,
    spent,
    reserved: reserved + others,
    from: place.from,
    to: place.to,
  };
}
