import type { ModelConfiguration, ProviderConfiguration } from '@signalbox/config';
import type { Candidate, ModelFacts, PricePeriod, Provider, ProviderDefinition } from '@signalbox/core';
import { overridePrices, ratesPerThousandTokens } from '@signalbox/cost-tracker';
import type { ModelCatalog } from '@signalbox/model-catalog';

/** The candidates of one provider: the models its configuration lists, or the ones its definition suggests. */
export function configuredCandidates(
  provider: Provider,
  definition: ProviderDefinition,
  configuration: ProviderConfiguration | undefined,
  catalog: ModelCatalog,
): Candidate[] {
  const configured = Object.entries(configuration?.models ?? {});
  if (configured.length > 0) {
    const families = familyNames(configured, definition, catalog);
    return configured.map(([shortName, model]) =>
      makeCandidate(provider, definition, model, [shortName, ...(families.get(shortName) ?? [])], catalog),
    );
  }
  const byTarget = new Map<string, string[]>();
  for (const [shortName, target] of Object.entries(definition.shortNames)) {
    const names = byTarget.get(target);
    if (names === undefined) byTarget.set(target, [shortName]);
    else names.push(shortName);
  }
  return [...byTarget].map(([name, shortNames]) => makeCandidate(provider, definition, { name }, shortNames, catalog));
}

/**
 * The built-in short names that a configuration gives a meaning of its own, by the short name of the model that they mean: where of all Opuses one is listed, `anthropic.opus` is that one and not the
 * newest there is. Of several the first.
 */
function familyNames(
  configured: readonly (readonly [shortName: string, model: ModelConfiguration])[],
  definition: ProviderDefinition,
  catalog: ModelCatalog,
): ReadonlyMap<string, readonly string[]> {
  const listed = configured.map(([shortName, { name }]) => ({
    shortName,
    id: (catalog.find(name, definition.id) ?? behindShortName(name, definition, catalog))?.facts.id ?? name,
  }));
  const names = new Map<string, string[]>();
  for (const [short, target] of Object.entries(definition.shortNames)) {
    if (short === 'default' || listed.some(({ shortName, id }) => shortName === short || id === target)) continue;
    const meant = listed.find(({ id }) => id.split('-').includes(short));
    if (meant !== undefined) names.set(meant.shortName, [...(names.get(meant.shortName) ?? []), short]);
  }
  return names;
}

/**
 * A model at a provider as a candidate, with its facts from the catalogue and what the configuration says instead. A model
 * that the catalogue doesn't know is a candidate too: its facts are unknown, not absent.
 */
export function makeCandidate(
  provider: Provider,
  definition: ProviderDefinition,
  model: ModelConfiguration,
  shortNames: readonly string[],
  catalog: ModelCatalog,
): Candidate {
  const found = catalog.find(model.name, definition.id) ?? behindShortName(model.name, definition, catalog);
  const sent = found?.send ?? model.name;
  const facts = withConfiguration(found?.facts ?? unknownModel(model.name, definition, provider), model);
  // The built-in short names that mean this model mean it under the project's own names too.
  const builtIn = Object.keys(definition.shortNames).filter(
    (name) => name !== 'default' && definition.shortNames[name] === found?.facts.id,
  );
  const names = new Set([sent, model.name, facts.id]);
  for (const name of [...shortNames, ...builtIn]) {
    if (name === 'default') continue;
    names.add(`${provider.id}.${name}`);
    names.add(name);
  }
  return { id: `${provider.id}/${sent}`, provider, model: sent, names: [...names], facts, warning: found?.warning };
}

/** `models: [opus, sonnet]` means the vendor's models of these names; a server of one's own may well have a model that is called so. */
function behindShortName(name: string, definition: ProviderDefinition, catalog: ModelCatalog) {
  const target = definition.local || name === 'default' ? undefined : definition.shortNames[name];
  return target === undefined ? undefined : catalog.find(target, definition.id);
}

function unknownModel(name: string, definition: ProviderDefinition, provider: Provider): ModelFacts {
  // A model on one's own server costs nothing whoever made it; another unknown one has an unknown price.
  const prices: readonly PricePeriod[] = definition.local && provider.local ? [{ input: 0, output: 0 }] : [];
  return { id: name, provider: definition.id, name, type: 'chat', status: 'active', capabilities: {}, prices };
}

function withConfiguration(facts: ModelFacts, model: ModelConfiguration): ModelFacts {
  const { contextWindow, maxOutputTokens, ratesPer1k } = model;
  return {
    ...facts,
    contextWindow: contextWindow ?? facts.contextWindow,
    maxOutput: maxOutputTokens ?? facts.maxOutput,
    prices: ratesPer1k === undefined ? facts.prices : overridePrices(facts.prices, ratesPerThousandTokens(ratesPer1k)),
  };
}
