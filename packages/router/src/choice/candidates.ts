import {
  type Candidate,
  type Decision,
  givenOrder,
  type Inbound,
  type Need,
  type Provider,
  RouterError,
  type Sampling,
  type Strategy,
} from '@signalbox/core';

/** How a request's model name is served: by which strategy, among which candidates. */
export interface Route {
  readonly strategy: Strategy;
  /** What the decision tells, where that is more than its strategy wants to know: the choice is made by what the strategy's `needs` say, and stays the same. */
  readonly tells?: readonly Need[] | undefined;
  readonly candidates: readonly Candidate[];
  /** Instead of the strategy where a budget asks for what is cheaper. Default: the strategy's candidates, cheapest first. */
  readonly cheaper?: Strategy | undefined;
  /**
   * Whether a limit on the output that is higher than a candidate's own is lowered to it, instead of leaving the candidate out: for callers who had another model in
   * mind. A model loses nothing by it that it could have given.
   */
  readonly capsOutput?: boolean | undefined;
  /** How the answer is sampled where the caller does not say: of a mode that the route belongs to. */
  readonly sampling?: Pick<Sampling, 'temperature' | 'topP'> | undefined;
  /**
   * Asked before the decision, where there is one: a program of the user's that may choose another route. It never throws. `decide` says what
   * would be decided by a route, without doing it; `route` is the one that it stands in, with what was added to it since.
   */
  readonly select?:
    | ((inbound: Inbound, decide: (route: Route) => Decision, route: Route) => Promise<Route>)
    | undefined;
}

/** A call with the route that it will take: its own or its name's, changed by who is asked before. */
export async function selectRoute<Call extends { readonly inbound: Inbound; readonly route?: Route | undefined }>(
  call: Call,
  resolve: (name: string | undefined) => Route,
  decide: (call: Call) => Decision,
): Promise<Call & { readonly route: Route }> {
  const route = call.route ?? resolve(call.inbound.head.model);
  return {
    ...call,
    route: await (route.select?.(call.inbound, (other) => decide({ ...call, route: other }), route) ?? route),
  };
}

/** All models of some providers as candidates, in the order given. */
export function candidatesOf(providers: readonly Provider[]): Candidate[] {
  return providers.flatMap((provider) =>
    provider.models.map((facts) => ({
      id: `${provider.id}/${facts.id}`,
      provider,
      model: facts.id,
      names: [facts.id, ...(facts.aliases ?? [])],
      facts,
    })),
  );
}

/**
 * The router's own way to read a model name, for programs without a configuration: a model's id or alias, alone or behind
 * `provider/`. No name: all candidates in their order, by the default strategy.
 */
export function createNameResolver(
  candidates: readonly Candidate[],
  strategy: Strategy | undefined,
): (name: string | undefined) => Route {
  const byName = new Map<string, Candidate>();
  for (const candidate of candidates) {
    for (const name of [candidate.id, ...candidate.names]) {
      if (!byName.has(name)) byName.set(name, candidate);
    }
  }
  const fallback = strategy ?? givenOrder('given_order', 'the first that can');
  const named = givenOrder('manual', 'the caller named it');
  return (name) => {
    if (name === undefined || name === 'auto') return { strategy: fallback, candidates };
    const candidate = byName.get(name);
    if (candidate === undefined) {
      throw new RouterError({
        kind: 'unknown-model',
        message: `The model "${name}" is not known here; known are, for example, ${examples(candidates)}.`,
        parameter: 'model',
      });
    }
    return { strategy: named, candidates: [candidate] };
  };
}

function examples(candidates: readonly Candidate[]): string {
  return candidates.length === 0
    ? 'none'
    : candidates
        .slice(0, 3)
        .map((candidate) => candidate.id)
        .join(', ');
}
