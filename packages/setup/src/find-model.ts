import { type Candidate, type Removal, RouterError } from '@signalbox/core';
import type { ModelCatalog } from '@signalbox/model-catalog';
import { makeCandidate } from './configured-candidates.ts';
import type { ConnectedProvider } from './connect-providers.ts';

/** Where models are looked for. */
export interface KnownModels {
  readonly catalog: ModelCatalog;
  readonly providers: readonly ConnectedProvider[];
  /** Those of the configuration. */
  readonly candidates: readonly Candidate[];
  /** Providers that can't be called, and why. */
  readonly unavailable: readonly Removal[];
}

/** Models by their names. */
export interface ModelFinder {
  /** By any of its names: configured ones first, then everything the catalogue knows of a connected provider. */
  find(name: string): Candidate | undefined;
  /** What answers where only a provider is named. Throws RouterError `usage` or `missing-key` where there is none. */
  defaultOf(providerId: string): Candidate;
}

export function createModelFinder(known: KnownModels): ModelFinder {
  const { candidates, providers } = known;
  const byName = new Map<string, Candidate>();
  for (const candidate of candidates) {
    for (const name of [candidate.id, ...candidate.names]) if (!byName.has(name)) byName.set(name, candidate);
  }
  const find = (name: string) => byName.get(name) ?? findUnlisted(name, known);

  /** The configured default; else the vendor's usual model, unless models are listed and it is none of them: then the first of those. */
  function usualOf({ provider: { id }, definition, configuration: own }: ConnectedProvider): Candidate | undefined {
    const name = own?.default ?? definition.shortNames.default;
    const usual = name === undefined ? undefined : (byName.get(`${id}.${name}`) ?? find(`${id}/${name}`) ?? find(name));
    const listed = candidates.filter((candidate) => candidate.provider.id === id);
    const isOpen = own?.default !== undefined || Object.keys(own?.models ?? {}).length === 0;
    return isOpen || listed.some((one) => one.id === usual?.id) ? (usual ?? listed[0]) : listed[0];
  }

  return {
    find,
    defaultOf(id) {
      const connected = providers.find((one) => one.provider.id === id);
      if (connected === undefined) throw unknownProvider(id, known);
      const candidate = usualOf(connected);
      if (candidate !== undefined) return candidate;
      throw new RouterError({
        kind: 'usage',
        message: `The provider "${id}" has no default model: name one with --model.`,
      });
    },
  };
}

function findUnlisted(name: string, { catalog, providers }: KnownModels): Candidate | undefined {
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

function unknownProvider(id: string, { providers, unavailable }: KnownModels): RouterError {
  const missing = unavailable.find((removal) => removal.candidate === id);
  if (missing !== undefined) {
    return new RouterError({ kind: 'missing-key', message: `The provider ${id} can't be called: ${missing.reason}.` });
  }
  const ids = providers.map((one) => one.provider.id).join(', ');
  return new RouterError({
    kind: 'usage',
    message: `The provider "${id}" is not configured; there are ${ids === '' ? 'none' : ids}.`,
  });
}
