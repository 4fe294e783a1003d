import { AllCandidatesFailed, type Attempt, type ModelRequest, ProviderError, RouterError } from '@signalbox/core';
import type { Route } from '@signalbox/router';
import type { LoadedRouter } from '../configuration/load-router.ts';
import { isOutOfMoney } from '../terminal/exit-code.ts';
import { requestTotals } from '../terminal/status-line.ts';
import type { TaskFigures } from './task.ts';

/** One request of a run of many. */
export interface Question {
  readonly ready: LoadedRouter;
  readonly request: ModelRequest;
  readonly route: Route;
  readonly signal: AbortSignal;
  readonly refresh: boolean;
  /** Gets the length of each piece of text as it comes. */
  readonly onText?: ((text: string) => void) | undefined;
}

/** An answer, or why there is none. What `stop` says holds for all that would come after: there is no money left, or nobody waits any more. */
export type Reply =
  | { readonly answer: string; readonly finish: string | undefined; readonly figures: TaskFigures }
  | {
      readonly problem: string;
      readonly stop?: 'budget' | 'interrupted' | undefined;
      readonly retryAfterMs?: number | undefined;
      readonly figures: TaskFigures;
    };

/** Asks once, as a stream, so that budgets can stop it and progress can be seen. Never throws for what a provider or a budget does. */
export async function ask({ ready, request, route, signal, refresh, onText }: Question): Promise<Reply> {
  let attempts: readonly Attempt[] = [];
  let begun = false;
  try {
    const result = await ready.router.stream(request, {
      route,
      signal,
      cache: refresh ? { mode: 'refresh' } : undefined,
    });
    attempts = result.attempts;
    begun = true;
    const texts: string[] = [];
    for await (const event of result.events) {
      if (event.type !== 'text-delta') continue;
      texts.push(event.text);
      onText?.(event.text);
    }
    attempts = result.attempts;
    return { answer: texts.join(''), finish: attempts.at(-1)?.finish?.reason, figures: figuresOf(attempts) };
  } catch (error) {
    if (AllCandidatesFailed.is(error)) attempts = error.attempts;
    const figures = figuresOf(attempts);
    if (signal.aborted) return { problem: 'It was interrupted.', stop: 'interrupted', figures };
    if (RouterError.is(error)) {
      // A span's budget that is used up is so for all; what a single request may cost is not.
      const isSpent = error.kind === 'budget' && (begun || error.retryAfterMs !== undefined);
      const stop = isSpent ? ('budget' as const) : undefined;
      const retryAfterMs = isLimit(error) ? (error.retryAfterMs ?? 1_000) : undefined;
      return { problem: error.message, stop, retryAfterMs, figures };
    }
    if (ProviderError.is(error))
      return { problem: error.message, stop: isOutOfMoney(error) ? 'budget' : undefined, figures };
    throw error;
  }
}

/** Whether only the rate was too high: the same request may go a little later. */
function isLimit(error: RouterError): boolean {
  return error.kind === 'rate-limit' || (AllCandidatesFailed.is(error) && error.last.kind === 'rate-limit');
}

function figuresOf(attempts: readonly Attempt[]): TaskFigures {
  const totals = requestTotals(attempts);
  return {
    candidate: attempts.at(-1)?.candidate,
    usage: totals.usage,
    cost: totals.cost,
    exact: totals.exact,
    simulated: totals.simulated,
    durationMs: totals.durationMs,
  };
}
