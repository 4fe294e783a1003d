import {
  type Admission,
  type Attempt,
  addUsage,
  type Candidate,
  createAnswerRecord,
  inboundFromRequest,
  type ModelRequest,
  ProviderError,
  type StreamEvent,
  type Usage,
} from '@signalbox/core';
import { runAttempt } from '../attempts/run-attempt.ts';
import type { AttemptContext } from '../attempts/running-attempt.ts';
import { canonicalStreamLane } from '../lanes/canonical-lane.ts';
import type { BrokenAnswer } from '../lanes/lane.ts';
import { inCallersFormat } from '../lanes/spoken-format.ts';
import { lazyNeeds, reserve } from '../money/reserve.ts';
import { eventsOf } from './continued-answer.ts';
import { createContinuedEvents } from './continued-events.ts';

export interface ContinuationContext
  extends Omit<AttemptContext, 'reservation' | 'timeouts' | 'vault' | 'cause' | 'providerKey'> {
  readonly timeouts: (candidate: Candidate, othersLeft: boolean) => AttemptContext['timeouts'];
  readonly attempts: readonly Attempt[];
  readonly call: object;
  readonly admission: Admission | undefined;
  /** Candidates by id that were seen to refuse a prefill. */
  readonly refusesPrefill: Set<string>;
}

/** Attempts to continue one answer at most: each costs the caller time. */
const MAX_ATTEMPTS = 3;

/**
 * The rest of an answer that broke off after its first words: the candidates are asked to go on from the text, or, where they don't take
 * that, to begin anew, and what the caller has read already is swallowed. Nobody is asked to go on from half a tool call: an answer with calls
 * is begun anew, and followed where it makes the same calls. Each attempt's `start` is passed on, for those who want to know who
 * answers now. Yields nothing more and throws `broken` where nobody can do so honestly: an answer that must keep to a schema is never patched.
 */
export async function* continueStream(
  broken: ProviderError,
  answer: BrokenAnswer,
  candidates: readonly Candidate[],
  context: ContinuationContext,
): AsyncGenerator<readonly StreamEvent[], void> {
  const request = context.inbound.request();
  if (!mayContinue(request, answer, broken)) throw broken;
  const record = createAnswerRecord();
  for (const event of eventsOf(answer)) record.add(event);
  let made = 0;
  for (const listed of candidates) {
    const candidate = inCallersFormat(listed, context.inbound);
    for (const prefill of record.calls.length > 0 ? [false] : waysFor(candidate, context)) {
      made += 1;
      if (made > MAX_ATTEMPTS || context.signal?.aborted === true) throw broken;
      const events = attempt(candidate, prefill, request, record, context);
      try {
        for await (const batch of events) {
          for (const event of batch) record.add(event);
          yield batch;
        }
        return;
      } catch (error) {
        if (!ProviderError.is(error) || error.kind === 'aborted') throw error;
        // A prefill that was refused is remembered; the error that the caller sees stays the first one.
        if (prefill && error.kind === 'invalid-request') context.refusesPrefill.add(candidate.id);
      }
    }
  }
  throw broken;
}

function mayContinue(request: ModelRequest, { text, calls }: BrokenAnswer, broken: ProviderError): boolean {
  return (
    broken.failsOver &&
    (text !== '' || calls.length > 0) &&
    request.output === undefined &&
    request.serverState === undefined &&
    (request.candidateCount ?? 1) === 1
  );
}

/** With the text as a prefill where the model takes one or nobody knows; from the beginning otherwise. */
function waysFor({ id, facts }: Candidate, { refusesPrefill }: ContinuationContext): readonly boolean[] {
  if (facts.capabilities.prefill === true) return [true];
  if (facts.capabilities.prefill === false || refusesPrefill.has(id)) return [false];
  return [true, false];
}

async function* attempt(
  candidate: Candidate,
  prefill: boolean,
  request: ModelRequest,
  had: BrokenAnswer,
  context: ContinuationContext,
): AsyncGenerator<readonly StreamEvent[], void> {
  const given = had.text.trimEnd();
  const messages: ModelRequest['messages'] = prefill
    ? [...request.messages, { role: 'assistant', parts: [{ type: 'text', text: given }] }]
    : request.messages;
  const inbound = inboundFromRequest({ ...request, messages, stream: true });
  const wanted = {
    call: context.call,
    caller: context.caller,
    needs: lazyNeeds(context.decision, inbound),
    task: context.decision.task,
    stream: true,
    patienceMs: 0,
    signal: context.signal,
  };
  const reserved = await reserve(candidate, wanted, context);
  if ('kind' in reserved) {
    throw new ProviderError({ kind: 'overloaded', provider: candidate.provider.id, message: reserved.reason });
  }
  const { reservation, providerKey } = reserved;
  const { values } = await runAttempt(candidate, canonicalStreamLane, {
    ...context,
    inbound,
    stream: true,
    cause: 'continuation',
    providerKey,
    timeouts: context.timeouts(candidate, true),
    vault: undefined,
    reservation,
  });
  const continued = createContinuedEvents(had, prefill ? given : undefined, candidate);
  const spent = usageOf(context.attempts);
  for await (const batch of values()) {
    const events = batch.flatMap((event) => continued.follow(event)).map((event) => withSpent(event, spent));
    if (events.length > 0) yield events;
  }
}

/** The usage that the caller is told is that of all attempts. */
function withSpent(event: StreamEvent, spent: Usage | undefined): StreamEvent {
  if (event.type !== 'finish' || event.usage === undefined || spent === undefined) return event;
  return { ...event, usage: addUsage(spent, event.usage) };
}

function usageOf(attempts: readonly Attempt[]): Usage | undefined {
  const usages = attempts.map((one) => one.usage).filter((usage) => usage !== undefined);
  return usages.length === 0 ? undefined : usages.reduce(addUsage);
}
