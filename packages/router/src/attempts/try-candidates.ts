import {
  type Admission,
  AllCandidatesFailed,
  type Attempt,
  type AttemptCause,
  type Candidate,
  type Decision,
  ProviderError,
  type ProviderErrorKind,
  type Removal,
  type Reservation,
  RouterError,
} from '@signalbox/core';
import type { Affinity, HeldState } from '../choice/affinity.ts';
import type { Decided } from '../choice/decide.ts';
import { noCandidate } from '../choice/no-candidate.ts';
import { holdersKey, isKeyGone, withGoneKey } from '../kept/holders-key.ts';
import type { Lane } from '../lanes/lane.ts';
import { inCallersFormat } from '../lanes/spoken-format.ts';
import { whyNotCanonical } from '../lanes/why-not-canonical.ts';
import { lazyNeeds, reserve } from '../money/reserve.ts';
import type { Timeouts } from './deadline.ts';
import type { ExtraCalls } from './extra-calls.ts';
import { type Hedging, race } from './hedge.ts';
import { type RetryPolicy, retryWait } from './retry-policy.ts';
import { type AttemptContext, type OpenAnswer, runAttempt } from './run-attempt.ts';

/** An answer and who gives it. */
export interface Answered<Value> {
  readonly candidate: Candidate;
  /** The decision that was given, with those who were refused when their turn came (a budget, a limit) among the removed. */
  readonly decision: Decision;
  readonly answer: OpenAnswer<Value>;
}

/** Picks the lane for a candidate, knowing the limit that its reservation sets. */
export type LaneChoice<Value> = (candidate: Candidate, reservation: Reservation | undefined) => Lane<Value>;

/** What all attempts of one request share. */
export interface TryContext
  extends Omit<AttemptContext, 'reservation' | 'decision' | 'record' | 'timeouts' | 'cause' | 'providerKey'> {
  readonly affinity: Affinity;
  readonly strict: boolean;
  readonly retry: RetryPolicy;
  /** What is left for retries. */
  readonly budget: ExtraCalls;
  /** Asks the next candidate too where one is silent for so long; absent: never. */
  readonly hedge?: Hedging | undefined;
  readonly random: () => number;
  /** Unix milliseconds: when the caller will have given up. */
  readonly waitsUntil: number | undefined;
  readonly timeouts: (candidate: Candidate, othersLeft: boolean) => Timeouts;
  readonly admission: Admission | undefined;
  /** Milliseconds that an attempt may wait for its turn at a rate limit where nobody else could answer. */
  readonly queueMs: number;
  /** Gets every attempt when it is over. */
  readonly attempts: Attempt[];
}

/**
 * Tries the candidates of a decision in their order, each as often as the retry policy says, until one gives its first content. This is the
 * only place where calls are repeated. Throws RouterError `aborted` when the caller gives up, `no-candidate` when nobody is left, and
 * AllCandidatesFailed with every attempt otherwise.
 */
export async function tryCandidates<Value>(
  decided: Decided,
  chooseLane: LaneChoice<Value>,
  context: TryContext,
): Promise<Answered<Value>> {
  const { decision, order } = decided;
  let refused: Removal[] = [];
  let last: ProviderError | undefined;
  let tooSmall: number | undefined;
  context.budget.deposit();
  context.hedge?.calls.deposit();
  const all = order.map((listed) => inCallersFormat(listed, context.inbound));
  const left = [...all];
  // Nobody waits at a limit before everybody has been asked.
  const queueMs = all.length > 1 ? 0 : context.queueMs;
  for (let candidate = left.shift(); candidate !== undefined; candidate = left.shift()) {
    // A request that was too long for one window is too long for every window that is no larger.
    if (tooSmall !== undefined && (candidate.facts.contextWindow ?? Number.POSITIVE_INFINITY) <= tooSmall) continue;
    const [next] = left;
    const turn = (one: Candidate, others: boolean, cause: AttemptCause, signal: AbortSignal | undefined) =>
      tryCandidate(
        one,
        others,
        cause,
        withRefused(decision, refused),
        chooseLane,
        queueMs === context.queueMs && signal === context.signal ? context : { ...context, queueMs, signal },
      );
    const cause = context.attempts.length === 0 ? 'first' : 'failover';
    let outcome: Outcome<Value>;
    if (context.hedge === undefined || next === undefined) {
      outcome = await turn(candidate, next !== undefined, cause, context.signal);
    } else {
      const { afterMs, calls } = context.hedge;
      const one = candidate;
      const { winner, secondStarted, ...raced } = await race<Outcome<Value>>(
        { run: (signal) => turn(one, true, cause, signal) },
        { run: (signal) => turn(next, left.length > 1, 'hedge', signal) },
        { clock: context.clock, afterMs, mayStart: calls.withdraw, wins: hasAnswer, signal: context.signal },
      );
      if (secondStarted) left.shift();
      if (winner === 'second') candidate = next;
      outcome = raced.outcome;
    }
    if ('answer' in outcome) return { candidate, decision: withRefused(decision, refused), answer: outcome.answer };
    if ('refusal' in outcome) {
      refused.push(outcome.refusal);
      continue;
    }
    last = outcome.error;
    if (!last.failsOver) break;
    if (last.kind === 'context-length') tooSmall = candidate.facts.contextWindow;
  }
  const limited = last?.failsOver === false || all.length < 2 ? undefined : soonestFree(all, refused);
  if (limited !== undefined) {
    const cause = context.attempts.length === 0 ? 'first' : 'failover';
    refused = refused.filter((one) => one.candidate !== limited.id);
    const known = withRefused(decision, refused);
    const outcome = await tryCandidate(limited, false, cause, known, chooseLane, context);
    if ('answer' in outcome) return { candidate: limited, decision: known, answer: outcome.answer };
    if ('refusal' in outcome) refused.push(outcome.refusal);
    else last = outcome.error;
  }
  if (last === undefined) throw noCandidate({ ...decision, removed: [...decision.removed, ...refused] });
  throw new AllCandidatesFailed(withRefused(decision, refused), context.attempts, last);
}

