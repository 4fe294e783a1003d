import {
  type Attempt,
  type AttemptCause,
  type Caller,
  type Cancellation,
  type Candidate,
  type Clock,
  createCancellation,
  type Decision,
  estimateTokens,
  type Health,
  type Inbound,
  type Ledger,
  type Measurements,
  type Pricing,
  ProviderError,
  type Reservation,
  RouterError,
  type StreamEncoder,
  type Vault,
} from '@signalbox/core';
import { isCallersMatter } from '../caller/caller-credentials.ts';
import type { Holders } from '../kept/holders.ts';
import { goesOnInBackground, rememberKept } from '../kept/remember-kept.ts';
import type { AnswerKeeper, KeeperFor } from '../lanes/answer-keeper.ts';
import type { Lane, LaneBatch, LaneCall, Progress } from '../lanes/lane.ts';
import { createMeter, type Meter } from '../money/meter.ts';
import { lowest } from '../money/output-cap.ts';
import { book, describeAttempt } from '../money/settle.ts';
import { onCallerAbort } from './caller-abort.ts';
import { type Deadline, startDeadline, type Timeouts } from './deadline.ts';

/** What an attempt needs beside its candidate and lane. */
export interface AttemptContext {
  readonly inbound: Inbound;
  readonly decision: Decision;
  readonly caller: Caller;
  readonly stream: boolean;
  readonly timeouts: Timeouts;
  readonly clock: Clock;
  readonly pricing: Pricing | undefined;
  readonly ledger: Ledger | undefined;
  readonly health: Health | undefined;
  readonly measurements: Measurements;
  /** Hears of each answer that came to its end. */
  readonly answered?: ((candidate: Candidate, attempt: Attempt) => void) | undefined;
  readonly reservation: Reservation | undefined;
  readonly cause: AttemptCause;
  /** The name of the key to call with, where the provider has several. */
  readonly providerKey: string | undefined;
  readonly vault: Vault | undefined;
  readonly holders: Holders;
  /** Makes what reads along, where a complete answer is to be kept. */
  readonly keeperFor?: KeeperFor | undefined;
  readonly createEncoder: () => StreamEncoder;
  /** What a candidate's output is to be limited to, where the request asks for more than it can give. */
  readonly outputCap?: ((candidate: Candidate) => number | undefined) | undefined;
  /** The caller's own abort. */
  readonly signal: AbortSignal | undefined;
  /** Gets every attempt when it is over. */
  readonly record: (attempt: Attempt) => void;
}

/**
 * One call from its beginning to its end: what is known of it, its deadline, and whom it is told to when it is over. It is settled and booked exactly once. A class: every open
 * stream has one, and would hold a closure for each of these.
 */
export class RunningAttempt<Value> {
  readonly deadline: Deadline;
  /** What the lane knows of it; absent until the request is on its way. */
  progress: Progress | undefined;
  readonly #candidate: Candidate;
  readonly #lane: Lane<Value>;
  readonly #context: AttemptContext;
  readonly #cancellation: Cancellation = createCancellation();
  readonly #keeper: AnswerKeeper | undefined;
  readonly #meter: Meter | undefined;
  readonly #forgetCaller: () => void;
  readonly #startedAt: number;
  #firstContentAt: number | undefined;
  #isSettled = false;
  #isRemembered = false;

