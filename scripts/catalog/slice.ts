import type { CatalogSlice, ModelAlias, ModelFacts, PricePeriod, Rates } from '../../packages/core/src/index.ts';
import { decimalToInteger } from '../../packages/core/src/money.ts';
import {
  BILLED_KINDS,
  CAPABILITY_NAMES,
  SERVICE_TIERS,
  type SourceCatalog,
  type SourceModel,
  type SourcePrice,
  type SourceRates,
} from './source-catalog.ts';

/** A snapshot's suffix: -20250514, -2024-04-09, -0613, -001, -preview-06-17, -preview-09-2025. */
const SNAPSHOT = /^-(preview-)?(\d{8}|\d{4}-\d{2}-\d{2}|\d{2}-\d{4}|\d{2}-\d{2}|\d{4}|\d{3})$/;

/** Names without a date that a provider takes for another of its models, from its own documentation. */
const MOVING_ALIASES: Readonly<Record<string, readonly string[]>> = { openai: ['gpt-4-turbo-preview'] };

const CURATED = "by hand, from the providers' public documentation";

/** What a batch discount covers: Anthropic documents it for cached input too, the others for input and output. */
const BATCH_KINDS: Readonly<Record<string, readonly (keyof Rates)[]>> = {
  anthropic: ['input', 'output', 'cacheRead', 'cacheWrite5m', 'cacheWrite1h'],
};

/** The part of the catalogue that a provider's package ships; its models and aliases in the order of their names. */
export function sliceOf(source: SourceCatalog, provider: string): CatalogSlice {
  const chosen = source.models
    .filter((model) => model.provider === provider)
    .sort((one, other) => compare(one.id, other.id));
  const models = chosen.map((model) => factsOf(model, source));
  const aliases = aliasesOf(source, provider, chosen);
  const used = new Set(models.flatMap(sourcesUsed));
  if (Object.values(aliases).some((alias) => alias.kind === 'assumed')) used.add('curated');
  const known = {
    ...source.sources,
    curated: { name: CURATED, date: source.sources.curated?.date ?? source.generated },
  };
  const sources = Object.entries(known).filter(([key]) => used.has(key));
  return {
    generated: source.generated,
    sources: Object.fromEntries(sources.sort(([one], [other]) => compare(one, other))),
    models,
    aliases,
  };
}

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

function sourcesUsed(model: ModelFacts): readonly string[] {
  const { filled = {}, ...groups } = model.sources ?? {};
  return [...Object.values(groups), ...Object.values(filled)].filter((key) => key !== undefined);
}

function factsOf(model: SourceModel, source: SourceCatalog): ModelFacts {
  const batchMultiplier =
    model.status === 'retired' ? undefined : source.providerRules[model.provider]?.batchMultiplier;
  const prices = model.prices.map((period) => periodOf(period, batchMultiplier, BATCH_KINDS[model.provider]));
  const curated = prices.some((period, index) => period.batch !== undefined && !model.prices[index]?.services.batch);
  const filled = Object.entries({ ...model.sources.filled, ...(curated ? { batch: 'curated' } : {}) });
  const taken = (model.aliases ?? []).filter((alias) => isTaken(model.provider, model.id, alias));
  const capabilities = CAPABILITY_NAMES.filter((name) => model.capabilities?.[name] !== undefined);
  return {
    id: model.id,
    provider: model.provider,
    name: model.name,
    type: model.type,
    family: model.family,
    aliases: taken.length > 0 ? taken.sort(compare) : undefined,
    status: model.status,
    retires: retirement(model, source.generated),
    released: model.released,
    contextWindow: model.contextWindow,
    maxInput: model.maxInput,
    maxOutput: model.maxOutput,
    capabilities: Object.fromEntries(capabilities.map((name) => [name, model.capabilities?.[name]])),
    reasoningEfforts: model.reasoningEfforts,
    reasoningBudget: model.reasoningBudget,
    cacheMinTokens: model.cacheMinTokens,
    prices,
    priceVerified: model.priceVerified,
    sources: {
      prices: model.sources.prices ?? undefined,
      limits: model.sources.limits ?? undefined,
      capabilities: model.sources.capabilities ?? undefined,
      filled: filled.length > 0 ? Object.fromEntries(filled.sort(([one], [other]) => compare(one, other))) : undefined,
    },
  };
}

