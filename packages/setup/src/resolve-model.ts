import { type Configuration, canonicalStrategy, type NamedModelConfiguration } from '@signalbox/config';
import { type Candidate, RouterError } from '@signalbox/core';
import type { Route } from '@signalbox/router';
import { fallbackChain, manual } from '@signalbox/strategies';
import type { StrategyFactory } from './configured-strategies.ts';
import { createModelFinder, type KnownModels, type ModelFinder } from './find-model.ts';
import { type ScriptRouteOptions, withScript } from './script-route.ts';
import { unknownModel } from './unknown-model.ts';

export interface ResolverInput extends KnownModels {
  readonly configuration: Configuration;
  readonly strategyNamed: StrategyFactory;
  /** The user's script, which is asked before every routed choice. */
  readonly script?: Omit<ScriptRouteOptions, 'resolve'> | undefined;
}

/** How model names, providers and chains become routes. */
export interface Resolver {
  /**
   * `auto`, `signalbox/<strategy>`, a name with a chain of its own, a model. `because`: who names it, for the decision; default: the caller. Throws RouterError
   * `unknown-model`, `missing-key`.
   */
  model(name: string | undefined, because?: string): Route;
  /** A provider's default model. */
  provider(id: string): Route;
  /** A chain of the configuration by its name. */
  chain(name: string): Route;
  /** The first named chain of providers or models. */
  members(names: readonly string[]): Route;
  strategy(name: string): Route;
  /** A model by any of its names, listed or not. */
  find(name: string): Candidate | undefined;
  /** The name that is routed, where a meaning is nothing but that: `auto`, `signalbox/<strategy>`, a name of the user's own with a strategy. */
  nameBehind(meaning: NamedModelConfiguration): string | undefined;
}

/** `switch_to_cheaper` goes by the chain of this name, if there is one. */
const CHEAPER_CHAIN = 'budget';

/** What the steps to a route go by. */
interface Resolving extends ResolverInput, ModelFinder {}

export function createResolver(input: ResolverInput): Resolver {
  const resolving: Resolving = { ...input, ...createModelFinder(input) };
  const { configuration, candidates, strategyNamed, script, find, defaultOf } = resolving;
  const { chains } = configuration.routing;
  /** A route that may be chosen by the user's script. */
  const open = (route: Route): Route =>
    script === undefined ? route : withScript(route, { ...script, resolve: resolver.model });

  const resolver: Resolver = {
    find,
    nameBehind: (meaning) => otherName(meaning, resolving),
    model(name, because = 'the caller named the model') {
      if (name === undefined || name === 'auto' || name === 'signalbox/auto') return auto(resolving, resolver);
      if (name.startsWith('signalbox/')) return resolver.strategy(name.slice('signalbox/'.length));
      const own = Object.hasOwn(configuration.models, name) ? configuration.models[name] : undefined;
      const other = own && otherName(own, resolving);
      if (other !== undefined) return resolver.model(other, because);
      if (own?.chain !== undefined) return resolver.members(own.chain);
      if (own?.strategy !== undefined) return resolver.strategy(own.strategy);
      const candidate = find(name);
      if (candidate === undefined) throw unknownModel(name, input, ['auto', ...plainNames(configuration)]);
      return exactly(candidate, because, resolving);
    },
    provider: (id) => exactly(defaultOf(id), `the default of ${id}, which the caller named`, resolving),
    chain(name) {
      const chain = chains[name];
      if (chain === undefined) throw unknownChain(name, Object.keys(chains));
      return chainRoute(chain, name, resolving);
    },
    members: (names) => chainRoute(names, undefined, resolving),
    strategy(written) {
      const name = canonicalStrategy(written);
      if (name === 'fallback_chain') {
        const [first] = Object.keys(chains);
        return open(first === undefined ? unnamedChain(resolving) : withCheaper(resolver.chain(first), resolving));
      }
      const chosen = name === 'manual' ? byHand(resolving, resolver) : undefined;
      if (chosen !== undefined) return open(chosen);
      const named = onlyNamedByRules(resolving);
      const last = unlistedDefault([...candidates, ...named], resolving);
      const strategy = strategyNamed(name, new Set(named.map((one) => one.id)), last?.id);
      const all = [...candidates, ...named, ...(last === undefined ? [] : [last])];
      return open(withCheaper({ strategy, candidates: all }, resolving));
    },
  };
  return resolver;
}

/** This model, and behind it the fallbacks that a person configured for a choice of their own; none: the choice stands or falls alone. */
function exactly(chosen: Candidate, reason: string, resolving: Resolving): Route {
  const { fallback } = resolving.configuration;
  const fallbacks = unfolded(fallback.enabled ? fallback.chain : [], resolving)
    .map((name) => resolving.find(name))
    .filter((candidate): candidate is Candidate => candidate !== undefined && candidate.id !== chosen.id);
  return { strategy: manual(reason), candidates: [chosen, ...fallbacks] };
}

/** The configured strategy; `router.default_model` where the router is switched off. */
function auto(resolving: Resolving, resolver: Resolver): Route {
  const { enabled, defaultModel, routing } = resolving.configuration;
  if (enabled) return resolver.strategy(routing.strategy);
  if (defaultModel !== undefined && !leadsBack(defaultModel, resolving))
    return resolver.model(defaultModel, 'router.default_model, as the router is switched off');
  throw new RouterError({
    kind: 'configuration',
    message: 'The router is switched off (router.enabled: false) and names no router.default_model to answer instead.',
  });
}