  constructor(candidate: Candidate, lane: Lane<Value>, context: AttemptContext) {
    const { clock, reservation, timeouts, stream } = context;
    this.#candidate = candidate;
    this.#lane = lane;
    this.#context = context;
    this.#startedAt = clock.now();
    this.#keeper = context.keeperFor?.(candidate, reservation);
    this.#forgetCaller = onCallerAbort(context.signal, () => this.#abort('The caller gave the request up.'));
    this.deadline = startDeadline(clock, this.#cancellation, timeouts, stream, candidate.provider.id);
    this.#meter = createMeter(reservation, () => this.#outputTokens());
  }

  /** The call as its lane gets it. Where the caller has given up already, it is one that was aborted. */
  call(): LaneCall {
    const { inbound, providerKey, reservation, decision, outputCap, vault, caller, createEncoder, signal } =
      this.#context;
    if (signal?.aborted === true) this.#abort('The caller gave the request up.');
    return {
      candidate: this.#candidate,
      inbound,
      cancellation: this.#cancellation,
      key: providerKey,
      answered: (headers) => reservation?.answered?.(headers),
      needs: decision.needs,
      maxOutputTokens: lowest(reservation?.maxOutputTokens, outputCap?.(this.#candidate)),
      vault,
      tenant: caller.tenant,
      keeper: this.#keeper,
      createEncoder,
      begin: (started) => {
        this.progress = started;
      },
    };
  }

  /** Notes what came of a stream. Throws RouterError `budget` where it must stop. */
  came({ content, progress }: LaneBatch<Value>): void {
    if (content || progress === true) this.contentCame();
  }

  /** Throws RouterError `budget` where the stream must stop. */
  contentCame(): void {
    if (this.#firstContentAt === undefined) {
      this.#firstContentAt = this.#context.clock.now();
      this.rememberBegun();
    }
    this.deadline.content();
    this.#meter?.content();
  }

  /** While it is still being made: others may ask for it, or cancel it; and who reads its last event may not wait for the end behind it. */
  rememberBegun(): void {
    if (this.#isRemembered || this.#lane.whole !== undefined || this.progress?.id === undefined) return;
    this.#isRemembered = true;
    rememberKept(this.#candidate, undefined, this.progress, this.#context);
  }

  /** The answer is there as a whole. */
  complete(): void {
    this.#settle(undefined);
  }

  /** Ends it with any failure, and throws what is to be said of it. What is no ProviderError is a fault of ours, and not hidden; a RouterError is the caller's. */
  fail(error: unknown): never {
    const failure = ProviderError.is(error) ? error : asProviderError(error, this.#candidate.provider.id);
    this.#settle(failure);
    // Frees the connection whatever the reason was.
    this.#cancellation.abort(failure);
    throw RouterError.is(error) ? error : failure;
  }

  /** Nobody reads any more. */
  stopped(): void {
    if (this.#isSettled) return;
    this.#abort('The caller gave the request up.');
    this.#settle(this.#aborted('The caller stopped reading.'));
  }

  #abort(message: string): void {
    this.#cancellation.abort(this.#aborted(message));
  }

  #aborted(message: string): ProviderError {
    return new ProviderError({ kind: 'aborted', provider: this.#candidate.provider.id, message });
  }

  #outputTokens(): number {
    return this.progress?.outputTokens?.() ?? estimateTokens(this.progress?.outputText() ?? '');
  }

  #settle(error: ProviderError | undefined): void {
    if (this.#isSettled) return;
    this.#isSettled = true;
    this.deadline.stop();
    this.#forgetCaller();
    const context = this.#context;
    const attempt = this.#described(error);
    // First the books: an alert that begins by this attempt is seen by other programs, which look there whether its share is spent.
    book(context.ledger, context.decision, attempt, context.caller);
    context.reservation?.settle(attempt);
    this.#tellHealth(error, attempt);
    if (error === undefined) context.answered?.(this.#candidate, attempt);
    rememberKept(this.#candidate, attempt, this.progress, context);
    // What is still being made says nothing of how fast that is.
    const isMade = this.progress?.id === undefined || !goesOnInBackground(attempt, context.inbound);
    if (isMade && !this.#isNoFault(error)) context.measurements.record(attempt, this.deadline.longestGapMs());
    context.record(attempt);
    if (error === undefined) this.#keeper?.complete(attempt);
  }

  #described(error: ProviderError | undefined): Attempt {
    const { clock, inbound, decision, cause, providerKey, pricing } = this.#context;
    return describeAttempt(
      {
        candidate: this.#candidate,
        lane: this.#lane.name,
        startedAt: this.#startedAt,
        endedAt: clock.now(),
        firstContentAt: this.#firstContentAt,
        progress: this.progress,
        error,
        inbound,
        needs: decision.needs,
        cause,
        providerKey,
      },
      pricing,
    );
  }

  /** Whether it failed by what says nothing of the provider: a caller's abort, or its own credential. */
  #isNoFault(error: ProviderError | undefined): boolean {
    return error !== undefined && (error.kind === 'aborted' || isCallersMatter(this.#candidate, error));
  }

  #tellHealth(error: ProviderError | undefined, attempt: Attempt): void {
    const { health, clock } = this.#context;
    if (error === undefined) health?.succeeded(this.#candidate, attempt);
    else if (this.#isNoFault(error)) health?.neutral?.(this.#candidate, attempt);
    else health?.failed(this.#candidate, error, clock.now(), attempt);
  }
}

function asProviderError(error: unknown, provider: string): ProviderError {
  // Our own stop: no fault of the provider's, and no other one is to go on.
  if (RouterError.is(error) && error.kind === 'budget')
    return new ProviderError({ kind: 'aborted', provider, message: error.message, cause: error });
  if (RouterError.is(error))
    return new ProviderError({ kind: 'invalid-request', provider, message: error.message, cause: error });
  const reason = error instanceof Error ? error.message : String(error);
  return new ProviderError({
    kind: 'unknown',
    provider,
    message: `${provider}: the answer could not be handled (${reason}).`,
    cause: error,
  });
}
