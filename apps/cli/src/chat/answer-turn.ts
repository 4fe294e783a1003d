import {
  AllCandidatesFailed,
  type Attempt,
  type Decision,
  inboundFromRequest,
  type ModelRequest,
  RouterError,
} from '@signalbox/core';
import type { Route } from '@signalbox/router';
import type { LoadedRouter } from '../configuration/load-router.ts';
import { drained, shownText } from '../prompt/send-prompt.ts';

/** What became of a question. */
export interface Answered {
  readonly text: string;
  readonly decision?: Decision | undefined;
  readonly attempts: readonly Attempt[];
  /** The person stopped it. */
  readonly stopped: boolean;
  readonly failure?: unknown;
}

export interface AnswerOptions {
  readonly signal: AbortSignal;
  /** Ask anew, whatever is kept. */
  readonly refresh: boolean;
  readonly stream: boolean;
}

/** Sends a request and writes its answer to stdout as it comes. Never throws: a failure is a value, with what was tried. */
export async function answerTurn(
  { router }: LoadedRouter,
  request: ModelRequest,
  route: Route,
  { signal, refresh, stream }: AnswerOptions,
): Promise<Answered> {
  const call = { route, signal, cache: refresh ? ({ mode: 'refresh' } as const) : undefined };
  let text = '';
  try {
    const result = await router.stream(request, call);
    let failure: unknown;
    try {
      for await (const event of result.events) {
        const piece = shownText(event);
        if (piece === '') continue;
        text += piece;
        if (stream && !process.stdout.write(piece)) await drained();
      }
    } catch (error) {
      failure = error;
    }
    if (!stream) process.stdout.write(text);
    if (text !== '' && !text.endsWith('\n')) process.stdout.write('\n');
    const { decision, attempts } = result;
    return { text, decision, attempts, stopped: signal.aborted, failure: signal.aborted ? undefined : failure };
  } catch (error) {
    const failed = AllCandidatesFailed.is(error) ? error : undefined;
    const stopped = signal.aborted;
    return {
      text,
      decision: failed?.decision,
      attempts: failed?.attempts ?? [],
      stopped,
      failure: stopped ? undefined : error,
    };
  }
}

/** The sentence for a conversation that has grown too long for whoever should answer; undefined for any other failure. */
export function tooLong(
  failure: unknown,
  { router }: LoadedRouter,
  request: ModelRequest,
  route: Route,
): string | undefined {
  const advice =
    'Forget the oldest turns with /forget 4, begin anew with /clear, or take a model with a larger window with /model NAME.';
  if (
    AllCandidatesFailed.is(failure) &&
    (failure.last.kind === 'context-length' || failure.last.kind === 'request-too-large')
  ) {
    const who = failure.attempts.at(-1)?.candidate;
    return `The conversation no longer fits ${who ?? 'the model'}. ${advice}`;
  }
  if (!RouterError.is(failure) || failure.kind !== 'no-candidate') return undefined;
  const { removed } = router.decide({ inbound: inboundFromRequest(request), route });
  const full = removed.filter((removal) => removal.kind === 'context-window');
  const [first] = full;
  if (first === undefined) return undefined;
  const who =
    full.length === 1 ? first.candidate : `any of ${full.length} models (${first.candidate}: ${first.reason})`;
  return `The conversation no longer fits ${who}. ${advice}`;
}
