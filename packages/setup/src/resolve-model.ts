import { type Configuration, canonicalStrategy } from '@signalbox/config';
import { type Candidate, type Removal, RouterError } from '@signalbox/core';
import type { ModelCatalog } from '@signalbox/model-catalog';
import type { Route } from '@signalbox/router';
import { fallbackChain, manual } from '@signalbox/strategies';
import { makeCandidate } from './configured-candidates.ts';
import type { StrategyFactory } from './configured-strategies.ts';
import type { ConnectedProvider } from './connect-providers.ts';
import { type ScriptRouteOptions, withScript } from './script-route.ts';

export interface ResolverInput {
  readonly configuration: Configuration;
  readonly catalog: ModelCatalog;
  readonly providers: readonly ConnectedProvider[];
  readonly candidates: readonly Candidate[];
  readonly unavailable: readonly Removal[];
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
}

/** `switch_to_cheaper` goes by the chain of this name, if there is one. */
const CHEAPER_CHAIN = 'budget';

export function createResolver(input: ResolverInput): Resolver {
  const { configuration, catalog, providers, candidates, unavailable, strategyNamed, script } = input;
  const byName = new Map<string, Candidate>();
  for (const candidate of candidates) {
    for (const name of [candidate.id, ...candidate.names]) if (!byName.has(name)) byName.set(name, candidate);
  }

  /** The fallbacks that a person configured for a choice of their own; none: the choice stands or falls alone. */
  function configuredFallbacks(chosen: Candidate): Candidate[] {
    const { fallback } = configuration;
    if (!fallback.enabled) return [];
    return fallback.chain
      .map((name) => find(name))
      .filter((candidate): candidate is Candidate => candidate !== undefined && candidate.id !== chosen.id);
  }

  function exactly(candidate: Candidate, reason: string): Route {
    return { strategy: manual(reason), candidates: [candidate, ...configuredFallbacks(candidate)] };
  }

  /** A route that may be chosen by the user's script. */
  function open(route: Route): Route {
    return script === undefined ? route : withScript(route, { ...script, resolve: resolver.model });
  }

  /** A model by any of its names: configured ones first, then everything the catalogue knows of a connected provider. */
  function find(name: string): Candidate | undefined {
    const configured = byName.get(name);
    if (configured !== undefined) return configured;
    for (const { provider, definition, configuration: own } of providers) {
      const prefixed = [`${provider.id}/`, `${provider.id}.`].find((prefix) => name.startsWith(prefix));
      const bare = prefixed === undefined ? name : name.slice(prefixed.length);
      const shortName = definition.shortNames[bare];
      if (prefixed !== undefined && shortName !== undefined) {
        return makeCandidate(provider, definition, { name: shortName }, [bare], catalog);
      }
      const known = catalog.find(bare, definition.id);
      // A provider on this machine serves whatever was pulled, and of some nobody lists the models: a name behind the prefix will do.
      const unlisted = definition.local || definition.catalog.models.length === 0;
      if (known !== undefined || (prefixed !== undefined && unlisted)) {
        return makeCandidate(provider, definition, own?.models[bare] ?? { name: bare }, [], catalog);
      }
    }
    return undefined;
  }

  function notFound(name: string): RouterError {
    const elsewhere = catalog.find(name);
    const missing = unavailable.find((removal) => removal.candidate === elsewhere?.facts.provider);
    if (missing !== undefined) {
      return new RouterError({
        kind: 'missing-key',
        message: `${name} is a model of ${missing.candidate}, which can't be called: ${missing.reason}.`,
        parameter: 'model',
      });
    }
    if (elsewhere !== undefined) {
      return new RouterError({
        kind: 'unknown-model',
        message: `${name} is a model of ${elsewhere.facts.provider}, which is not configured: add it under "providers".`,
        parameter: 'model',
      });
    }
    const own = candidates.flatMap((candidate) => candidate.names);
    const nearest = catalog.nearest(name, 3, own);
    const remedy = nearest.length === 0 ? 'See "signalbox models".' : `Did you mean ${nearest.join(', ')}?`;
    // The catalogue is as old as this version: who names the provider may know better.
    const named = providers.find(({ provider }) => name.startsWith(`${provider.id}/`))?.provider.id;
    const newer =
      named === undefined ? '' : ` One that is too new to be known here goes under providers.${named}.models.`;
    return new RouterError({
      kind: 'unknown-model',
      message: `The model "${name}" is unknown. ${remedy}${newer}`,
      parameter: 'model',
    });
  }

  /** A chain of the name `budget` says what is cheaper, where a budget asks for that. */
  function withCheaper(route: Route): Route {
    const chain = configuration.routing.chains[CHEAPER_CHAIN];
    if (chain === undefined) return route;
    const { strategy: cheaper, candidates: members } = chainRoute(chain, CHEAPER_CHAIN);
    // Another chain leaves out who is no member of it; other strategies would choose among all that they get.
    const others = route.strategy.name === 'fallback_chain' ? members : [];
    const known = new Set(route.candidates.map((candidate) => candidate.id));
    return { ...route, candidates: [...route.candidates, ...others.filter(({ id }) => !known.has(id))], cheaper };
  }

  function auto(): Route {
    if (!configuration.enabled) {
      if (configuration.defaultModel === undefined) {
        throw new RouterError({
          kind: 'configuration',
          message:
            'The router is switched off (router.enabled: false) and names no router.default_model to answer instead.',
        });
      }
      return resolver.model(configuration.defaultModel, 'router.default_model, as the router is switched off');
    }
    const { strategy } = configuration.routing;
    return resolver.strategy(strategy);
  }

  /** Nobody is to choose: `router.default_model`, or who stands first. */
  function byHand(): Route | undefined {
    const { defaultModel = 'auto' } = configuration;
    const alias = configuration.models[defaultModel];
    const chosen = alias === undefined ? find(defaultModel) : undefined;
    if (chosen !== undefined)
      return exactly(chosen, 'router.default_model, which manual takes where no model is named');
    // A name that would lead back here is none.
    const isOwnTail = /^(?:signalbox\/)?(?:auto|manual)$/.test(defaultModel) || alias?.strategy === 'manual';
    if (!isOwnTail) return resolver.model(defaultModel);
    const [first] = candidates;
    if (first === undefined) return undefined;
    return {
      strategy: manual('the first model configured, as no model is named and router.default_model names none'),
      candidates: [first],
    };
  }

  const resolver: Resolver = {
    find,
    model(name, because = 'the caller named the model') {
      if (name === undefined || name === 'auto' || name === 'signalbox/auto') return auto();
      if (name.startsWith('signalbox/')) return resolver.strategy(name.slice('signalbox/'.length));
      const own = configuration.models[name];
      if (own?.chain !== undefined) return resolver.members(own.chain);
      if (own?.strategy !== undefined) return resolver.strategy(own.strategy);
      const candidate = find(name);
      if (candidate === undefined) throw notFound(name);
      return exactly(candidate, because);
    },
    provider(id) {
      const connected = providers.find((one) => one.provider.id === id);
      if (connected === undefined) {
        const missing = unavailable.find((removal) => removal.candidate === id);
        const ids = providers.map((one) => one.provider.id).join(', ');
        throw new RouterError({
          kind: missing === undefined ? 'usage' : 'missing-key',
          message:
            missing === undefined
              ? `The provider "${id}" is not configured; there are ${ids === '' ? 'none' : ids}.`
              : `The provider ${id} can't be called: ${missing.reason}.`,
        });
      }
      const candidate = defaultOf(connected);
      if (candidate === undefined) {
        throw new RouterError({
          kind: 'usage',
          message: `The provider "${id}" has no default model: name one with --model.`,
        });
      }
      return exactly(candidate, `the default of ${id}, which the caller named`);
    },
    chain(name) {
      const chain = configuration.routing.chains[name];
      if (chain === undefined) {
        const names = Object.keys(configuration.routing.chains);
        throw new RouterError({
          kind: 'usage',
          message: `There is no chain "${name}" under routing.chains; ${names.length === 0 ? 'none is configured' : `there are ${names.join(', ')}`}.`,
        });
      }
      return chainRoute(chain, name);
    },
    members: (names) => chainRoute(names, undefined),
    strategy(written) {
      const name = canonicalStrategy(written);
      if (name === 'fallback_chain') {
        const [first] = Object.keys(configuration.routing.chains);
        if (first !== undefined) return open(withCheaper(resolver.chain(first)));
        const { fallback, routing } = configuration;
        const chain = fallback.chain.length > 0 ? fallback.chain : routing.fallbackOrder;
        if (chain.length > 0) return open(chainRoute(chain, undefined));
        throw new RouterError({
          kind: 'configuration',
          message:
            'The strategy fallback_chain needs a chain: write one under routing.chains, or routing.fallback_order.',
        });
      }
      const chosen = name === 'manual' ? byHand() : undefined;
      if (chosen !== undefined) return open(chosen);
      const named = onlyNamedByRules();
      const last = unlistedDefault([...candidates, ...named]);
      const strategy = strategyNamed(name, new Set(named.map((one) => one.id)), last?.id);
      return open(
        withCheaper({ strategy, candidates: [...candidates, ...named, ...(last === undefined ? [] : [last])] }),
      );
    },
  };

  /** The model that is asked where only its provider is named: the configured default; else the vendor's usual one, unless models are listed and it is none of them. */
  function defaultOf({ provider: { id }, definition, configuration: own }: ConnectedProvider): Candidate | undefined {
    const named = (name: string | undefined) =>
      name === undefined ? undefined : (byName.get(`${id}.${name}`) ?? find(`${id}/${name}`) ?? find(name));
    const listed = candidates.filter((candidate) => candidate.provider.id === id);
    const usual = own?.default === undefined ? named(definition.shortNames.default) : named(own.default);
    const isOpen = own?.default !== undefined || Object.keys(own?.models ?? {}).length === 0;
    return isOpen || listed.some((one) => one.id === usual?.id) ? (usual ?? listed[0]) : listed[0];
  }

  /** `router.default_model` where it is no candidate anyway: it answers when nobody else can. */
  function unlistedDefault(listed: readonly Candidate[]): Candidate | undefined {
    const found = configuration.defaultModel === undefined ? undefined : find(configuration.defaultModel);
    return listed.some((one) => one.id === found?.id) ? undefined : found;
  }

  /** Models that rules name and the configuration does not list: a rule may choose them, nobody else does. */
  function onlyNamedByRules(): readonly Candidate[] {
    const found = new Map<string, Candidate>();
    for (const name of configuration.routing.rules.flatMap((rule) => [rule.model, ...rule.fallback])) {
      const candidate = find(name);
      if (candidate !== undefined && !candidates.some((one) => one.id === candidate.id))
        found.set(candidate.id, candidate);
    }
    return [...found.values()];
  }

  /** A chain may name models that the configuration does not list: they become candidates for this route. */
  function chainRoute(chain: readonly string[], name: string | undefined): Route {
    const members: Candidate[] = [];
    for (const member of chain) {
      const provider = providers.find((one) => one.provider.id === member);
      const found = provider === undefined ? find(member) : resolver.provider(member).candidates[0];
      if (found !== undefined && !members.some((one) => one.id === found.id)) members.push(found);
    }
    return { strategy: fallbackChain({ chain, name }), candidates: members };
  }

  return resolver;
}
