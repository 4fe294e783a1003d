import { type BudgetStanding, type Caller, RouterError, type WireFormat } from '@signalbox/core';
import { anthropicMessages } from '@signalbox/format-anthropic';
import type { ApiOptions } from './api-options.ts';

/** Shares from which on Claude Code tells its user, the highest first (its contract, November 2026). */
const THRESHOLDS = [0.95, 0.75] as const;
/** A caller who is let in is below its cap, whatever its last call went over it. */
const MOST_WHILE_ALLOWED = 0.999;

const seconds = (milliseconds: number) => String(Math.ceil(milliseconds / 1_000));

/** The share of a budget that is spent, 0 and more. What is reserved at this moment comes back for the most part: it would make the figure jump. */
export function usedShare({ limit, spent }: BudgetStanding): number {
  return limit === 0 ? 1 : spent / limit;
}

/** Budgets in money alone, the fullest first; of two that are equally full the one that resets last. */
export function fullestFirst(standings: readonly BudgetStanding[]): readonly BudgetStanding[] {
  const full = (one: BudgetStanding) => Math.min(1, usedShare(one));
  return standings
    .filter(({ unit }) => unit === 'nano-usd')
    .toSorted((one, other) => full(other) - full(one) || other.to - one.to);
}

/** What an answer says of its caller's fullest budget, in the headers that Claude Code shows; nothing for a caller without one. */
function standingHeaders(standings: readonly BudgetStanding[]): Record<string, string> {
  const [fullest] = fullestFirst(standings);
  if (fullest === undefined) return {};
  const share = Math.min(MOST_WHILE_ALLOWED, usedShare(fullest));
  const passed = THRESHOLDS.find((threshold) => share >= threshold);
  const status = passed === undefined ? 'allowed' : 'allowed_warning';
  return {
    'anthropic-ratelimit-unified-status': status,
    'anthropic-ratelimit-unified-representative-claim': 'overage',
    'anthropic-ratelimit-unified-overage-status': status,
    'anthropic-ratelimit-unified-overage-utilization': String(Number(share.toFixed(3))),
    ...(passed === undefined ? {} : { 'anthropic-ratelimit-unified-overage-surpassed-threshold': String(passed) }),
    'anthropic-ratelimit-unified-reset': seconds(fullest.to),
    'anthropic-ratelimit-unified-overage-reset': seconds(fullest.to),
    ...poolOf(fullest),
  };
}

/**
 * What a refusal says for lack of money. `representative-claim` and `overage-status` are left out: with them Claude Code shows a sentence of its own in the place
 * of ours.
 */
function spentHeaders(standings: readonly BudgetStanding[], now: number): Record<string, string> {
  const [blocking] = fullestFirst(standings);
  if (blocking === undefined) return {};
  return {
    // Of several budgets that are used up, the one that lasts longest says when to come back.
    'retry-after': String(Math.max(1, Math.ceil((blocking.to - now) / 1_000))),
    'anthropic-ratelimit-unified-status': 'rejected',
    'anthropic-ratelimit-unified-reset': seconds(blocking.to),
    'anthropic-ratelimit-unified-overage-reset': seconds(blocking.to),
    'anthropic-ratelimit-unified-overage-utilization': '1',
    'anthropic-ratelimit-unified-overage-surpassed-threshold': '1',
    'anthropic-ratelimit-unified-overage-period': periodOf(blocking),
    'anthropic-ratelimit-unified-overage-disabled-reason': 'org_spend_cap_reached',
    ...poolOf(blocking),
  };
}

/** What a refusal says where nobody can know what was spent. */
const UNKNOWN_STANDING: Readonly<Record<string, string>> = {
  'anthropic-ratelimit-unified-status': 'rejected',
  'anthropic-ratelimit-unified-overage-disabled-reason': 'fetch_error',
};

const POOLS: ReadonlySet<BudgetStanding['scope']> = new Set(['all', 'tag']);

/** A budget that others spend as well is said to be one: the caller need not have used it up. */
function poolOf({ scope }: BudgetStanding): Record<string, string> {
  return POOLS.has(scope) ? { 'anthropic-ratelimit-unified-overage-scope': 'group_pool' } : {};
}

export function periodOf({ period }: BudgetStanding): 'daily' | 'monthly' {
  return period === 'day' ? 'daily' : 'monthly';
}

type Asks = Pick<ApiOptions, 'standings'>;

/** What an answer says of its caller's budgets, in the API whose clients read it. */
export function standingOf(caller: Caller, format: WireFormat, { standings }: Asks): Record<string, string> {
  if (standings === undefined || format !== anthropicMessages) return {};
  try {
    return standingHeaders(standings(caller));
  } catch (error) {
    // The answer is there; what can't be known is not said.
    if (RouterError.is(error)) return {};
    throw error;
  }
}

/** What a refusal says of them, where it is one for lack of money. */
export function refusalOf(
  error: unknown,
  caller: Caller,
  format: WireFormat,
  { standings }: Asks,
): Record<string, string> {
  if (standings === undefined || format !== anthropicMessages) return {};
  if (!RouterError.is(error) || error.kind !== 'budget') return {};
  try {
    const found = standings(caller);
    return error.scope === 'caller' ? spentHeaders(found, Date.now()) : {};
  } catch (fault) {
    if (RouterError.is(fault)) return UNKNOWN_STANDING;
    throw fault;
  }
}
