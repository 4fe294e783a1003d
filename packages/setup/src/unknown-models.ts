import type { Configuration } from '@signalbox/config';
import type { ProviderDefinition } from '@signalbox/core';
import { createModelCatalog } from '@signalbox/model-catalog';
import { type ConnectOptions, definitionOf } from './connect-providers.ts';

/** What may stand in a place: models and providers; names of the user's own with a chain, too; whatever can be asked for. */
type Taken = 'model' | 'chain' | 'name';

interface NamedModel extends Pick<UnknownModel, 'name' | 'goal'> {
  /** Default `chain`. */
  readonly takes?: Taken | undefined;
}

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
  named: readonly NamedModel[] = namedModels(configuration),
): readonly UnknownModel[] {
  const ids = [...new Set([...Object.keys(configuration.providers), ...Object.keys(known.definitions)])];
  const definitions = new Map(ids.map((id) => [id, definitionOf(id, configuration.providers[id], known)]));
  const all = [...definitions.values()].filter((one) => one !== undefined);
  const catalog = createModelCatalog(Object.fromEntries(all.map((one) => [one.id, one.catalog])));
  const own = ids.flatMap((id) => namesOf(id, configuration, definitions.get(id)));
  const names = new Set([...own, ...ids]);
  const chains = Object.keys(configuration.models).filter((name) => configuration.models[name]?.chain !== undefined);
  const routed = new Set([...Object.keys(configuration.models), 'auto']);

  function isKnown(name: string, takes: Taken = 'chain'): boolean {
    if (names.has(name) || catalog.find(name) !== undefined) return true;
    if (takes === 'chain' && chains.includes(name)) return true;
    if (takes === 'name' && (routed.has(name) || name.startsWith('signalbox/'))) return true;
    const id = ids.find((one) => name.startsWith(`${one}.`) || name.startsWith(`${one}/`));
    if (id === undefined) return false;
    const definition = definitions.get(id);
    // Of a package that is not loaded yet, and of a server that serves whatever was put on it, nothing is known.
    if (definition === undefined || definition.local || definition.catalog.models.length === 0) return true;
    return catalog.find(name.slice(id.length + 1), definition.id) !== undefined;
  }

  return named
    .filter(({ name, takes }) => !isKnown(name, takes))
    .map(({ name, goal }) => ({ name, goal, meant: catalog.nearest(name, 1, [...own, ...ids])[0] }));
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

function namedModels(configuration: Configuration): readonly NamedModel[] {
  const { routing, modes, budget, defaultModel, fallback } = configuration;
  const { background } = routing;
  return [
    ...(defaultModel === undefined ? [] : [named(defaultModel, ['defaultModel'], 'name')]),
    ...configuration.speedPriority.map((name, index) => named(name, ['speedPriority', index], 'model')),
    ...Object.keys(budget.perModel ?? {}).map((name) => named(name, ['budget', 'perModel', name], 'model')),
    ...Object.keys(routing.quality).map((name) => named(name, ['routing', 'quality', name], 'model')),
    ...routing.rules.flatMap((rule, index) =>
      [rule.model, ...rule.fallback].map((name) => named(name, ['routing', 'rules', index], 'model')),
    ),
    ...Object.entries(routing.chains).flatMap(([chain, members]) => membersOf(members, ['routing', 'chains', chain])),
    ...membersOf(fallback.chain, ['fallback', 'chain']),
    ...(background === 'cheapest' || background === 'off'
      ? []
      : [named(background, ['routing', 'background'], 'name')]),
    ...Object.entries(configuration.models).flatMap(([name, { chain = [] }]) => {
      const [only, ...others] = chain;
      // A name alone may be another word for anything.
      if (only !== undefined && others.length === 0) return [named(only, ['models', name], 'name')];
      return membersOf(chain, ['models', name, 'chain']);
    }),
    ...Object.entries(modes).map(([mode, { model }]) => named(model, ['modes', mode, 'model'], 'name')),
  ];
}

const named = (name: string, goal: UnknownModel['goal'], takes: Taken): NamedModel => ({ name, goal, takes });

const membersOf = (members: readonly string[], goal: UnknownModel['goal']): readonly NamedModel[] =>
  members.map((name, index) => named(name, [...goal, index], 'chain'));