/** Nobody is to choose: `router.default_model`, or who stands first. */
function byHand(resolving: Resolving, resolver: Resolver): Route | undefined {
  const { configuration, candidates, find } = resolving;
  const { defaultModel = 'auto' } = configuration;
  const alias = Object.hasOwn(configuration.models, defaultModel) ? configuration.models[defaultModel] : undefined;
  const chosen = alias === undefined ? find(defaultModel) : undefined;
  if (chosen !== undefined)
    return exactly(chosen, 'router.default_model, which manual takes where no model is named', resolving);
  // A name that would lead back here is none.
  if (!leadsBack(defaultModel, resolving)) return resolver.model(defaultModel);
  const [first] = candidates;
  if (first === undefined) return undefined;
  return {
    strategy: manual('the first model configured, as no model is named and router.default_model names none'),
    candidates: [first],
  };
}

/** The user's own names, those without a star. */
const plainNames = ({ models }: Configuration) => Object.keys(models).filter((name) => !name.includes('*'));

/** Whether a default model is whatever takes the default model. */
function leadsBack(name: string, resolving: Resolving): boolean {
  if (/^(?:signalbox\/)?(?:auto|manual)$/.test(name)) return true;
  const { models } = resolving.configuration;
  const own = Object.hasOwn(models, name) ? models[name] : undefined;
  if (own === undefined) return false;
  const other = otherName(own, resolving);
  return own.strategy === 'manual' || (other !== undefined && leadsBack(other, resolving));
}

/** A chain may name models that the configuration does not list: they become candidates for this route. */
function chainRoute(written: readonly string[], name: string | undefined, resolving: Resolving): Route {
  const { providers, find, defaultOf } = resolving;
  const chain = unfolded(written, resolving);
  const members: Candidate[] = [];
  for (const member of chain) {
    const isProvider = providers.some((one) => one.provider.id === member);
    const found = isProvider ? defaultOf(member) : find(member);
    if (found !== undefined && !members.some((one) => one.id === found.id)) members.push(found);
  }
  return { strategy: fallbackChain({ chain, name }), candidates: members };
}

/** A chain in which names of the user's own that have a chain are replaced by what it holds. A name that a model or a provider has, too, means that. */
function unfolded(chain: readonly string[], resolving: Resolving, within: readonly string[] = []): readonly string[] {
  return chain.flatMap((member) => {
    const own = within.includes(member) ? undefined : ownMeaning(member, resolving)?.chain;
    return own === undefined ? [member] : unfolded(own, resolving, [...within, member]);
  });
}

/** What the configuration says of a name that is no model's and no provider's. */
function ownMeaning(name: string, { configuration: { models }, providers, find }: Resolving) {
  if (!Object.hasOwn(models, name) || providers.some((one) => one.provider.id === name)) return undefined;
  return find(name) === undefined ? models[name] : undefined;
}

/** The one name that a meaning consists of, where it is not a model's: `auto`, `signalbox/<strategy>`, another name of the user's own. */
function otherName(
  { chain }: NamedModelConfiguration,
  resolving: Resolving,
  within: readonly string[] = [],
): string | undefined {
  const [only, ...others] = chain ?? [];
  if (only === undefined || others.length > 0 || within.includes(only)) return undefined;
  if (only === 'auto' || only.startsWith('signalbox/')) return only;
  // One with a chain is unfolded.
  const own = ownMeaning(only, resolving);
  return own?.strategy !== undefined || (own && otherName(own, resolving, [...within, only])) ? only : undefined;
}

/** What `fallback_chain` goes by where no chain has a name. */
function unnamedChain(resolving: Resolving): Route {
  const { fallback, routing } = resolving.configuration;
  const chain = fallback.chain.length > 0 ? fallback.chain : routing.fallbackOrder;
  if (chain.length > 0) return chainRoute(chain, undefined, resolving);
  throw new RouterError({
    kind: 'configuration',
    message: 'The strategy fallback_chain needs a chain: write one under routing.chains, or routing.fallback_order.',
  });
}

function unknownChain(name: string, known: readonly string[]): RouterError {
  const remedy = known.length === 0 ? 'none is configured' : `there are ${known.join(', ')}`;
  return new RouterError({ kind: 'usage', message: `There is no chain "${name}" under routing.chains; ${remedy}.` });
}

/** A chain of the name `budget` says what is cheaper, where a budget asks for that. */
function withCheaper(route: Route, resolving: Resolving): Route {
  const chain = resolving.configuration.routing.chains[CHEAPER_CHAIN];
  if (chain === undefined) return route;
  const { strategy: cheaper, candidates: members } = chainRoute(chain, CHEAPER_CHAIN, resolving);
  // Another chain leaves out who is no member of it; other strategies would choose among all that they get.
  const others = route.strategy.name === 'fallback_chain' ? members : [];
  const known = new Set(route.candidates.map((candidate) => candidate.id));
  return { ...route, candidates: [...route.candidates, ...others.filter(({ id }) => !known.has(id))], cheaper };
}

/** `router.default_model` where it is no candidate anyway: it answers when nobody else can. */
function unlistedDefault(listed: readonly Candidate[], { configuration, find }: Resolving): Candidate | undefined {
  const found = configuration.defaultModel === undefined ? undefined : find(configuration.defaultModel);
  return listed.some((one) => one.id === found?.id) ? undefined : found;
}

/** Models that rules name and the configuration does not list: a rule may choose them, nobody else does. */
function onlyNamedByRules({ configuration, candidates, find }: Resolving): readonly Candidate[] {
  const found = new Map<string, Candidate>();
  for (const name of configuration.routing.rules.flatMap((rule) => [rule.model, ...rule.fallback])) {
    const candidate = find(name);
    if (candidate !== undefined && !candidates.some((one) => one.id === candidate.id))
      found.set(candidate.id, candidate);
  }
  return [...found.values()];
}
