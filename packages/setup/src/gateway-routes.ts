import type { Configuration, NamedModelConfiguration } from '@signalbox/config';
import { type Candidate, namePatterns, RouterError, type Strategy } from '@signalbox/core';
import type { ModelCatalog } from '@signalbox/model-catalog';
import type { Route } from '@signalbox/router';
import type { Resolver } from './resolve-model.ts';

/** A name that a gateway's callers may use instead of a model's. */
export interface RoutedName {
  readonly name: string;
  /** What it means, in a few words for people. */
  readonly meaning: string;
}

/** What the model names of a gateway's callers mean. */
export interface GatewayRoutes {
  /**
   * The route of a request. `isBackground` is asked only where the request would be routed. Throws RouterError `unknown-model`, `missing-key`.
   */
  resolve(name: string | undefined, isBackground?: () => boolean): Route;
  /** `auto`, the strategies and the configured names without `*`. */
  readonly names: readonly RoutedName[];
}

/** Stands before any name in lists for clients that take names of Claude models alone; `resolve` looks behind it. */
export const CLAUDE_NAME_PREFIX = 'claude-signalbox-';

export interface GatewayRoutesInput {
  readonly configuration: Configuration;
  readonly catalog: ModelCatalog;
  readonly candidates: readonly Candidate[];
  readonly resolver: Resolver;
  /** The strategies that can be named. */
  readonly strategies: readonly string[];
}

/**
 * Reads names as a gateway does: beside what the resolver knows, patterns of the configuration mean a strategy or a chain, under `routing.apply_to: all` every name means
 * the configured strategy, and small calls that agents make beside a conversation go to a cheap model. The model that was named is a candidate like the others then.
 */
export function createGatewayRoutes(input: GatewayRoutesInput): GatewayRoutes {
  const { configuration, candidates, resolver } = input;
  const { applyTo, background } = configuration.routing;
  const patterns = Object.entries(configuration.models)
    .filter(([name]) => name.includes('*'))
    .map(([name, meaning]) => ({ fits: namePatterns([name]), meaning }));

  /** What the configuration says of a name; undefined where it says nothing. */
  function configured(name: string): NamedModelConfiguration | undefined {
    return Object.hasOwn(configuration.models, name)
      ? configuration.models[name]
      : patterns.find(({ fits }) => fits(name))?.meaning;
  }

  /** The model and sampling of a mode; undefined where the configuration has none of that name. */
  function modeRoute(mode: string): Route | undefined {
    const found = Object.hasOwn(configuration.modes, mode) ? configuration.modes[mode] : undefined;
    if (found === undefined) return undefined;
    const { temperature, topP } = found;
    const sampling = temperature === undefined && topP === undefined ? undefined : { temperature, topP };
    return { ...resolver.model(found.model, `${mode}_mode names the model`), sampling, capsOutput: true };
  }

  /** A strategy that is named by a caller: one that is not to be had is a name that nobody knows, not a fault of the gateway's. */
  function strategyRoute(name: string): Route {
    try {
      return resolver.model(name);
    } catch (error) {
      if (!RouterError.is(error) || error.kind !== 'configuration') throw error;
      throw new RouterError({ kind: 'unknown-model', message: error.message, parameter: 'model', cause: error });
    }
  }

  /** What `auto` means: the configured mode, if any, else the configured strategy. */
  function auto(name: string | undefined): Route {
    const mode = configuration.enabled ? configuration.gateway.mode : undefined;
    return (mode === undefined ? undefined : modeRoute(mode)) ?? resolver.model(name);
  }

  /** A route that somebody else chose for a caller who had a certain model in mind. */
  function insteadOf(name: string, route: Route): Route {
    const named = resolver.find(name);
    const known = named === undefined || route.candidates.some((one) => one.id === named.id);
    return { ...route, candidates: known ? route.candidates : [...route.candidates, named], capsOutput: true };
  }

  /** The route of a name that is routed; undefined for a model and for what nobody knows. */
  function routed(name: string | undefined): Route | undefined {
    if (name === undefined || name === 'auto' || name === 'signalbox/auto') return auto(name);
    if (name.startsWith('signalbox/')) return modeRoute(name.slice('signalbox/'.length)) ?? strategyRoute(name);
    const meaning = configured(name);
    const other = meaning && resolver.nameBehind(meaning);
    const route = other === undefined || other === name ? undefined : routed(other);
    if (route !== undefined) return insteadOf(name, route);
    if (meaning?.chain !== undefined) return { ...resolver.members(meaning.chain), capsOutput: true };
    if (meaning?.strategy !== undefined) return insteadOf(name, resolver.strategy(meaning.strategy));
    return applyTo === 'all' ? insteadOf(name, auto('auto')) : undefined;
  }

  function backgroundRoute(): Route | undefined {
    if (background === 'off') return undefined;
    if (background !== 'cheapest') {
      const because = 'a small call beside the conversation: routing.background names the model';
      const route = unlessUnknown(() => resolver.model(background, because));
      return route && { ...route, capsOutput: true };
    }
    return { strategy: cheapestFirst(input.catalog), candidates, capsOutput: true };
  }

  /** Whether a strategy has what it needs, and chooses at all. */
  function isUsable(strategy: string): boolean {
    try {
      return strategy !== 'manual' && resolver.strategy(strategy).candidates.length > 0;
    } catch (error) {
      if (RouterError.is(error)) return false;
      throw error;
    }
  }

  return {
    resolve(written, isBackground) {
      const name = behindPrefix(written, input.strategies);
      const chosen = routed(name);
      const background = chosen !== undefined && configuration.enabled && isBackground?.() === true;
      const route = (background ? backgroundRoute() : undefined) ?? chosen ?? resolver.model(name);
      // Who sees a Claude model in the name asks for as long an answer as one can give.
      return name === written ? route : { ...route, capsOutput: true };
    },
    names: [
      { name: 'auto', meaning: meaningOfAuto(configuration) },
      ...Object.entries(configuration.modes).map(([mode, { model }]) => ({
        name: `signalbox/${mode}`,
        meaning: `${model}, as ${mode}_mode says`,
      })),
      ...input.strategies
        .filter(isUsable)
        .map((strategy) => ({ name: `signalbox/${strategy}`, meaning: `routed by ${strategy}` })),
      ...Object.entries(configuration.models)
        .filter(([name]) => !name.includes('*'))
        .map(([name, { chain, strategy }]) => ({ name, meaning: chain?.join(', then ') ?? `routed by ${strategy}` })),
    ],
  };
}

