import { basename } from 'node:path';
import {
  type Candidate,
  type Decision,
  type Inbound,
  lastUserText,
  nanoToUsd,
  RouterError,
  type Strategy,
} from '@signalbox/core';
import { type Route, tellingAll } from '@signalbox/router';
import type { ModelScript } from './model-script.ts';

export interface ScriptRouteOptions {
  readonly script: ModelScript;
  /** Reads the name that the script gave. Throws RouterError. */
  readonly resolve: (name: string) => Route;
  /** Dollars left of today's budget; absent: there is none. */
  readonly remainingBudget?: (() => number | undefined) | undefined;
}

/**
 * A route that asks a user's script first. The model it names stands first, everybody else behind it as the strategy orders them; a strategy or
 * chain that it names takes the place of the route's own. Where it names none, fails, or names one that is unknown, the strategy chooses alone, and the decision says so.
 */
export function withScript(route: Route, options: ScriptRouteOptions): Route {
  const { script, resolve, remainingBudget } = options;
  const name = basename(script.file);
  return {
    ...route,
    async select(inbound: Inbound, decide: (route: Route) => Decision, asked: Route): Promise<Route> {
      const known = decide(tellingAll(asked));
      const { model, fault } = await script.select(lastUserText(inbound.request()), {
        remainingBudget: remainingBudget?.(),
        task: known.task,
        candidates: known.order.map((entry) => ({
          id: entry.candidate,
          provider: entry.provider,
          model: entry.model,
          quality: entry.quality,
          latencyMs: entry.latencyMs,
          predictedCost: entry.predictedCost === undefined ? undefined : nanoToUsd(entry.predictedCost),
        })),
      });
      if (fault !== undefined) return remarked(asked, `${name} was passed over: ${inOneLine(fault)}`);
      if (model === undefined) return remarked(asked, `${name} left the choice to it`);
      try {
        const meant = resolve(model);
        // A strategy or a chain orders its candidates itself: who is listed first among them is nobody's choice.
        if (meant.strategy.name !== 'manual') return remarked({ ...asked, ...meant }, `${name} chose ${model}`);
        const [chosen] = meant.candidates;
        if (chosen !== undefined) return chosenFirst(asked, chosen, name, model);
      } catch (error) {
        if (!RouterError.is(error)) throw error;
      }
      return remarked(asked, `${name} was passed over: it named "${model}", which is unknown or can't be called`);
    },
  };
}

/** What a script throws may be anything; a decision's reason is one sentence. */
function inOneLine(fault: string): string {
  const line = fault.replaceAll(/[\s\p{Control}]+/gu, ' ').trim();
  return line.length > 200 ? `${line.slice(0, 200)}…` : line;
}

function remarked(route: Route, remark: string): Route {
  const { strategy } = route;
  return {
    ...route,
    strategy: {
      ...strategy,
      rank(candidates, snapshot) {
        const ranking = strategy.rank(candidates, snapshot);
        return { ...ranking, reason: `${ranking.reason}; ${remark}` };
      },
    },
  };
}

function chosenFirst(route: Route, chosen: Candidate, name: string, model: string): Route {
  const inner = route.strategy;
  const strategy: Strategy = {
    name: name.replace(/\W/g, '_'),
    needs: inner.needs,
    rank(candidates, snapshot) {
      const first = candidates.find((candidate) => candidate.id === chosen.id);
      const ranking = inner.rank(
        candidates.filter((candidate) => candidate.id !== chosen.id),
        snapshot,
      );
      if (first === undefined) {
        return { ...ranking, reason: `${ranking.reason}; ${name} was passed over: ${chosen.id} is out` };
      }
      const reason = `${name} chose ${model}`;
      return { ...ranking, order: [{ candidate: first, reason }, ...ranking.order], reason, rule: undefined };
    },
  };
  const others = route.candidates.filter((candidate) => candidate.id !== chosen.id);
  return { ...route, strategy, candidates: [chosen, ...others] };
}