/** A decision as it turned out: who was refused before being asked stood first in vain, and is among the removed with the reason. */
function withRefused(decision: Decision, refused: readonly Removal[]): Decision {
  if (refused.length === 0) return decision;
  const gone = new Set(refused.map((one) => one.candidate));
  return {
    ...decision,
    order: decision.order.filter((one) => !gone.has(one.candidate)),
    removed: [...decision.removed, ...refused],
  };
}

type Outcome<Value> =
  | { readonly answer: OpenAnswer<Value> }
  | { readonly refusal: Removal }
  | { readonly error: ProviderError };

/** Of those who are at a limit the one that is free again first. */
function soonestFree(candidates: readonly Candidate[], refused: readonly Removal[]): Candidate | undefined {
  const [soonest] = refused
    .filter((one) => one.kind === 'rate-limit')
    .sort((one, other) => (one.retryAfterMs ?? 0) - (other.retryAfterMs ?? 0));
  return candidates.find((one) => one.id === soonest?.candidate);
}

/** With every member named, so that none is forgotten where an object is copied member by member. */
type Whole<Context> = { readonly [Name in keyof Required<Context>]: Context[Name] };

const hasAnswer = (outcome: Outcome<unknown>): boolean => 'answer' in outcome;

async function tryCandidate<Value>(
  candidate: Candidate,
  othersLeft: boolean,
  cause: AttemptCause,
  decision: Decision,
  chooseLane: LaneChoice<Value>,
  context: TryContext,
): Promise<Outcome<Value>> {
  const needs = lazyNeeds(decision, context.inbound);
  // Attempts that count: a call with another key because the first was refused is no retry.
  let made = 1;
  let keysTried = 0;
  let failed: ProviderError | undefined;
  for (;;) {
    const wanted = {
      call: context.attempts,
      caller: context.caller,
      needs,
      task: decision.task,
      bytes: context.inbound.wire?.body.length,
      stream: context.stream,
      patienceMs: othersLeft ? 0 : Math.min(context.queueMs, patienceLeft(context) ?? context.queueMs),
      signal: context.signal,
    };
    const held = keysTried === 0 && made === 1 ? heldHere(candidate, context) : undefined;
    const given = reserve(candidate, wanted, context, held && holdersKey(candidate.provider, held.holder));
    const reserved = given instanceof Promise ? await given : given;
    // What the provider said of an attempt that was made says more than why there is no second one.
    if ('kind' in reserved) return failed === undefined ? { refusal: reserved } : { error: failed };
    const { reservation, providerKey } = reserved;
    const lane = chooseLane(candidate, reservation);
    const refusal = whyNotCanonical(candidate, lane, context);
    if (refusal !== undefined) {
      reservation?.release();
      return { refusal };
    }
    try {
      // Member by member: copying so large an object takes longer than all else that is done here.
      const own: Whole<AttemptContext> = {
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
        signal: context.signal,
        timeouts: context.timeouts(candidate, othersLeft),
        decision,
        reservation,
        providerKey,
        cause: made > 1 || keysTried > 0 ? 'retry' : cause,
        record: (attempt) => context.attempts.push(attempt),
      };
      const answer = await runAttempt(candidate, lane, own);
      return { answer };
    } catch (error) {
      if (!ProviderError.is(error)) throw error;
      if (error.kind === 'aborted') throw callerAborted(error);
      failed = explained(error, candidate, context);
      keysTried += 1;
      if (hasAnotherKey(candidate, keysTried, error, context)) continue;
      const wait = retryWait(context.retry, {
        error,
        made,
        othersLeft,
        random: context.random(),
        patienceMs: patienceLeft(context),
      });
      const given = wait !== undefined && isAllowed(candidate, othersLeft, context) && context.budget.withdraw();
      if (!given) return { error: failed };
      await sleep(wait, context);
      made += 1;
    }
  }
}

/** What a request goes on from that this provider keeps. */
function heldHere({ provider }: Candidate, { affinity, inbound }: TryContext): HeldState | undefined {
  return affinity.heldBy(inbound).find(({ holder }) => holder.provider === provider.id);
}

/** The provider's word for it, and why, where the key is gone that the request would need. */
function explained(error: ProviderError, candidate: Candidate, context: TryContext): ProviderError {
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
  { health, clock }: TryContext,
): boolean {
  if (tried >= (candidate.provider.keys?.length ?? 1) || !OF_A_KEY.has(error.kind)) return false;
  return health?.unavailable(candidate, clock.now()) === undefined;
}

/** Whether the breaker lets the same candidate be asked again. Where nobody else is left it is asked whatever the breaker says. */
function isAllowed(candidate: Candidate, othersLeft: boolean, { health, clock }: TryContext): boolean {
  return !othersLeft || health?.unavailable(candidate, clock.now()) === undefined;
}

/** Milliseconds that the caller still waits, where that is known. */
function patienceLeft({ waitsUntil, clock }: TryContext): number | undefined {
  return waitsUntil === undefined ? undefined : Math.max(0, waitsUntil - clock.now());
}

/** Waits, unless the caller gives up before. */
function sleep(milliseconds: number, { clock, signal }: TryContext): Promise<void> {
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
