import type { Configuration } from '@signalbox/config';
import type { ProviderDefinition } from '@signalbox/core';
import { createModelCatalog } from '@signalbox/model-catalog';
import { type ConnectOptions, definitionOf } from './connect-providers.ts';

/** A model that a configuration names and that nobody has. */
export interface UnknownModel {
  readonly name: string;
  /** Where it stands, in `Configuration`. */
  readonly goal: readonly (string | number)[];
  /** What was probably meant. */
  readonly meant?: string | undefined;
}

/**
 * Models in rules, chains, modes, budgets and wherever else one is named that no provider of the configuration or the catalogue has: slips of the pen, which would otherwise show only in a decision
 * that passes over them. A server whose models nobody lists may have any; whether a provider has a key does not matter here. `named`: look at these names instead.
 */
export function unknownModels(
  configuration: Configuration,
  known: Pick<ConnectOptions, 'definitions' | 'types'>,
  named: readonly Pick<UnknownModel, 'name' | 'goal'>[] = namedModels(configuration),
): readonly UnknownModel[] {
  const ids = [...new Set([...Object.keys(configuration.providers), ...Object.keys(known.definitions)])];
  const definitions = new Map(ids.map((id) => [id, definitionOf(id, configuration.providers[id], known)]));
  const all = [...definitions.values()].filter((one) => one !== undefined);
  const catalog = createModelCatalog(Object.fromEntries(all.map((one) => [one.id, one.catalog])));
  const own = ids.flatMap((id) => namesOf(id, configuration, definitions.get(id)));
  const names = new Set([...own, ...Object.keys(configuration.models), 'auto', ...ids]);

  function isKnown(name: string): boolean {
    if (names.has(name) || name.startsWith('signalbox/') || catalog.find(name) !== undefined) return true;
    const id = ids.find((one) => name.startsWith(`${one}.`) || name.startsWith(`${one}/`));
    if (id === undefined) return false;
    const definition = definitions.get(id);
    // Of a package that is not loaded yet, and of a server that serves whatever was put on it, nothing is known.
    if (definition === undefined || definition.local || definition.catalog.models.length === 0) return true;
    return catalog.find(name.slice(id.length + 1), definition.id) !== undefined;
  }

  return named
    .filter(({ name }) => !isKnown(name))
    .map((one) => ({ ...one, meant: catalog.nearest(one.name, 1, [...own, ...ids])[0] }));
}

/** Names under which a provider's models may be meant. */
function namesOf(id: string, { providers }: Configuration, definition: ProviderDefinition | undefined): string[] {
  const own = Object.hasOwn(providers, id) ? providers[id] : undefined;
  const short = [...Object.keys(own?.models ?? {}), ...Object.keys(definition?.shortNames ?? {})];
  return [
    ...short.flatMap((name) => [`${id}.${name}`, `${id}/${name}`, name]),
    ...Object.values(own?.models ?? {}).map(({ name }) => name),
  ].filter((name) => name !== 'default' && !name.endsWith('.default'));
}

function namedModels(configuration: Configuration): readonly UnknownModel[] {
  const { routing, modes, budget, defaultModel } = configuration;
  return [
    ...(defaultModel === undefined ? [] : [{ name: defaultModel, goal: ['defaultModel'] }]),
    ...configuration.speedPriority.map((name, index) => ({ name, goal: ['speedPriority', index] })),
    ...Object.keys(budget.perModel ?? {}).map((name) => ({ name, goal: ['budget', 'perModel', name] })),
    ...Object.keys(routing.quality).map((name) => ({ name, goal: ['routing', 'quality', name] })),
    ...routing.rules.flatMap((rule, index) =>
      [rule.model, ...rule.fallback].map((name) => ({ name, goal: ['routing', 'rules', index] })),
    ),
    ...Object.entries(routing.chains).flatMap(([chain, members]) =>
      members.map((name, index) => ({ name, goal: ['routing', 'chains', chain, index] })),
    ),
    ...Object.entries(modes).map(([mode, { model }]) => ({ name: model, goal: ['modes', mode, 'model'] })),
  ];
}
