import {
  type Attempt,
  type AttemptRequest,
  type Candidate,
  formatUsd,
  type NanoUsd,
  type Reservation,
} from '@signalbox/core';
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
  const { call, hard, request } = input;
  // What comes whole is there and paid for when it could be stopped.
  return call === undefined || !hard || request.stream !== true
    ? new AttemptReservation(input)
    : new StreamReservation(input, call);
}

/** A class: made for each attempt, an object of closures takes as long as all that they do. */
class AttemptReservation implements Reservation {
  readonly maxOutputTokens: number | undefined;
  protected readonly input: ReservationInput;
  protected reserved = 0;
  private settled = false;

  constructor(input: ReservationInput) {
    this.input = input;
    const { hard, book, uses, call, request } = input;
    if (uses.length > 0) book.take(uses, 0);
    let cap = Number.POSITIVE_INFINITY;
    if (call !== undefined && !hard) this.take(call.expected);
    else if (call !== undefined) cap = this.takeWhatIsThere(call);
    this.maxOutputTokens = call === undefined ? undefined : limitOf(cap, call.mostOutput, request);
    this.watchAll();
  }

  settle(attempt: Attempt): void {
    const { usage, cost, cause } = attempt;
    const { forecast, request, state } = this.input;
    if (attempt.outcome === 'success' && usage !== undefined) {
      forecast.learn(attempt.candidate, request.task?.type, usage.outputTokens);
    }
    // The books count requests: another try of the same model is the same request.
    this.end(cost?.nanoUsd ?? 0, state === undefined && (cause === 'retry' || cause === 'continuation') ? 0 : 1);
  }

  release(): void {
    this.end(0, 0);
  }

  /** Answers the tokens of output that it pays for. */
  private takeWhatIsThere({ expected, price, mostOutput }: CallPlan): number {
    const { perRequest, money, request } = this.input;
    const streams = request.stream === true;
    const allowance = this.allowance();
    const least = Math.min(expected, allowance);
    const whole = Math.max(least, Math.min(price.cost(mostOutput), Math.floor(this.free() / 2), allowance));
    if (streams || this.extend(whole) !== undefined) this.extend(least);
    const payable = streams ? this.free() + this.reserved : this.reserved;
    return Math.min(
      money.length === 0 ? Number.POSITIVE_INFINITY : price.tokensFor(payable),
      perRequest === undefined ? Number.POSITIVE_INFINITY : price.tokensFor(this.allowance()),
    );
  }

  private free(): NanoUsd {
    let least = Number.POSITIVE_INFINITY;
    for (const account of this.input.money) least = Math.min(least, left(account));
    return least;
  }

  protected extend(amount: NanoUsd): Account | undefined {
    const lacking = this.input.book.lacking(this.input.money, amount);
    if (lacking === undefined) this.take(amount);
    return lacking;
  }

  private take(amount: NanoUsd): void {
    const { book, money, state } = this.input;
    book.take(money, amount);
    this.reserved += amount;
    if (state !== undefined) state.reserved += amount;
  }

  /** What this attempt may cost, by what all others of its request cost and may cost. */
  protected allowance(): NanoUsd {
    const { perRequest, state } = this.input;
    return leftOfCall(perRequest, state) + (state === undefined ? 0 : this.reserved);
  }

  private end(used: NanoUsd, use: number): void {
    if (this.settled) return;
    this.settled = true;
    const { book, money, uses, state, candidate } = this.input;
    for (const account of money) book.settle(account, this.reserved, used);
    for (const account of uses) book.settle(account, 1, use);
    if (state !== undefined) {
      state.reserved -= this.reserved;
      state.spent += used;
      if (use > 0 && !state.asked.includes(candidate.id)) state.asked.push(candidate.id);
    }
    this.watchAll();
  }

  private watchAll(): void {
    for (const account of this.input.money) this.input.watch(account);
  }
}

/** Of an answer that comes in pieces, so that it can be stopped where its money ends. */
class StreamReservation extends AttemptReservation {
  private readonly call: CallPlan;

  constructor(input: ReservationInput, call: CallPlan) {
    super(input);
    this.call = call;
  }

  mustStop(outputTokens: number): string | undefined {
    const { price } = this.call;
    const { perRequest } = this.input;
    const cost = price.cost(outputTokens);
    if (perRequest !== undefined && cost >= this.allowance()) {
      return `it has cost the ${formatUsd(perRequest)} that a request may`;
    }
    if (cost < this.reserved - (price.cost(AHEAD) - price.cost(0))) return undefined;
    const more = price.cost(outputTokens + AHEAD) - this.reserved;
    const lacking = more <= 0 ? undefined : this.extend(more);
    if (lacking === undefined || cost < this.reserved) return undefined;
    return `the ${lacking.line.title} of ${formatUsd(lacking.line.limit)} is used up`;
  }
}

/** The cap, where it is below what the caller and the model allow anyway: it costs the request its fastest lane. */
function limitOf(cap: number, most: number, request: AttemptRequest): number | undefined {
  if (cap >= most) return undefined;
  const asked = request.needs().maxOutputTokens;
  return asked !== undefined && asked <= cap ? undefined : Math.max(1, cap);
}
