import {
  type Candidate,
  type Decision,
  editDistance,
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
      names: [facts.id, ...(facts.aliases ?? []), ...shortNamesOf(provider, facts.id)],
      facts,
    })),
  );
}

function shortNamesOf({ id, shortNames = {} }: Provider, model: string): readonly string[] {
  return Object.keys(shortNames)
    .filter((short) => short !== 'default' && shortNames[short] === model)
    .flatMap((short) => [short, `${id}.${short}`, `${id}/${short}`]);
}

/**
 * Whom a request may go to that names no model, where nobody said who: of each provider the models that it has short names for, its default first. A catalogue holds
 * every model that can be called, retired ones among them; nobody who leaves the choice to us means those.
 */
export function usualCandidates(candidates: readonly Candidate[]): readonly Candidate[] {
  return [...Map.groupBy(candidates, ({ provider }) => provider).entries()].flatMap(([{ shortNames = {} }, own]) => {
    const { default: first, ...others } = shortNames;
    const ids = new Set([...(first === undefined ? [] : [first]), ...Object.values(others)]);
    const usual = [...ids].flatMap((model) => own.filter((one) => one.model === model));
    return usual.length === 0 ? own : usual;
  });
}

/**
 * The router's own way to read a model name, for programs without a configuration: a model's id, alias or short name, alone or behind
 * `provider/`. No name: the `unnamed` candidates in their order, by the default strategy.
 */
export function createNameResolver(
  candidates: readonly Candidate[],
  strategy: Strategy | undefined,
  unnamed: readonly Candidate[] = candidates,
): (name: string | undefined) => Route {
  const byName = new Map<string, Candidate>();
  const enter = (name: string, candidate: Candidate) => {
    if (!byName.has(name)) byName.set(name, candidate);
  };
  // What one model is called in full is not what another is called for short.
  for (const candidate of candidates) enter(candidate.id, candidate);
  for (const candidate of candidates) enter(candidate.model, candidate);
  for (const candidate of candidates) for (const name of candidate.names) enter(name, candidate);
  const fallback = strategy ?? givenOrder('given_order', 'the first that can');
  const named = givenOrder('manual', 'the caller named it');
  return (name) => {
    if (name === undefined || name === 'auto') return { strategy: fallback, candidates: unnamed };
    const candidate = byName.get(name);
    if (candidate === undefined) {
      throw new RouterError({
        kind: 'unknown-model',
        message: `The model "${name}" is not known here${whatThereIs(name, [...byName.keys()], unnamed)}`,
        parameter: 'model',
      });
    }
    return { strategy: named, candidates: [candidate] };
  };
}

/** As many mistakes as a slip of the pen makes in a name. */
const MOST_SLIPS = 2;
const MOST_NAMES = 3;

/** The end of a sentence about a name that nobody has: what was probably meant, else what there is. */
function whatThereIs(name: string, known: readonly string[], unnamed: readonly Candidate[]): string {
  const near = known
    .map((one) => ({ one, slips: editDistance(name.slice(0, LONGEST_NAME), one) }))
    .filter(({ slips }) => slips <= MOST_SLIPS)
    .sort((one, other) => one.slips - other.slips)
    .slice(0, MOST_NAMES)
    .map(({ one }) => one);
  if (near.length > 0) return `. Did you mean ${near.join(', ')}?`;
  const examples = unnamed.slice(0, MOST_NAMES).map(({ id }) => id);
  return `; known are, for example, ${examples.length === 0 ? 'none' : examples.join(', ')}.`;
}

/** Characters of a name that are compared: a caller may send any number. */
const LONGEST_NAME = 100;
