import {
  type Admission,
  type Attempt,
  type AttemptCause,
  type AttemptRequest,
  type Candidate,
  type Decision,
  ProviderError,
  type ProviderErrorKind,
  type Removal,
  type Reservation,
  RouterError,
  UnansweredRequest,
} from '@signalbox/core';
import type { Affinity, HeldState } from '../choice/affinity.ts';
import { holdersKey, isKeyGone, withGoneKey } from '../kept/holders-key.ts';
import type { Lane } from '../lanes/lane.ts';
import { whyNotCanonical } from '../lanes/why-not-canonical.ts';
import { lazyNeeds, type Reserved, reserve } from '../money/reserve.ts';
import type { Timeouts } from './deadline.ts';
import type { ExtraCalls } from './extra-calls.ts';
import { type RetryPolicy, retryWait } from './retry-policy.ts';
import { type OpenAnswer, runAttempt } from './run-attempt.ts';
import type { AttemptContext } from './running-attempt.ts';

/** Picks the lane for a candidate, knowing the limit that its reservation sets. */
export type LaneChoice<Value> = (candidate: Candidate, reservation: Reservation | undefined) => Lane<Value>;

/** What the attempts of one request share, whoever is asked. */
export interface AskContext
  extends Omit<
    AttemptContext,
    'reservation' | 'decision' | 'record' | 'timeouts' | 'cause' | 'providerKey' | 'signal'
  > {
  readonly affinity: Affinity;
  readonly strict: boolean;
  readonly retry: RetryPolicy;
  /** What is left for retries. */
  readonly budget: ExtraCalls;
  readonly random: () => number;
  /** Unix milliseconds: when the caller will have given up. */
  readonly waitsUntil: number | undefined;
  readonly timeouts: (candidate: Candidate, othersLeft: boolean) => Timeouts;
  readonly admission: Admission | undefined;
  /** Gets every attempt when it is over. */
  readonly attempts: Attempt[];
  /** Stands for the request as a whole where something is reserved for it. */
  readonly call: object;
}

/** How one candidate is asked: as what, and for how long. */
export interface Turn {
  /** As it is known by then, with those who were refused before. */
  readonly decision: Decision;
  /** Why it is asked; the calls behind its first are retries. */
  readonly cause: AttemptCause;
  readonly othersLeft: boolean;
  /** Milliseconds that an attempt may wait for its turn at a rate limit. */
  readonly queueMs: number;
  /** The caller's abort, or that of a race which another one won. */
  readonly signal: AbortSignal | undefined;
}

/** What came of a turn: an answer, no call at all, or the failure of the last one. */
export type Outcome<Value> =
  | { readonly answer: OpenAnswer<Value> }
  | { readonly refusal: Removal }
  | { readonly error: ProviderError };

/**
 * Asks one candidate as often as its keys and the retry policy allow, until it gives its first content. Throws RouterError `aborted` when the caller gives up.
 */
export async function tryCandidate<Value>(
  candidate: Candidate,
  turn: Turn,
  chooseLane: LaneChoice<Value>,
  context: AskContext,
): Promise<Outcome<Value>> {
  const needs = lazyNeeds(turn.decision, context.inbound);
  // Attempts that count: a call with another key because the first was refused is no retry.
  let made = 1;
  let calls = 0;
  let failed: ProviderError | undefined;
  for (;;) {
    const given = reserveCall(candidate, turn, needs, calls === 0, context);
    const reserved = given instanceof Promise ? await given : given;
    // What the provider said of an attempt that was made says more than why there is no second one.
    if ('kind' in reserved) return failed === undefined ? { refusal: reserved } : { error: failed };
    const lane = chooseLane(candidate, reserved.reservation);
    const refusal = whyNotCanonical(candidate, lane, context);
    if (refusal !== undefined) {
      reserved.reservation?.release();
      return { refusal };
    }
    try {
      return { answer: await runAttempt(candidate, lane, attemptOf(candidate, turn, reserved, calls > 0, context)) };
    } catch (error) {
      if (!ProviderError.is(error)) throw error;
      if (error.kind === 'aborted') throw callerAborted(error);
      failed = explained(error, candidate, context);
      calls += 1;
      if (hasAnotherKey(candidate, calls, error, context)) continue;
      const wait = waitForRetry(candidate, turn, error, made, context);
      if (wait === undefined) return { error: failed };
      await sleep(wait, context, turn.signal);
      made += 1;
    }
  }
}

