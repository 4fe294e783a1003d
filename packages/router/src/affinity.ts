import { RouterError, type ServerState } from '@signalbox/core';
import type { Route } from './candidates.ts';

/** Remembers which provider keeps what: a stored answer can be continued only where it is. */
export interface Affinity {
  /** A provider gave out this id. */
  remember(id: string, provider: string): void;
  providerOf(id: string): string | undefined;
}

const CAPACITY = 50_000;

/** In this process's memory; the oldest ids are forgotten first. What is not known here is left to the provider to judge. */
export function createAffinity(): Affinity {
  const providers = new Map<string, string>();
  return {
    remember(id, provider) {
      providers.delete(id);
      providers.set(id, provider);
      if (providers.size <= CAPACITY) return;
      const oldest = providers.keys().next().value;
      if (oldest !== undefined) providers.delete(oldest);
    },
    providerOf: (id) => providers.get(id),
  };
}

/** A route narrowed to the provider that keeps what the request goes on from, where that is known. */
export function keepToHolder(route: Route, state: ServerState | undefined, affinity: Affinity): Route {
  const holder = state?.id === undefined ? undefined : affinity.providerOf(state.id);
  if (holder === undefined) return route;
  const candidates = route.candidates.filter((candidate) => candidate.provider.id === holder);
  if (candidates.length > 0) return { ...route, candidates };
  throw new RouterError({
    kind: 'unsupported',
    message: `${state?.parameter} refers to what ${holder} keeps, and the model asked for is not there: send the conversation itself.`,
    parameter: state?.parameter,
  });
}