/** A route; undefined where its name is one that nobody has: that was told when the configuration was read. */
function unlessUnknown(resolve: () => Route): Route | undefined {
  try {
    return resolve();
  } catch (error) {
    if (RouterError.is(error) && error.kind === 'unknown-model') return undefined;
    throw error;
  }
}

/** `claude-signalbox-auto` is `auto`, and `claude-signalbox-best_for_task` is `signalbox/best_for_task`. */
function behindPrefix(name: string | undefined, strategies: readonly string[]): string | undefined {
  if (name?.startsWith(CLAUDE_NAME_PREFIX) !== true) return name;
  const rest = name.slice(CLAUDE_NAME_PREFIX.length);
  return strategies.includes(rest) ? `signalbox/${rest}` : rest;
}

/** The cheapest first, by what input and output cost together; whose price is unknown, last. */
function cheapestFirst(catalog: ModelCatalog): Strategy {
  return {
    name: 'cheapest',
    needs: [],
    rank(candidates, { now }) {
      const price = ({ facts }: Candidate) => {
        const rates = catalog.currentRates(facts, now);
        return rates?.input === undefined || rates.output === undefined
          ? Number.POSITIVE_INFINITY
          : rates.input + rates.output;
      };
      const priced = candidates.map((candidate) => ({ candidate, price: price(candidate) }));
      const order = priced.toSorted((one, other) => (one.price === other.price ? 0 : one.price - other.price));
      return {
        order: order.map(({ candidate }) => ({ candidate })),
        reason: 'a small call beside the conversation: the cheapest',
      };
    },
  };
}

function meaningOfAuto({ gateway, routing }: Configuration): string {
  return gateway.mode === undefined ? `routed by ${routing.strategy}` : `${gateway.mode}_mode`;
}
