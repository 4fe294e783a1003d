import { type Candidate, formatUsd, type NanoUsd, type Removal, type RouterError } from '@signalbox/core';
import { type Account, isOnlyHeld, left } from './account.ts';
import type { BudgetPlan } from './budget-plan.ts';
import type { CallState } from './call-state.ts';
import { untilWords } from './words.ts';

/** A refusal for the sake of one account, with when it begins anew. */
export function refusalFor(candidate: Candidate, reason: string, { place, line }: Account, now: number): Removal {
  const wait = place.to > now ? place.to - now : undefined;
  const begins = wait === undefined ? '' : `; it begins anew in ${untilWords(wait)}`;
  return {
    candidate: candidate.id,
    kind: 'budget',
    reason: `${reason}${begins}`,
    retryAfterMs: wait,
    ...(line.scope === 'candidate' ? {} : { scope: 'caller' }),
  };
}

/** Milliseconds after which what calls under way hold may be free: some end sooner, long ones later. */
const HELD_MS = 5_000;

/** An account has too little left for a call that may cost so much. */
export function usedUp(candidate: Candidate, account: Account, nanoUsd: NanoUsd, now: number): Removal {
  const { limit, title, unit, scope } = account.line;
  if (isOnlyHeld(account, nanoUsd)) {
    return {
      candidate: candidate.id,
      kind: 'budget',
      reason: `the ${title} of ${formatUsd(limit)} has ${leftWords(account)}, less than this request may cost while they last`,
      retryAfterMs: HELD_MS,
      passing: true,
      ...(scope === 'candidate' ? {} : { scope: 'caller' }),
    };
  }
  const reason =
    unit === 'requests'
      ? `its ${limit} ${title} are made`
      : account.spent >= limit
        ? `the ${title} of ${formatUsd(limit)} is used up`
        : `the ${title} of ${formatUsd(limit)} has ${leftWords(account)}, less than this request may cost`;
  return refusalFor(candidate, reason, account, now);
}

/** What others hold at the moment is not spent: it may be free again in a second. */
function leftWords(account: Account): string {
  const held = account.others + account.reserved;
  const free = formatUsd(Math.max(0, left(account)));
  return held > 0 ? `${free} free and ${formatUsd(held)} held for calls under way` : `${free} left`;
}

/** A call may cost more than is left of what one request may. */
export function tooDear(
  candidate: Candidate,
  expected: NanoUsd,
  { perRequest = 0 }: BudgetPlan,
  state: CallState | undefined,
): Removal {
  const had = state === undefined ? 0 : state.spent + state.reserved;
  const all = had === 0 ? '' : `, and its attempts so far ${formatUsd(had)}: together`;
  const reason = `it may cost ${formatUsd(expected)}${all === '' ? ',' : all} more than the ${formatUsd(perRequest)} that a request may`;
  return { candidate: candidate.id, kind: 'budget', reason };
}

/** A hard budget can't hold where nobody knows what a call costs. */
export function unknownPrice(candidate: Candidate): Removal {
  const reason =
    'its price is unknown, and a budget must hold: give it cost_per_1k_tokens, or allow it with budget.unknown_price';
  return { candidate: candidate.id, kind: 'budget', reason };
}

/** Nobody knows what was spent. */
export function unchecked(candidate: Candidate, error: RouterError): Removal {
  const message = error.message.endsWith('.') ? error.message.slice(0, -1) : error.message;
  const reason = `its budget can't be checked (${message}); budget.hard: false goes on without`;
  return { candidate: candidate.id, kind: 'budget', reason };
}