/** Reserves what a call may use; the first goes to the key that holds what the request goes on from. */
function reserveCall(
  candidate: Candidate,
  { decision, othersLeft, queueMs, signal }: Turn,
  needs: AttemptRequest['needs'],
  isFirst: boolean,
  context: AskContext,
): ReturnType<typeof reserve> {
  const held = isFirst ? heldHere(candidate, context) : undefined;
  const wanted = {
    call: context.call,
    caller: context.caller,
    needs,
    task: decision.task,
    bytes: context.inbound.wire?.body.length,
    stream: context.stream,
    patienceMs: othersLeft ? 0 : Math.min(queueMs, patienceLeft(context) ?? queueMs),
    signal,
  };
  return reserve(candidate, wanted, context, held && holdersKey(candidate.provider, held.holder));
}

/** With every member named, so that none is forgotten where an object is copied member by member. */
type Whole<Context> = { readonly [Name in keyof Required<Context>]: Context[Name] };

/** Member by member: copying so large an object takes longer than all else that is done for an attempt here. */
function attemptOf(
  candidate: Candidate,
  turn: Turn,
  { reservation, providerKey }: Reserved,
  isRetry: boolean,
  context: AskContext,
): Whole<AttemptContext> {
  return {
    inbound: context.inbound,
    caller: context.caller,
    stream: context.stream,
    clock: context.clock,
    pricing: context.pricing,
    ledger: context.ledger,
    health: context.health,
    measurements: context.measurements,
    vault: context.vault,
    holders: context.holders,
    keeperFor: context.keeperFor,
    answered: context.answered,
    createEncoder: context.createEncoder,
    outputCap: context.outputCap,
    signal: turn.signal,
    timeouts: context.timeouts(candidate, turn.othersLeft),
    decision: turn.decision,
    reservation,
    providerKey,
    cause: isRetry ? 'retry' : turn.cause,
    record: (attempt) => context.attempts.push(attempt),
  };
}

/** Milliseconds until the same candidate is asked again; undefined: it is not. What is left for retries is one less then. */
function waitForRetry(
  candidate: Candidate,
  { othersLeft }: Turn,
  error: ProviderError,
  made: number,
  context: AskContext,
): number | undefined {
  const random = context.random();
  const wait = retryWait(context.retry, { error, made, othersLeft, random, patienceMs: patienceLeft(context) });
  const given = wait !== undefined && isAllowed(candidate, othersLeft, context) && context.budget.withdraw();
  return given ? wait : undefined;
}

/** What a request goes on from that this provider keeps. */
function heldHere({ provider }: Candidate, { affinity, inbound }: AskContext): HeldState | undefined {
  return affinity.heldBy(inbound).find(({ holder }) => holder.provider === provider.id);
}

/** The provider's word for it, and why, where the key is gone that the request would need. */
function explained(error: ProviderError, candidate: Candidate, context: AskContext): ProviderError {
  const held = heldHere(candidate, context);
  if (held === undefined || !isKeyGone(candidate.provider, held.holder)) return error;
  return withGoneKey(error, `What ${held.parameter} names`, candidate.provider);
}

/** Failures of a key, not of the endpoint. */
const OF_A_KEY: ReadonlySet<ProviderErrorKind> = new Set(['authentication', 'permission', 'quota', 'rate-limit']);

/** Whether the call can be made at once with another key of the same provider. */
function hasAnotherKey(
  candidate: Candidate,
  tried: number,
  error: ProviderError,
  { health, clock }: AskContext,
): boolean {
  if (tried >= (candidate.provider.keys?.length ?? 1) || !OF_A_KEY.has(error.kind)) return false;
  return health?.unavailable(candidate, clock.now()) === undefined;
}

/** Whether the breaker lets the same candidate be asked again. Where nobody else is left it is asked whatever the breaker says. */
function isAllowed(candidate: Candidate, othersLeft: boolean, { health, clock }: AskContext): boolean {
  return !othersLeft || health?.unavailable(candidate, clock.now()) === undefined;
}

/** Milliseconds that the caller still waits, where that is known. */
function patienceLeft({ waitsUntil, clock }: AskContext): number | undefined {
  return waitsUntil === undefined ? undefined : Math.max(0, waitsUntil - clock.now());
}

/** Waits, unless the caller gives up before. */
function sleep(milliseconds: number, { clock }: AskContext, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = () => {
      cancel();
      reject(callerAborted());
    };
    const cancel = clock.after(milliseconds, () => {
      signal?.removeEventListener('abort', abort);
      resolve();
    });
    if (signal?.aborted === true) abort();
    else signal?.addEventListener('abort', abort, { once: true });
  });
}

/** The end of a request whose caller went away. */
export function callerAborted(cause?: unknown): RouterError {
  return new RouterError({ kind: 'aborted', message: 'The request was given up by the caller.', cause });
}

/** Why a request has no answer; of one that its caller gave up also what was done for it until then. */
export function withAttempts(error: unknown, decision: Decision, attempts: readonly Attempt[]): unknown {
  return RouterError.is(error) && error.kind === 'aborted' ? new UnansweredRequest(decision, attempts, error) : error;
}
