import { type BilledRequest, type CatalogSlice, type ModelFacts, type Rates, ratesAt } from '@signalbox/core';
import { indexNames, type NameIndex } from './name-index.ts';
import { nearestNames } from './nearest.ts';
import { type Resolution, resolve } from './resolve.ts';
import { type ModelQuery, searchModels } from './search.ts';
import { isRetired, successorOf } from './service-life.ts';

/** Days after which a catalogue's prices should be looked at again. */
export const STALE_AFTER_DAYS = 120;

const DAY_IN_MILLISECONDS = 86_400_000;

/** What a catalogue knows beside its slices. */
export interface ModelCatalogOptions {
  /** Short names by provider: `{ anthropic: { opus: 'claude-opus-5' } }` gives `anthropic.opus`. */
  readonly shortNames?: Readonly<Record<string, Readonly<Record<string, string>>>> | undefined;
  /** Unix milliseconds; decides what is retired. Default: the system's clock. */
  readonly now?: (() => number) | undefined;
}

/** All models that are known, by their names. */
export interface ModelCatalog {
  /**
   * What a name stands for, among all providers in their order or within one; `undefined` where nothing is known by it. Takes
   * ids, aliases, `provider/model`, `provider.short` and, where a provider is given, short names alone.
   */
  find(name: string, provider?: string): Resolution | undefined;
  /**
   * Names like one that was not found, best first; default: three. `ownNames`: other names that exist, such as those of a
   * configuration; of two that are as like they come first.
   */
  nearest(name: string, limit?: number, ownNames?: readonly string[]): readonly string[];
  /** The models that meet every condition, in the order of the providers, without retired ones unless asked for. */
  search(query: ModelQuery): readonly ModelFacts[];
  /** All models, in the order of the providers. */
  list(): readonly ModelFacts[];
  /** The newest model of the same family that is served and fully known. */
  successor(facts: ModelFacts): ModelFacts | undefined;
  /** Whole days since the oldest slice was gathered; `undefined` where there is none. `now`: Unix milliseconds. */
  ageInDays(now: number): number | undefined;
  /** The rates that hold for a request at a moment (Unix milliseconds); `undefined` where the price is unknown. */
  currentRates(facts: ModelFacts, at: number, request?: BilledRequest): Rates | undefined;
  /**
   * A catalogue with these models too, and with more short names. A model of the same provider and id, and a short name of the
   * same provider, replace what was there; this catalogue stays as it is.
   */
  withModels(models: readonly ModelFacts[], shortNames?: ModelCatalogOptions['shortNames']): ModelCatalog;
}

/**
 * Merges the providers' slices. The key is the id under which a provider runs (`local` for an Ollama), and models are found
 * under it.
 *
 * @example
 * const catalog = createModelCatalog({ anthropic: anthropic.catalog }, { shortNames: { anthropic: anthropic.shortNames } });
 * catalog.find('claude-opus-4')?.send; // 'claude-opus-4-0', with a warning that it is no longer served
 */
export function createModelCatalog(
  slices: Readonly<Record<string, CatalogSlice>>,
  options: ModelCatalogOptions = {},
): ModelCatalog {
  const now = options.now ?? Date.now;
  const indexes = Object.entries(slices).map(([provider, slice]) =>
    indexNames(provider, slice, options.shortNames?.[provider] ?? {}),
  );
  const models = indexes.flatMap((index) => index.models);
  const today = () => new Date(now()).toISOString().slice(0, 10);
  return {
    find: (name, provider) => resolve(name, indexes, provider, today()),
    nearest: (name, limit = 3, ownNames = []) => nearestNames(name, indexes, limit, ownNames, retiredOn(today())),
    search: (query) => searchModels(models, query, now()),
    list: () => models,
    successor: (facts) => successorOf(facts, models, today()),
    ageInDays: (moment) => ageInDays(slices, moment),
    currentRates: (facts, at, request) => ratesAt(facts.prices, at, request),
    withModels: (added, shortNames) =>
      createModelCatalog(slicesWith(slices, added), {
        ...options,
        shortNames: mergedShortNames(options.shortNames ?? {}, shortNames ?? {}),
      }),
  };
}

function retiredOn(today: string): (index: NameIndex, id: string) => boolean {
  return (index, id) => {
    const facts = index.names.get(id)?.facts;
    return facts !== undefined && isRetired(facts, today);
  };
}

function ageInDays(slices: Readonly<Record<string, CatalogSlice>>, now: number): number | undefined {
  const dates = Object.values(slices)
    .map((slice) => Date.parse(slice.generated))
    .filter((date) => Number.isFinite(date));
  return dates.length === 0 ? undefined : Math.max(0, Math.floor((now - Math.min(...dates)) / DAY_IN_MILLISECONDS));
}

function slicesWith(
  slices: Readonly<Record<string, CatalogSlice>>,
  added: readonly ModelFacts[],
): Readonly<Record<string, CatalogSlice>> {
  const result: Record<string, CatalogSlice> = { ...slices };
  for (const [provider, fresh] of Map.groupBy(added, (facts) => facts.provider)) {
    // Facts that a user wrote have no date of gathering: they do not make the catalogue look fresh or old.
    const slice = result[provider] ?? { generated: '', sources: {}, models: [], aliases: {} };
    const byId = new Map([...slice.models, ...fresh].map((facts) => [facts.id, facts]));
    result[provider] = { ...slice, models: [...byId.values()] };
  }
  return result;
}

function mergedShortNames(
  before: NonNullable<ModelCatalogOptions['shortNames']>,
  added: NonNullable<ModelCatalogOptions['shortNames']>,
): NonNullable<ModelCatalogOptions['shortNames']> {
  const merged = { ...before };
  for (const [provider, names] of Object.entries(added)) merged[provider] = { ...merged[provider], ...names };
  return merged;
}
