import type { Attempt, NanoUsd, Usage } from '@signalbox/core';
import { RouterError } from '@signalbox/core';
import type { Route } from '@signalbox/router';
import type { LoadedRouter } from '../configuration/load-router.ts';
import { listOf } from '../prompt/choose-route.ts';

/** Who takes part in a comparison: a provider or model by the name that was given. */
export interface Contestant {
  readonly name: string;
  readonly route: Route;
}

/** What a contestant answered, and what it took. */
export interface Entry {
  readonly name: string;
  /** `provider/model id` of who answered. */
  readonly candidate: string | undefined;
  /** The decision's id: what feedback is about. */
  readonly decision: string | undefined;
  readonly answer: string;
  /** Why there is no answer, or no whole one. */
  readonly problem: string | undefined;
  /** The problem is that a budget is used up. */
  readonly outOfBudget: boolean;
  /** Milliseconds from the start to the first text, and to the end. */
  readonly firstTextMs: number | undefined;
  readonly totalMs: number;
  /** Tokens of output a second between the first text and the end; absent for answers that came at once. */
  readonly tokensPerSecond: number | undefined;
  readonly usage: Usage | undefined;
  readonly cost: NanoUsd | undefined;
  readonly exact: boolean;
  readonly simulated: boolean;
  readonly finish: string | undefined;
  readonly attempts: readonly Attempt[];
}

/** More than this nobody can read side by side, and each is paid for. */
const MOST = 12;

/**
 * The contestants of `--compare "anthropic,openai,gpt-4o"`. A name that is a provider's means its default model. Who was named exactly is asked alone: another's answer would say
 * nothing about them. Throws RouterError.
 */
export function contestantsOf(names: string, { resolver, loaded, providers }: LoadedRouter): readonly Contestant[] {
  const listed = [...new Set(listOf(names))];
  if (listed.length < 2 || listed.length > MOST) {
    throw new RouterError({
      kind: 'usage',
      message: `--compare takes 2 to ${MOST} providers or models separated by commas, such as "anthropic,openai"; "${names}" is ${listed.length}.`,
    });
  }
  const isProvider = (name: string) =>
    Object.hasOwn(loaded.configuration.providers, name) || providers.some(({ id }) => id === name);
  return listed.map((name) => {
    return { name, route: withTask(alone(isProvider(name) ? resolver.provider(name) : resolver.model(name))) };
  });
}

/** A route without the fallbacks of whoever was named exactly. */
export function alone(route: Route): Route {
  return route.strategy.name === 'manual' ? { ...route, candidates: route.candidates.slice(0, 1) } : route;
}

/** A route by which the task is analysed, whoever answers: what is said of the answer afterwards counts for that kind of task. */
function withTask({ strategy, ...route }: Route): Route {
  return { ...route, strategy: { ...strategy, needs: [...new Set([...strategy.needs, 'task' as const])] } };
}
