import { type AttemptRequest, type Candidate, formatUsd, type NanoUsd, type Reservation } from '@signalbox/core';
import { type Account, left } from './account.ts';
import type { AccountBook } from './account-book.ts';
import { type CallState, leftOfCall } from './call-state.ts';
import type { OutputForecast } from './output-forecast.ts';
import type { CallPlan } from './plan-call.ts';

export interface ReservationInput {
  /** What the request as a whole has used so far; absent: it was not said which request it is. */
  readonly state: CallState | undefined;
  /** What one request may cost. */
  readonly perRequest: NanoUsd | undefined;
  readonly hard: boolean;
  readonly book: AccountBook;
  readonly forecast: OutputForecast;
  readonly candidate: Candidate;
  readonly request: AttemptRequest;
  readonly money: readonly Account[];
  /** The accounts that count requests. */
  readonly uses: readonly Account[];
  /** Absent: the price is unknown, and that is allowed. */
  readonly call: CallPlan | undefined;
  /** Brings an account's alerts up to date. */
  readonly watch: (account: Account) => void;
}

/** Output tokens that a stream is paid ahead: what may come until the next look. */
const AHEAD = 256;

/**
 * Reserves for one attempt. A stream is given what such answers usually cost and gets more as it grows, for as long as there is any. An answer
 * that comes whole can't be stopped: as much is reserved for it as it may use, up to half of what is left, and its output is capped there.
 */
export function createReservation(input: ReservationInput): Reservation {
  const { state, perRequest, hard, book, money, uses, call, request } = input;
  let reserved = 0;
  let settled = false;

  const free = () => money.reduce((least, account) => Math.min(least, left(account)), Number.POSITIVE_INFINITY);

  function extend(amount: NanoUsd): Account | undefined {
    const lacking = book.lacking(money, amount);
    if (lacking === undefined) {
      take(amount);
    }
    return lacking;
  }

  function take(amount: NanoUsd): void {
    book.take(money, amount);
    reserved += amount;
    if (state !== undefined) state.reserved += amount;
  }

  /** What this attempt may cost, by what all others of its request cost and may cost. */
  const allowance = () => leftOfCall(perRequest, state) + (state === undefined ? 0 : reserved);

  if (uses.length > 0) book.take(uses, 0);
  let cap = Number.POSITIVE_INFINITY;
  if (call !== undefined && !hard) {
    take(call.expected);
  } else if (call !== undefined) {
    const atLeast = call.expected;
    const worst = call.price.cost(call.mostOutput);
    const whole = Math.max(atLeast, Math.min(worst, Math.floor(free() / 2), allowance()));
    if (request.stream === true || extend(whole) !== undefined) extend(atLeast);
    const payable = request.stream === true ? free() + reserved : reserved;
    cap = Math.min(
      money.length === 0 ? Number.POSITIVE_INFINITY : call.price.tokensFor(payable),
      perRequest === undefined ? Number.POSITIVE_INFINITY : call.price.tokensFor(allowance()),
    );
  }
  for (const account of money) input.watch(account);

  function end(used: NanoUsd, use: number): void {
    if (settled) return;
    settled = true;
    for (const account of money) book.settle(account, reserved, used);
    for (const account of uses) book.settle(account, 1, use);
    if (state !== undefined) {
      state.reserved -= reserved;
      state.spent += used;
      if (use > 0 && !state.asked.includes(input.candidate.id)) state.asked.push(input.candidate.id);
    }
    for (const account of money) input.watch(account);
  }

  return {
    maxOutputTokens: call === undefined ? undefined : limitOf(cap, call.mostOutput, request),
    // What comes whole is there and paid for when it could be stopped.
    mustStop:
      call === undefined || !hard || request.stream !== true
        ? undefined
        : (outputTokens) => {
            const cost = call.price.cost(outputTokens);
            if (perRequest !== undefined && cost >= allowance()) {
              return `it has cost the ${formatUsd(perRequest)} that a request may`;
            }
            if (cost < reserved - (call.price.cost(AHEAD) - call.price.cost(0))) return undefined;
            const more = call.price.cost(outputTokens + AHEAD) - reserved;
            const lacking = more <= 0 ? undefined : extend(more);
            if (lacking === undefined || cost < reserved) return undefined;
            return `the ${lacking.line.title} of ${formatUsd(lacking.line.limit)} is used up`;
          },
    settle(attempt) {
      const { usage, cost, cause } = attempt;
      if (attempt.outcome === 'success' && usage !== undefined) {
        input.forecast.learn(attempt.candidate, request.task?.type, usage.outputTokens);
      }
      // The books count requests: another try of the same model is the same request.
      end(cost?.nanoUsd ?? 0, state === undefined && (cause === 'retry' || cause === 'continuation') ? 0 : 1);
    },
    release: () => end(0, 0),
  };
}

/** The cap, where it is below what the caller and the model allow anyway: it costs the request its fastest lane. */
function limitOf(cap: number, most: number, request: AttemptRequest): number | undefined {
  if (cap >= most) return undefined;
  const asked = request.needs().maxOutputTokens;
  return asked !== undefined && asked <= cap ? undefined : Math.max(1, cap);
}
