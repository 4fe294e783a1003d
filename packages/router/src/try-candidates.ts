import {
  type Admission,
  AllCandidatesFailed,
  type Attempt,
  type Candidate,
  type Needs,
  ProviderError,
  type Removal,
  type Reservation,
  RouterError,
} from '@signalbox/core';
import { type Decided, noCandidate } from './decide.ts';
import type { Lane } from './lane.ts';
import { type AttemptContext, type OpenAnswer, runAttempt } from './run-attempt.ts';

/** An answer and who gives it. */
export interface Answered<Value> {
  readonly candidate: Candidate;
  readonly answer: OpenAnswer<Value>;
}

/** Picks the lane for a candidate, knowing the limit that its reservation sets. */
export type LaneChoice<Value> = (candidate: Candidate, reservation: Reservation | undefined) => Lane<Value>;

/**
 * Tries the candidates of a decision in their order until one gives its first content. Throws RouterError `aborted` when the
 * caller gives up, `no-candidate` when nobody is left, and AllCandidatesFailed with every attempt otherwise.
 */
export async function tryCandidates<Value>(
  decided: Decided,
  chooseLane: LaneChoice<Value>,
  context: Omit<AttemptContext, 'reservation' | 'decision' | 'record'>,
  admission: Admission | undefined,
  attempts: Attempt[],
): Promise<Answered<Value>> {
  const { decision, order } = decided;
  const refused: Removal[] = [];
  let last: ProviderError | undefined;
  for (const candidate of order) {
    const reservation = await reserve(candidate, decision.needs, context, admission);
    if (reservation !== undefined && 'kind' in reservation) {
      refused.push(reservation);
      continue;
    }
    const lane = chooseLane(candidate, reservation);
    // A bad request is the caller's error, known before any attempt; the byte lane leaves the judgement to the provider.
    if (lane.name === 'canonical') context.inbound.request();
    try {
      const answer = await runAttempt(candidate, lane, {
        ...context,
        decision,
        reservation,
        record: (attempt) => attempts.push(attempt),
      });
      return { candidate, answer };
    } catch (error) {
      if (!ProviderError.is(error)) throw error;
      if (error.kind === 'aborted') throw callerAborted(error);
      last = error;
      if (!error.failsOver) break;
    }
  }
  if (last === undefined) throw noCandidate({ ...decision, removed: [...decision.removed, ...refused] });
  throw new AllCandidatesFailed(decision, attempts, last);
}

/** The end of a request whose caller went away. */
export function callerAborted(cause?: unknown): RouterError {
  return new RouterError({ kind: 'aborted', message: 'The request was given up by the caller.', cause });
}

async function reserve(
  candidate: Candidate,
  needs: Needs | undefined,
  context: Pick<AttemptContext, 'caller'>,
  admission: Admission | undefined,
): Promise<Reservation | Removal | undefined> {
  if (admission === undefined || needs === undefined) return undefined;
  return admission.reserve(candidate, needs, context.caller);
}
