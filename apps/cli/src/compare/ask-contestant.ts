import { AllCandidatesFailed, type Attempt, type ModelRequest, ProviderError, RouterError } from '@signalbox/core';
import type { LoadedRouter } from '../configuration/load-router.ts';
import { isOutOfMoney } from '../terminal/exit-code.ts';
import { requestTotals } from '../terminal/status-line.ts';
import type { Contestant, Entry } from './contestant.ts';

/** An answer that takes less from its first text to its end came at once: a rate would say nothing. */
const AT_ONCE_MS = 50;

export interface AskContestant {
  readonly ready: LoadedRouter;
  readonly request: ModelRequest;
  readonly refresh: boolean;
  readonly signal: AbortSignal;
  readonly now: () => number;
  /** Gets each piece of text as it comes. */
  readonly onText: (text: string) => void;
}

/** Asks one contestant. Never throws for what a provider or a budget does: that is a result, too. */
export async function askContestant({ name, route }: Contestant, asked: AskContestant): Promise<Entry> {
  const { ready, request, signal, now } = asked;
  const startedAt = now();
  const texts: string[] = [];
  let attempts: readonly Attempt[] = [];
  let decision: string | undefined;
  let firstTextMs: number | undefined;
  let problem: string | undefined;
  let outOfBudget = false;
  try {
    const cache = asked.refresh ? ({ mode: 'refresh' } as const) : undefined;
    const result = await ready.router.stream({ ...request, model: name }, { route, signal, cache });
    decision = result.decision.id;
    attempts = result.attempts;
    for await (const event of result.events) {
      if (event.type !== 'text-delta') continue;
      firstTextMs ??= now() - startedAt;
      texts.push(event.text);
      asked.onText(event.text);
    }
    attempts = result.attempts;
  } catch (error) {
    if (AllCandidatesFailed.is(error)) {
      attempts = error.attempts;
      decision = error.decision.id;
    }
    outOfBudget = isOutOfMoney(error) || (RouterError.is(error) && error.kind === 'budget');
    if (signal.aborted) problem = 'It was interrupted.';
    else if (RouterError.is(error) || ProviderError.is(error)) problem = error.message;
    else throw error;
  }
  const totalMs = now() - startedAt;
  const totals = requestTotals(attempts);
  const last = attempts.at(-1);
  const streamedMs = firstTextMs === undefined ? 0 : totalMs - firstTextMs;
  return {
    name,
    candidate: last?.candidate,
    decision,
    answer: texts.join(''),
    problem,
    outOfBudget,
    firstTextMs,
    totalMs,
    tokensPerSecond:
      totals.usage === undefined || streamedMs < AT_ONCE_MS || last?.lane === 'cache'
        ? undefined
        : (totals.usage.outputTokens * 1_000) / streamedMs,
    usage: totals.usage,
    cost: totals.cost,
    exact: totals.exact,
    simulated: totals.simulated,
    finish: last?.finish?.reason,
    attempts,
  };
}
