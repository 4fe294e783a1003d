import {
  type Admission,
  type Attempt,
  addUsage,
  type Candidate,
  inboundFromRequest,
  type ModelRequest,
  ProviderError,
  type StreamEvent,
  type Usage,
} from '@signalbox/core';
import { canonicalStreamLane } from './canonical-lane.ts';
import { createContinuationText } from './continuation-text.ts';
import type { BrokenAnswer } from './lane.ts';
import { lazyNeeds, reserve } from './reserve.ts';
import { type AttemptContext, runAttempt } from './run-attempt.ts';
import { inCallersFormat } from './spoken-format.ts';

export interface ContinuationContext
  extends Omit<AttemptContext, 'reservation' | 'timeouts' | 'vault' | 'cause' | 'providerKey'> {
  readonly timeouts: (candidate: Candidate, othersLeft: boolean) => AttemptContext['timeouts'];
  readonly attempts: readonly Attempt[];
  readonly admission: Admission | undefined;
  /** Candidates by id that were seen to refuse a prefill. */
  readonly refusesPrefill: Set<string>;
}

/** Attempts to continue one answer at most: each costs the caller time. */
const MAX_ATTEMPTS = 3;

/**
 * The rest of an answer that broke off after its first words: the candidates are asked to go on from the text, or, where they don't take
 * that, to begin anew, and what the caller has read already is swallowed. Each attempt's `start` is passed on, for those who want to know who
 * answers now. Yields nothing more and throws `broken` where nobody can do so honestly: an
 * answer that called a tool or must keep to a schema is never patched.
 */
export async function* continueStream(
  broken: ProviderError,
  answer: BrokenAnswer,
  candidates: readonly Candidate[],
  context: ContinuationContext,
): AsyncGenerator<readonly StreamEvent[], void> {
  const request = context.inbound.request();
  if (!mayContinue(request, answer, broken)) throw broken;
  let sent = answer.text;
  let made = 0;
  for (const listed of candidates) {
    const candidate = inCallersFormat(listed, context.inbound);
    for (const prefill of waysFor(candidate, context)) {
      made += 1;
      if (made > MAX_ATTEMPTS || context.signal?.aborted === true) throw broken;
      const events = attempt(candidate, prefill, request, { ...answer, text: sent }, context);
      try {
        for await (const batch of events) {
          for (const event of batch) if (event.type === 'text-delta') sent += event.text;
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

function mayContinue(request: ModelRequest, { text }: BrokenAnswer, broken: ProviderError): boolean {
  return (
    broken.failsOver &&
    text !== '' &&
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
  { text: sent, index }: BrokenAnswer,
  context: ContinuationContext,
): AsyncGenerator<readonly StreamEvent[], void> {
  const given = sent.trimEnd();
  const messages: ModelRequest['messages'] = prefill
    ? [...request.messages, { role: 'assistant', parts: [{ type: 'text', text: given }] }]
    : request.messages;
  const inbound = inboundFromRequest({ ...request, messages, stream: true });
  const wanted = {
    caller: context.caller,
    needs: lazyNeeds(context.decision, inbound),
    task: context.decision.task,
    stream: true,
    patienceMs: 0,
    signal: context.signal,
  };
  const reserved = await reserve(candidate, wanted, context);
  if ('kind' in reserved) throw differs(candidate);
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
  const join = createContinuationText(sent, given, !prefill);
  const spent = usageOf(context.attempts);
  for await (const batch of values()) {
    const events: StreamEvent[] = [];
    for (const event of batch) events.push(...follow(event));
    if (events.length > 0) yield events;
  }

  function* follow(event: StreamEvent): Generator<StreamEvent> {
    switch (event.type) {
      case 'text-delta': {
        const text = join.push(event.text);
        if (text === undefined) throw differs(candidate);
        if (text !== '') yield { type: 'text-delta', index, text };
        return;
      }
      case 'finish': {
        const rest = join.end();
        if (rest === undefined) throw differs(candidate);
        if (rest !== '') yield { type: 'text-delta', index, text: rest };
        yield {
          ...event,
          usage: event.usage === undefined || spent === undefined ? event.usage : addUsage(spent, event.usage),
        };
        return;
      }
      case 'tool-call-start':
      case 'tool-call-delta':
        // Behind the text and whatever stood before it.
        yield { ...event, index: index + 1 + event.index };
        return;
      case 'start':
        yield event;
        yield {
          type: 'answer-continued',
          candidate: candidate.id,
          model: event.model,
          afterCharacters: sent.length,
        };
        return;
      default:
        // Second thoughts: not what the caller was in the middle of.
        return;
    }
  }
}

function differs(candidate: Candidate): ProviderError {
  return new ProviderError({
    kind: 'invalid-response',
    provider: candidate.provider.id,
    message: `${candidate.id} does not go on from what was already sent.`,
  });
}

function usageOf(attempts: readonly Attempt[]): Usage | undefined {
  const usages = attempts.map((one) => one.usage).filter((usage) => usage !== undefined);
  return usages.length === 0 ? undefined : usages.reduce(addUsage);
}
