import {
  type Admission,
  AllCandidatesFailed,
  type Attempt,
  type Candidate,
  type ModelRequest,
  type Needs,
  ProviderError,
  type Removal,
  type Reservation,
  RouterError,
} from '@signalbox/core';
import { encodeFor } from './canonical-lane.ts';
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
  context: Omit<AttemptContext, 'reservation' | 'decision' | 'record'> & { readonly strict: boolean },
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
    if (lane.name === 'canonical') {
      // A bad request is the caller's error, known before any attempt; the byte lane leaves the judgement to the provider.
      const request = context.inbound.request();
      const refusal =
        keptElsewhere(candidate, request) ?? (context.strict ? whatIsLost(candidate, request) : undefined);
      if (refusal !== undefined) {
        reservation?.release();
        refused.push(refusal);
        continue;
      }
    }
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

async function reserve(
  candidate: Candidate,
  needs: Needs | undefined,
  context: Pick<AttemptContext, 'caller'>,
  admission: Admission | undefined,
): Promise<Reservation | Removal | undefined> {
  if (admission === undefined || needs === undefined) return undefined;
  return admission.reserve(candidate, needs, context.caller);
}
