import { AllCandidatesFailed, type Candidate, type Decision, type ProviderError, type Removal } from '@signalbox/core';
import type { Decided } from '../choice/decide.ts';
import { noCandidate } from '../choice/no-candidate.ts';
import { inCallersFormat } from '../lanes/spoken-format.ts';
import { type Hedging, race } from './hedge.ts';
import type { OpenAnswer } from './run-attempt.ts';
import { type AskContext, type LaneChoice, type Outcome, type Turn, tryCandidate } from './try-candidate.ts';

/** An answer and who gives it. */
export interface Answered<Value> {
  readonly candidate: Candidate;
  /** The decision that was given, with those who were refused when their turn came (a budget, a limit) among the removed. */
  readonly decision: Decision;
  readonly answer: OpenAnswer<Value>;
}

/** What all attempts of one request share, and what their order is bound by. */
export interface TryContext extends AskContext {
  /** Asks the next candidate too where one is silent for so long; absent: never. */
  readonly hedge?: Hedging | undefined;
  /** Milliseconds that an attempt may wait for its turn at a rate limit where nobody else could answer. */
  readonly queueMs: number;
  /** The caller's own abort. */
  readonly signal: AbortSignal | undefined;
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
  const turnNow = (queueMs: number): Turn => ({
    decision: withRefused(decision, refused),
    cause: context.attempts.length === 0 ? 'first' : 'failover',
    othersLeft: left.length > 0,
    queueMs,
    signal: context.signal,
  });
  for (let next = left.shift(); next !== undefined; next = left.shift()) {
    // A request that was too long for one window is too long for every window that is no larger.
    if (tooSmall !== undefined && (next.facts.contextWindow ?? Number.POSITIVE_INFINITY) <= tooSmall) continue;
    const [second] = left;
    const { candidate, outcome } =
      context.hedge === undefined || second === undefined
        ? { candidate: next, outcome: await tryCandidate(next, turnNow(queueMs), chooseLane, context) }
        : await tryFirstOfTwo(next, second, left, turnNow(queueMs), chooseLane, context, context.hedge);
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
    refused = refused.filter((one) => one.candidate !== limited.id);
    const turn = turnNow(context.queueMs);
    const outcome = await tryCandidate(limited, turn, chooseLane, context);
    if ('answer' in outcome) return { candidate: limited, decision: turn.decision, answer: outcome.answer };
    if ('refusal' in outcome) refused.push(outcome.refusal);
    else last = outcome.error;
  }
  if (last === undefined) throw noCandidate({ ...decision, removed: [...decision.removed, ...refused] });
  throw new AllCandidatesFailed(withRefused(decision, refused), context.attempts, last);
}

/** Who was asked, and what came of it. */
interface Asked<Value> {
  readonly candidate: Candidate;
  readonly outcome: Outcome<Value>;
}

/** Asks the first, and the second, who stands first among those left, beside it where the first stays silent: then it is left no more. */
async function tryFirstOfTwo<Value>(
  first: Candidate,
  second: Candidate,
  left: Candidate[],
  turn: Turn,
  chooseLane: LaneChoice<Value>,
  context: TryContext,
  { afterMs, calls }: Hedging,
): Promise<Asked<Value>> {
  const beside: Turn = { ...turn, cause: 'hedge', othersLeft: left.length > 1 };
  const { outcome, winner, secondStarted } = await race<Outcome<Value>>(
    { run: (signal) => tryCandidate(first, { ...turn, signal }, chooseLane, context) },
    { run: (signal) => tryCandidate(second, { ...beside, signal }, chooseLane, context) },
    { clock: context.clock, afterMs, mayStart: calls.withdraw, wins: hasAnswer, signal: turn.signal },
  );
  if (secondStarted) left.shift();
  return { candidate: winner === 'second' ? second : first, outcome };
}

const hasAnswer = (outcome: Outcome<unknown>): boolean => 'answer' in outcome;

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

/** Of those who are at a limit the one that is free again first. */
function soonestFree(candidates: readonly Candidate[], refused: readonly Removal[]): Candidate | undefined {
  const [soonest] = refused
    .filter((one) => one.kind === 'rate-limit')
    .sort((one, other) => (one.retryAfterMs ?? 0) - (other.retryAfterMs ?? 0));
  return candidates.find((one) => one.id === soonest?.candidate);
}
