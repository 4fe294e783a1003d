import {
  type Admission,
  AllCandidatesFailed,
  type Attempt,
  type Candidate,
  type ModelRequest,
  ProviderError,
  type ProviderErrorKind,
  type Removal,
  type Reservation,
  RouterError,
} from '@signalbox/core';
import { encodeFor } from './canonical-lane.ts';
import type { Timeouts } from './deadline.ts';
import { type Decided, noCandidate } from './decide.ts';
import type { Lane } from './lane.ts';
import { lazyNeeds, reserve } from './reserve.ts';
import type { RetryBudget } from './retry-budget.ts';
import { type RetryPolicy, retryWait } from './retry-policy.ts';
import { type AttemptContext, type OpenAnswer, runAttempt } from './run-attempt.ts';
import { inCallersFormat } from './spoken-format.ts';

/** An answer and who gives it. */
export interface Answered<Value> {
  readonly candidate: Candidate;
  readonly answer: OpenAnswer<Value>;
}

/** Picks the lane for a candidate, knowing the limit that its reservation sets. */
export type LaneChoice<Value> = (candidate: Candidate, reservation: Reservation | undefined) => Lane<Value>;

/** What all attempts of one request share. */
export interface TryContext
  extends Omit<AttemptContext, 'reservation' | 'decision' | 'record' | 'timeouts' | 'cause' | 'providerKey'> {
  readonly strict: boolean;
  readonly retry: RetryPolicy;
  readonly budget: RetryBudget;
  readonly random: () => number;
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
  const refused: Removal[] = [];
  let last: ProviderError | undefined;
  let tooSmall: number | undefined;
  context.budget.deposit();
  for (const [place, listed] of order.entries()) {
    const candidate = inCallersFormat(listed, context.inbound);
    // A request that was too long for one window is too long for every window that is no larger.
    if (tooSmall !== undefined && (candidate.facts.contextWindow ?? Number.POSITIVE_INFINITY) <= tooSmall) continue;
    const outcome = await tryCandidate(candidate, order.length > place + 1, decided, chooseLane, context);
    if ('answer' in outcome) return { candidate, answer: outcome.answer };
    if ('refusal' in outcome) {
      refused.push(outcome.refusal);
      continue;
    }
    last = outcome.error;
    if (!last.failsOver) break;
    if (last.kind === 'context-length') tooSmall = candidate.facts.contextWindow;
  }
  if (last === undefined) throw noCandidate({ ...decision, removed: [...decision.removed, ...refused] });
  throw new AllCandidatesFailed(decision, context.attempts, last);
}

type Outcome<Value> =
  | { readonly answer: OpenAnswer<Value> }
  | { readonly refusal: Removal }
  | { readonly error: ProviderError };

async function tryCandidate<Value>(
  candidate: Candidate,
  othersLeft: boolean,
  { decision }: Decided,
  chooseLane: LaneChoice<Value>,
  context: TryContext,
): Promise<Outcome<Value>> {
  const needs = lazyNeeds(decision, context.inbound);
  // Attempts that count: a call with another key because the first was refused is no retry.
  let made = 1;
  let keysTried = 0;
  for (;;) {
    const providerKey = context.health?.chooseKey(candidate, context.clock.now());
    const admitted = reserve(context.admission, candidate, {
      caller: context.caller,
      needs,
      task: decision.task,
      bytes: context.inbound.wire?.body.length,
      stream: context.stream,
      providerKey,
      patienceMs: othersLeft ? 0 : context.queueMs,
      signal: context.signal,
    });
    const reservation = admitted instanceof Promise ? await admitted : admitted;
    if (reservation !== undefined && 'kind' in reservation) return { refusal: reservation };
    const lane = chooseLane(candidate, reservation);
    const refusal = whyNotCanonical(candidate, lane, context);
    if (refusal !== undefined) {
      reservation?.release();
      return { refusal };
    }
    try {
      const answer = await runAttempt(candidate, lane, {
        ...context,
        timeouts: context.timeouts(candidate, othersLeft),
        decision,
        reservation,
        providerKey,
        cause: context.attempts.length === 0 ? 'first' : made > 1 || keysTried > 0 ? 'retry' : 'failover',
        record: (attempt) => context.attempts.push(attempt),
      });
      return { answer };
    } catch (error) {
      if (!ProviderError.is(error)) throw error;
      if (error.kind === 'aborted') throw callerAborted(error);
      keysTried += 1;
      if (hasAnotherKey(candidate, keysTried, error, context)) continue;
      const wait = retryWait(context.retry, { error, made, othersLeft, random: context.random() });
      const given = wait !== undefined && isAllowed(candidate, othersLeft, context) && context.budget.withdraw();
      if (!given) return { error };
      await sleep(wait, context);
      made += 1;
    }
  }
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

/**
 * Why a request can't be translated for a candidate. Decoding it here makes a bad request the caller's error, known before any attempt; the
 * byte lane leaves that judgement to the provider.
 */
function whyNotCanonical<Value>(candidate: Candidate, lane: Lane<Value>, context: TryContext): Removal | undefined {
  if (lane.name === 'bytes') return undefined;
  const request = context.inbound.request();
  return keptElsewhere(candidate, request) ?? (context.strict ? whatIsLost(candidate, request) : undefined);
}

/** Why a candidate can't go on from state that another provider keeps. */
function keptElsewhere(candidate: Candidate, { serverState }: ModelRequest): Removal | undefined {
  if (serverState === undefined || serverState.format === candidate.provider.format.id) return undefined;
  const reason = `${serverState.parameter} refers to what a provider of the format ${serverState.format} keeps: send the conversation itself`;
  return { candidate: candidate.id, kind: 'server-state', reason };
}

/** Why a candidate can't answer a request that must not lose anything. */
function whatIsLost(candidate: Candidate, request: ModelRequest): Removal | undefined {
  const { notes } = encodeFor(candidate, request, request.stream ?? false);
  const lost = notes.filter((note) => note.action === 'dropped').map((note) => `${note.field} (${note.reason})`);
  if (lost.length === 0) return undefined;
  return { candidate: candidate.id, kind: 'translation', reason: `strict: it would lose ${lost.join(', ')}` };
}

/** The end of a request whose caller went away. */
export function callerAborted(cause?: unknown): RouterError {
  return new RouterError({ kind: 'aborted', message: 'The request was given up by the caller.', cause });
}
