import {
  type Attempt,
  type AttemptCause,
  type Caller,
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
  type TranslationNote,
  type Vault,
} from '@signalbox/core';
import { isCallersMatter } from '../caller/caller-credentials.ts';
import type { Holders } from '../kept/holders.ts';
import { goesOnInBackground, rememberKept } from '../kept/remember-kept.ts';
import type { KeeperFor } from '../lanes/answer-keeper.ts';
import type { BrokenAnswer, Lane, LaneBatch, LaneCall, Progress } from '../lanes/lane.ts';
import { createMeter } from '../money/meter.ts';
import { lowest } from '../money/output-cap.ts';
import { book, describeAttempt } from '../money/settle.ts';
import { AnswerReader } from './answer-reader.ts';
import { onCallerAbort } from './caller-abort.ts';
import { startDeadline, type Timeouts } from './deadline.ts';

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

/** An answer whose first content is there: from here on a failure can't be hidden from the caller. */
export interface OpenAnswer<Value> {
  /** What could not be carried over into the provider's format as it was. */
  readonly notes: readonly TranslationNote[];
  readonly lane: Lane<Value>['name'];
  /** What writes the caller's stream, where it is written anew. */
  encoder(): StreamEncoder | undefined;
  /** What the caller has of it, where an answer that broke off could be continued. */
  brokenAnswer(): BrokenAnswer | undefined;
  /** The one value of an answer that is there already as a whole, and settled. */
  readonly whole?: Value | undefined;
  /** The answer's values. To be read once; giving up early aborts the call. Throws ProviderError. */
  values(): AsyncIterableIterator<Value, undefined>;
}

/**
 * Makes one call and waits for its first content. Throws ProviderError when the call fails before that; either way the
 * attempt is settled and booked exactly once, when it is over.
 */
export async function runAttempt<Value>(
  candidate: Candidate,
  lane: Lane<Value>,
  context: AttemptContext,
): Promise<OpenAnswer<Value>> {
  const { clock, inbound, signal } = context;
  const provider = candidate.provider.id;
  const cancellation = createCancellation();
  const startedAt = clock.now();
  const keeper = context.keeperFor?.(candidate, context.reservation);
  let firstContentAt: number | undefined;
  let progress: Progress | undefined;
  let settled = false;
  let isRemembered = false;

  const abortByCaller = () =>
    cancellation.abort(new ProviderError({ kind: 'aborted', provider, message: 'The caller gave the request up.' }));
  const forget = onCallerAbort(signal, abortByCaller);
  const deadline = startDeadline(clock, cancellation, context.timeouts, context.stream, provider);

  function settle(error: ProviderError | undefined): void {
    if (settled) return;
    settled = true;
    deadline.stop();
    forget();
    const attempt = describeAttempt(
      {
        candidate,
        lane: lane.name,
        startedAt,
        endedAt: clock.now(),
        firstContentAt,
        progress,
        error,
        inbound,
        needs: context.decision.needs,
        cause: context.cause,
        providerKey: context.providerKey,
      },
      context.pricing,
    );
    // First the books: an alert that begins by this attempt is seen by other programs, which look there whether its share is spent.
    book(context.ledger, context.decision, attempt, context.caller);
    context.reservation?.settle(attempt);
    if (error === undefined) {
      context.health?.succeeded(candidate, attempt);
      context.answered?.(candidate, attempt);
    }
    rememberKept(candidate, attempt, progress, context);
    const saysNothing = error !== undefined && (error.kind === 'aborted' || isCallersMatter(candidate, error));
    if (saysNothing) context.health?.neutral?.(candidate, attempt);
    else if (error !== undefined) context.health?.failed(candidate, error, clock.now(), attempt);
    // What is still being made says nothing of how fast that is.
    if (!saysNothing && (progress?.id === undefined || !goesOnInBackground(attempt, inbound)))
      context.measurements.record(attempt, deadline.longestGapMs());
    context.record(attempt);
    if (error === undefined) keeper?.complete(attempt);
  }

  /** Ends the attempt with any failure. What is no ProviderError is a fault of ours, and not hidden; a RouterError is the caller's. */
  function fail(error: unknown): never {
    const failure = ProviderError.is(error) ? error : asProviderError(error, provider);
    settle(failure);
    // Frees the connection whatever the reason was.
    cancellation.abort(failure);
    throw RouterError.is(error) ? error : failure;
  }

  const call: LaneCall = {
    candidate,
    inbound,
    cancellation,
    key: context.providerKey,
    answered: (headers) => context.reservation?.answered?.(headers),
    needs: context.decision.needs,
    maxOutputTokens: lowest(context.reservation?.maxOutputTokens, context.outputCap?.(candidate)),
    vault: context.vault,
    tenant: context.caller.tenant,
    keeper,
    createEncoder: context.createEncoder,
    begin: (started) => {
      progress = started;
    },
  };

  const outputTokens = () => progress?.outputTokens?.() ?? estimateTokens(progress?.outputText() ?? '');
  const meter = createMeter(context.reservation, outputTokens);

  function contentCame(): void {
    if (firstContentAt === undefined) {
      firstContentAt = clock.now();
      rememberBegun();
    }
    deadline.content();
    meter?.content();
  }

  /** While it is still being made: others may ask for it, or cancel it; and who reads its last event may not wait for the end behind it. */
  function rememberBegun(): void {
    if (isRemembered || lane.whole !== undefined || progress?.id === undefined) return;
    isRemembered = true;
    rememberKept(candidate, undefined, progress, context);
  }

  if (lane.whole !== undefined) {
    let value: Value;
    try {
      if (signal?.aborted === true) abortByCaller();
      value = await lane.whole(call);
      contentCame();
    } catch (error) {
      fail(error);
    }
    settle(undefined);
    return {
      notes: progress?.notes ?? [],
      lane: lane.name,
      encoder: () => progress?.encoder,
      brokenAnswer: () => undefined,
      whole: value,
      values: () => once(value),
    };
  }

  /** Notes what came; gives nothing at the end. */
  function take(result: IteratorResult<LaneBatch<Value>, void>): LaneBatch<Value> | undefined {
    if (result.done === true) {
      settle(undefined);
      return undefined;
    }
    if (result.value.content || result.value.progress === true) contentCame();
    return result.value;
  }

  const held: Value[] = [];
  let batches: AsyncIterator<LaneBatch<Value>, void>;
  try {
    if (signal?.aborted === true) abortByCaller();
    batches = lane.open(call);
    for (;;) {
      const batch = take(await batches.next());
      if (batch === undefined) break;
      held.push(batch.value);
      if (batch.content) break;
      // An answer in the background is there as soon as it has an id: its content may be long in coming, and nobody else is to make it a second time.
      if (inbound.head.background !== true || progress?.id === undefined) continue;
      rememberBegun();
      break;
    }
  } catch (error) {
    fail(error);
  }

  return {
    notes: progress?.notes ?? [],
    lane: lane.name,
    encoder: () => progress?.encoder,
    brokenAnswer: () => progress?.brokenAnswer?.(),
    values: () =>
      new AnswerReader({
        held,
        batches,
        take,
        deadline,
        fail,
        stopped() {
          if (settled) return;
          abortByCaller();
          settle(new ProviderError({ kind: 'aborted', provider, message: 'The caller stopped reading.' }));
        },
      }),
  };
}

async function* once<Value>(value: Value): AsyncGenerator<Value, undefined> {
  yield value;
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