/** A date in the past on a model that is still served is one of its old snapshots': it says nothing about the model. */
function retirement(model: SourceModel, generated: string): string | undefined {
  if (model.deprecates === undefined) return undefined;
  return model.status !== 'retired' && model.deprecates <= generated ? undefined : model.deprecates;
}

function periodOf(
  period: SourcePrice,
  batchMultiplier: number | undefined,
  kinds?: readonly (keyof Rates)[],
): PricePeriod {
  const rates = ratesOf(period.rates);
  const tiers = [...period.tiers].sort((one, other) => one.aboveInputTokens - other.aboveInputTokens);
  const services = Object.fromEntries(
    SERVICE_TIERS.filter((name) => period.services[name]).map((name) => [name, ratesOf(period.services[name] ?? {})]),
  );
  const free = Object.values(rates).every((rate) => rate === 0);
  if (services.batch === undefined && batchMultiplier !== undefined && !free) {
    services.batch = multiplied(rates, batchMultiplier, kinds ?? ['input', 'output']);
  }
  return {
    effectiveFrom: period.effectiveFrom,
    effectiveUntil: period.effectiveUntil,
    hoursUtc: period.hoursUtc,
    ...rates,
    tiers:
      tiers.length > 0
        ? tiers.map((tier) => ({ aboveInputTokens: tier.aboveInputTokens, ...ratesOf(tier.rates) }))
        : undefined,
    batch: services.batch,
    flex: services.flex,
    priority: services.priority,
  };
}

function ratesOf(dollars: SourceRates): Rates {
  const rates: { -readonly [Kind in keyof Rates]: Rates[Kind] } = {};
  for (const kind of BILLED_KINDS) {
    const rate = dollars[kind];
    if (rate !== undefined) rates[kind] = decimalToInteger(rate, 9);
  }
  // Dollars for a thousand searches become nano-dollars for a million.
  if (dollars.webSearchPer1k !== undefined) rates.webSearch = decimalToInteger(dollars.webSearchPer1k, 12);
  return rates;
}

function multiplied(rates: Rates, multiplier: number, kinds: readonly (keyof Rates)[]): Rates {
  const changed = kinds.filter((kind) => rates[kind] !== undefined);
  return Object.fromEntries(changed.map((kind) => [kind, Math.round((rates[kind] ?? 0) * multiplier)]));
}

/** Whether the provider itself takes this name: other spellings are for people, and the model's own id is sent for them. */
function isTaken(provider: string, id: string, alias: string): boolean {
  if (MOVING_ALIASES[provider]?.includes(alias)) return true;
  const base = id.replace(/-(latest|0)$/, '');
  return alias.startsWith(base) && SNAPSHOT.test(alias.slice(base.length));
}

function aliasesOf(
  source: SourceCatalog,
  provider: string,
  models: readonly SourceModel[],
): Record<string, ModelAlias> {
  const ids = new Set(models.map((model) => model.id));
  const aliases = new Map<string, ModelAlias>();
  for (const model of models) {
    for (const alias of model.aliases ?? []) {
      if (!isTaken(provider, model.id, alias)) aliases.set(alias, { target: model.id, kind: 'exact' });
    }
  }
  for (const [name, alias] of Object.entries(source.seedAliases)) {
    const target = alias.target.slice(alias.target.indexOf('/') + 1);
    if (!alias.target.startsWith(`${provider}/`) || ids.has(name)) continue;
    const send = alias.kind === 'exact' && isTaken(provider, target, name) ? name : undefined;
    // What follows a semicolon is a remark to the catalogue's keeper.
    aliases.set(name, { target, send, kind: alias.kind, note: alias.note?.replace(/;.*$/s, '') });
  }
  return Object.fromEntries([...aliases].sort(([one], [other]) => compare(one, other)));
}
