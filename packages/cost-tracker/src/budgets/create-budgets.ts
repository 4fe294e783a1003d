import {
  type Admission,
  type AdmissionRequest,
  type AttemptRequest,
  type BudgetStore,
  type Caller,
  type Candidate,
  type Clock,
  formatUsd,
  type Pricing,
  type Removal,
  RouterError,
} from '@signalbox/core';
import { systemClock } from '../system-clock.ts';
import { type Account, isLevel, left, raiseLevel } from './account.ts';
import { createAccountBook } from './account-book.ts';
import type { AlertRule, BudgetPlan } from './budget-plan.ts';
import { compilePlan } from './budget-plan.ts';
import { createCalendar } from './calendar.ts';
import { createRoughPrices } from './call-price.ts';
import { createExpensive } from './expensive.ts';
import { createMemoryBudgetStore } from './memory-budget-store.ts';
import { createOutputForecast } from './output-forecast.ts';
import { planCall } from './plan-call.ts';
import { createReservation } from './reservation.ts';
import { shareWords, untilWords } from './words.ts';

export interface BudgetsOptions {
  readonly plan: BudgetPlan;
  readonly pricing: Pricing;
  /** Where budgets are shared and remembered. Default: in memory, for this process alone. */
  readonly store?: BudgetStore | undefined;
  /** The models at hand: which of them are expensive is said by comparing them. */
  readonly candidates?: (() => readonly Candidate[]) | undefined;
  /** Told once for each budget, span of time and rule, whichever process comes first. */
  readonly onAlert?: ((alert: BudgetAlert) => void) | undefined;
  readonly clock?: Clock | undefined;
}

/** Answers of the past that are looked at to begin with. */
const HISTORY = 500;

/** A budget has passed a threshold. */
export interface BudgetAlert extends BudgetStanding {
  readonly rule: AlertRule;
}

/** How a budget stands. Amounts in its unit: nano-dollars or requests. */
export interface BudgetStanding {
  /** `daily budget`, `daily budget of user ann`. */
  readonly title: string;
  readonly unit: 'nano-usd' | 'requests';
  readonly limit: number;
  readonly spent: number;
  /** Reserved for calls that are under way, in this process, and held by others. */
  readonly reserved: number;
  /** When it began and begins anew: Unix milliseconds. */
  readonly from: number;
  readonly to: number;
}

/** Budgets as an admission: reserves before each attempt, settles after it. */
export interface Budgets extends Admission {
  /** How a caller's budgets stand, those of models left out. Throws RouterError where the store can't be used. */
  standings(caller: Caller): readonly BudgetStanding[];
  /** Gives back what this process holds. Running calls are settled in memory only. */
  close(): void;
}

/**
 * Makes budgets. A hard budget is overspent by no more than the calls in flight times one look at their output (256 tokens) and the
 * reasoning that no provider shows before its end; docs/budgets.md has the bound in dollars.
 *
 * Throws RouterError `configuration` on a time zone that does not exist.
 *
 * @example
 * const budgets = createBudgets({ plan: { daily: usdToNano(50) }, pricing, store: ledger.budgets() });
 * const router = createRouter({ providers, pricing, ledger, admission: budgets });
 */
