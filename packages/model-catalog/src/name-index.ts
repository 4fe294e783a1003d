import type { CatalogSlice, ModelFacts } from '@signalbox/core';

/** What a name of one provider stands for. */
export interface NamedModel {
  readonly facts: ModelFacts;
  /** The id to send. */
  readonly send: string;
  readonly kind: 'exact' | 'alias' | 'assumed' | 'short';
}

/** The names of one provider's models. */
export interface NameIndex {
  readonly provider: string;
  readonly models: readonly ModelFacts[];
  /** As they are written. */
  readonly names: ReadonlyMap<string, NamedModel>;
  /** In lower case: for people who write them otherwise. */
  readonly lowerCase: ReadonlyMap<string, NamedModel>;
  /** Names that count only together with the provider's: `anthropic.opus`, `anthropic/opus`. */
  readonly shortNames: ReadonlyMap<string, NamedModel>;
}

/**
 * Indexes a slice. The first meaning of a name stays: a model's own id, then ids that the provider takes for it, then names
 * that people use, then short names. A short name may stand for any of the names before it.
 */
export function indexNames(
  provider: string,
  slice: CatalogSlice,
  shortNames: Readonly<Record<string, string>>,
): NameIndex {
  const models = slice.models.map((facts) => (facts.provider === provider ? facts : { ...facts, provider }));
  const names = new Map<string, NamedModel>();
  const add = (name: string, model: NamedModel) => {
    if (!names.has(name)) names.set(name, model);
  };
  for (const facts of models) add(facts.id, { facts, send: facts.id, kind: 'exact' });
  for (const facts of models) {
    for (const alias of facts.aliases ?? []) add(alias, { facts, send: alias, kind: 'alias' });
  }
  const shorts = new Map<string, NamedModel>();
  for (const [name, alias] of Object.entries(slice.aliases)) {
    const target = names.get(alias.target);
    if (target === undefined) continue;
    const named = { facts: target.facts, send: alias.send ?? target.send };
    if (alias.kind === 'short') shorts.set(name, { ...named, kind: 'short' });
    else add(name, { ...named, kind: alias.kind === 'exact' ? 'alias' : 'assumed' });
  }
  for (const [short, name] of Object.entries(shortNames)) {
    const target = names.get(name);
    if (target !== undefined) shorts.set(short, { ...target, kind: target.kind === 'assumed' ? 'assumed' : 'short' });
  }
  const lowerCase = new Map<string, NamedModel>();
  for (const [name, model] of names) {
    const lower = name.toLowerCase();
    if (!lowerCase.has(lower)) lowerCase.set(lower, model.kind === 'exact' ? { ...model, kind: 'alias' } : model);
  }
  return { provider, models, names, lowerCase, shortNames: shorts };
}