export function createBudgets(options: BudgetsOptions): Budgets {
  const { plan, pricing, clock = systemClock, onAlert } = options;
  const store = options.store ?? createMemoryBudgetStore();
  const linesFor = compilePlan(plan);
  const book = createAccountBook(store, clock, createCalendar(plan.timeZone));
  const forecast = createOutputForecast();
  const roughPrices = createRoughPrices(pricing);
  const isExpensive = createExpensive(options.candidates ?? (() => []), pricing);
  const rules = [...(plan.alerts ?? [])].sort((one, other) => one.threshold - other.threshold);
  const hard = plan.hard ?? true;

  let hasHistory = false;

  /** What was usual before this process began, looked up when it is first needed. */
  function learnFromHistory(): void {
    if (hasHistory) return;
    hasHistory = true;
    for (const { candidate, task, outputTokens } of store.recentOutputs?.(HISTORY) ?? []) {
      forecast.learn(candidate, task, outputTokens);
    }
  }

  function accountsOf(caller: Caller, candidate: Candidate | undefined, now: number): readonly Account[] {
    const accounts = linesFor(caller, candidate).map((line) => book.account(line, now));
    book.known(accounts);
    if (rules.length > 0) for (const account of accounts) watch(account);
    return accounts;
  }

  /** Brings the alerts of an account up to date, and tells of those that are new. */
  function watch(account: Account): void {
    if (rules.length === 0 || account.line.unit !== 'nano-usd') return;
    if (isLevel(account, rules)) return;
    for (const rule of raiseLevel(account, rules)) {
      const { scope, name, from, to } = account.place;
      const id = [scope, name, from, to, account.line.limit, rule.threshold, rule.action].join('\0');
      if (onAlert !== undefined && store.claimAlert(id, to)) onAlert({ ...standingOf(account), rule });
    }
  }

  function acting(accounts: readonly Account[], action: AlertRule['action']): string | undefined {
    for (const account of accounts) {
      if (account.level === 0) continue;
      const rule = rules.slice(0, account.level).find((one) => one.action === action);
      if (rule !== undefined) return `${shareWords(rule.threshold)} of the ${account.line.title} is spent`;
    }
    return undefined;
  }

  /** What alerts take away, whatever the request is. */
  function blocked(candidate: Candidate, accounts: readonly Account[], now: number): Removal | undefined {
    if (accounts.every(({ level }) => level === 0)) return undefined;
    const denied = acting(accounts, 'deny');
    const isFree = () => pricing.predict(candidate.facts, 1_000, 1_000, now) === 0;
    if (denied !== undefined && !isFree()) return removal(candidate, denied, accounts, now);
    const dear = acting(accounts, 'block_expensive_models');
    if (dear === undefined || !isExpensive(candidate, now)) return undefined;
    return removal(candidate, `is one of the expensive models, and ${dear}`, accounts, now);
  }

  function usedUp(candidate: Candidate, account: Account, now: number): Removal {
    const { limit, title, unit } = account.line;
    const reason =
      unit === 'requests'
        ? `its ${limit} ${title} are made`
        : account.spent >= limit
          ? `the ${title} of ${formatUsd(limit)} is used up`
          : `the ${title} of ${formatUsd(limit)} has ${formatUsd(Math.max(0, left(account)))} left, less than this request may cost`;
    return removal(candidate, reason, [account], now);
  }

  function removal(candidate: Candidate, reason: string, accounts: readonly Account[], now: number): Removal {
    const ends = accounts.map(({ place }) => place.to).filter((to) => to > now);
    const retryAfterMs = ends.length === 0 ? undefined : Math.min(...ends) - now;
    const begins = retryAfterMs === undefined ? '' : `; it begins anew in ${untilWords(retryAfterMs)}`;
    return { candidate: candidate.id, kind: 'budget', reason: `${reason}${begins}`, retryAfterMs };
  }

  /** A plan for a call, or why it can't be paid. Looks only. */
  function look(candidate: Candidate, request: AdmissionRequest & Partial<AttemptRequest>) {
    const now = clock.now();
    const accounts = accountsOf(request.caller, candidate, now);
    if (accounts.length === 0 && plan.perRequest === undefined) return undefined;
    learnFromHistory();
    const out = blocked(candidate, accounts, now);
    if (out !== undefined) return out;
    const call = planCall({ plan, pricing, roughPrices, forecast, candidate, request, accounts, now });
    if (call === undefined) {
      if (!hard || plan.unknownPrice === 'allow' || !limitsMoney(accounts)) return { accounts, call };
      const reason =
        'its price is unknown, and a budget must hold: give it cost_per_1k_tokens, or allow it with budget.unknown_price';
      return { candidate: candidate.id, kind: 'budget', reason } as const;
    }
    if (!hard) return { accounts, call };
    const { perRequest } = plan;
    if (perRequest !== undefined && call.expected > perRequest) {
      const reason = `it may cost ${formatUsd(call.expected)}, more than the ${formatUsd(perRequest)} that a request may`;
      return { candidate: candidate.id, kind: 'budget', reason } as const;
    }
    const lacking = book.lacking(
      accounts,
      accounts.map(({ line }) => (line.unit === 'requests' ? 1 : call.expected)),
    );
    return lacking === undefined ? { accounts, call } : usedUp(candidate, lacking, now);
  }

  /** A store that can't be asked leaves a hard budget no choice. */
  function guarded<Value>(candidate: Candidate, work: () => Value): Value | Removal | undefined {
    try {
      return work();
    } catch (error) {
      if (!RouterError.is(error)) throw error;
      if (!hard) return undefined;
      const message = error.message.endsWith('.') ? error.message.slice(0, -1) : error.message;
      const reason = `its budget can't be checked (${message}); budget.hard: false goes on without`;
      return { candidate: candidate.id, kind: 'budget', reason };
    }
  }

  const limitsMoney = (accounts: readonly Account[]) =>
    plan.perRequest !== undefined || accounts.some(({ line }) => line.unit === 'nano-usd');

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
        return createReservation({ ...seen, plan, hard, book, forecast, candidate, request, watch });
      });
    },
    standing(request) {
      if (rules.length === 0) return undefined;
      try {
        const accounts = accountsOf(request.caller, undefined, clock.now());
        if (accounts.every(({ level }) => level === 0)) return undefined;
        const notices = accounts.flatMap((account) => {
          const rule = rules[account.level - 1];
          return rule === undefined
            ? []
            : [`${shareWords(rule.threshold)} of the ${account.line.title} is spent (${rule.action})`];
        });
        return { cheaperFirst: acting(accounts, 'switch_to_cheaper'), notices };
      } catch (error) {
        if (RouterError.is(error)) return undefined;
        throw error;
      }
    },
    standings: (caller) => accountsOf(caller, undefined, clock.now()).map(standingOf),
    close: () => book.close(),
  };
}

function standingOf(account: Account): BudgetStanding {
  const { line, place, spent, others, reserved } = account;
  return {
    title: line.title,
    unit: line.unit,
    limit: line.limit,
    spent,
    reserved: reserved + others,
    from: place.from,
    to: place.to,
  };
}
