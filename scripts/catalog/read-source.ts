import { DATE, type Fields, isCount, isFields, isStrings, refuseUnknown, show } from './field-checks.ts';
import { readPeriod } from './read-period.ts';
import { CAPABILITY_NAMES, type SourceCatalog, type SourceEntry, type SourceModel } from './source-catalog.ts';

const TOP_FACTS = ['schemaVersion', 'generated', 'currency', 'unit', 'fields'];
const TOP_PARTS = ['sources', 'providerRules', 'seedAliases', 'models'];
const MODEL_STRINGS = ['id', 'provider', 'name'];
const MODEL_STRINGS_MAYBE = ['family', 'note', 'knowledgeCutoff'];
const MODEL_DATES = ['released', 'deprecates'];
const MODEL_COUNTS = ['contextWindow', 'maxInput', 'maxOutput', 'cacheMinTokens', 'embeddingDimensions'];
const MODEL_LISTS = ['aliases', 'reasoningEfforts'];
const MODEL_FLAGS = ['incomplete', 'priceVerified'];
const MODEL_OTHER = ['type', 'status', 'modalities', 'capabilities', 'reasoningBudget', 'prices', 'sources'];
/** Known, and of no use to a router. */
const MODEL_UNUSED = ['modePrices', 'benchmarks', 'conflicts'];

const LOOSE_DATE = /^\d{4}(-\d{2}){0,2}$/;

/**
 * Checks a catalogue file's text and gives its contents. Every problem is found in one go: the answer is the catalogue, or
 * sentences that say where each problem is and what was expected.
 */
export function readSource(
  text: string,
): { readonly catalog: SourceCatalog } | { readonly problems: readonly string[] } {
  const problems: string[] = [];
  let root: unknown;
  try {
    root = JSON.parse(text);
  } catch (error) {
    return { problems: [`the file is not JSON: ${error instanceof Error ? error.message : String(error)}`] };
  }
  if (!isFields(root)) return { problems: ['the file must hold one JSON object'] };
  refuseUnknown(root, [...TOP_FACTS, ...TOP_PARTS], '', problems);
  if (root.schemaVersion !== 1) problems.push(`schemaVersion: expected 1, found ${show(root.schemaVersion)}`);
  if (root.currency !== 'USD') problems.push(`currency: expected "USD", found ${show(root.currency)}`);
  if (root.unit !== 'per 1,000,000 tokens') {
    problems.push(`unit: expected "per 1,000,000 tokens", found ${show(root.unit)}`);
  }
  if (!DATE.test(String(root.generated))) {
    problems.push(`generated: expected a date like 2026-11-22, found ${show(root.generated)}`);
  }
  const sources = readSources(root.sources, problems);
  const providerRules = readRules(root.providerRules ?? {}, problems);
  const seedAliases = readAliases(root.seedAliases ?? {}, problems);
  const models = Array.isArray(root.models) ? root.models : [];
  if (models.length === 0) problems.push('models: expected a list of at least one model');
  const read = models.map((model, index) => readModel(model, index, sources, problems));
  const names = refuseDuplicates(read, problems);
  for (const [name, { target }] of Object.entries(seedAliases)) {
    if (target !== undefined && !names.has(target)) problems.push(`seedAliases.${name}: there is no model ${target}`);
  }
  if (problems.length > 0) return { problems };
  return {
    catalog: {
      generated: String(root.generated),
      sources,
      providerRules,
      seedAliases,
      models: read as unknown as SourceModel[],
    },
  };
}

function readSources(value: unknown, problems: string[]): Record<string, SourceEntry> {
  if (!isFields(value)) {
    problems.push('sources: expected an object of sources by key');
    return {};
  }
  const entries: Record<string, SourceEntry> = {};
  for (const [key, source] of Object.entries(value)) {
    if (!isFields(source) || typeof source.name !== 'string' || !DATE.test(String(source.date))) {
      problems.push(`sources.${key}: expected an object with a name and a date like 2026-11-22`);
      continue;
    }
    refuseUnknown(source, ['name', 'date', 'licence', 'url'], `sources.${key}`, problems);
    entries[key] = source as unknown as SourceEntry;
  }
  return entries;
}

function readRules(value: unknown, problems: string[]): Record<string, Record<string, number>> {
  const rules: Record<string, Record<string, number>> = {};
  if (!isFields(value)) {
    problems.push('providerRules: expected an object of rules by provider');
    return rules;
  }
  for (const [provider, rule] of Object.entries(value)) {
    if (provider === 'note') continue;
    const multipliers = isFields(rule) ? Object.entries(rule) : [];
    const bad = multipliers.filter(([, number]) => !(typeof number === 'number' && number > 0));
    if (!isFields(rule) || bad.length > 0) problems.push(`providerRules.${provider}: expected multipliers above zero`);
    else rules[provider] = Object.fromEntries(multipliers) as Record<string, number>;
  }
  return rules;
}

function readAliases(value: unknown, problems: string[]): SourceCatalog['seedAliases'] {
  if (!isFields(value)) {
    problems.push('seedAliases: expected an object of aliases by name');
    return {};
  }
  for (const [name, alias] of Object.entries(value)) {
    const where = `seedAliases.${name}`;
    const good = isFields(alias) && /^[^/]+\/.+/.test(String(alias.target));
    if (!good || !['exact', 'assumed'].includes(String(alias.kind))) {
      problems.push(`${where}: expected a target like anthropic/claude-opus-5 and a kind, exact or assumed`);
    }
    if (isFields(alias)) refuseUnknown(alias, ['target', 'kind', 'note', 'resolves'], where, problems);
  }
  return value as SourceCatalog['seedAliases'];
}

function readModel(model: unknown, index: number, sources: Fields, problems: string[]): Fields {
  if (!isFields(model)) {
    problems.push(`models[${index}]: expected an object`);
    return {};
  }
  const where = `models[${index}] (${String(model.provider)}/${String(model.id)})`;
  const check = (keys: readonly string[], good: (value: unknown) => boolean, wanted: string, needed = false) => {
    for (const key of keys) {
      const absent = model[key] === undefined;
      if (absent ? needed : !good(model[key])) {
        problems.push(`${where}.${key}: expected ${wanted}, found ${show(model[key])}`);
      }
    }
  };
  const known = [MODEL_STRINGS, MODEL_STRINGS_MAYBE, MODEL_DATES, MODEL_COUNTS, MODEL_LISTS, MODEL_FLAGS];
  refuseUnknown(model, [...known.flat(), ...MODEL_OTHER, ...MODEL_UNUSED], where, problems);
  check(MODEL_STRINGS, (value) => typeof value === 'string' && value !== '', 'a text', true);
  check(MODEL_STRINGS_MAYBE, (value) => typeof value === 'string', 'a text');
  check(MODEL_DATES, (value) => LOOSE_DATE.test(String(value)), 'a date');
  check(MODEL_COUNTS, isCount, 'a whole number above zero');
  check(MODEL_LISTS, isStrings, 'a list of texts');
  check(MODEL_FLAGS, (value) => typeof value === 'boolean', 'true or false');
  check(['type'], (value) => value === 'chat' || value === 'embedding', 'chat or embedding', true);
  const statuses: readonly unknown[] = ['active', 'deprecated', 'retired'];
  check(['status'], (value) => statuses.includes(value), 'active, deprecated or retired', true);
  const capabilities = isFields(model.capabilities) ? model.capabilities : {};
  refuseUnknown(capabilities, CAPABILITY_NAMES, `${where}.capabilities`, problems);
  for (const [name, value] of Object.entries(capabilities)) {
    if (typeof value !== 'boolean')
      problems.push(`${where}.capabilities.${name}: expected true or false, found ${show(value)}`);
  }
  const budget = model.reasoningBudget;
  if (budget !== undefined) {
    if (!isFields(budget)) problems.push(`${where}.reasoningBudget: expected an object with min and max`);
    else refuseUnknown(budget, ['min', 'max'], `${where}.reasoningBudget`, problems);
  }
  readModelSources(model.sources, sources, `${where}.sources`, problems);
  const periods = Array.isArray(model.prices) ? model.prices : [];
  if (!Array.isArray(model.prices)) problems.push(`${where}.prices: expected a list (empty: the price is unknown)`);
  const prices = periods.map((period, at) => readPeriod(period, `${where}.prices[${at}]`, problems));
  return { ...model, prices };
}

function readModelSources(value: unknown, sources: Fields, where: string, problems: string[]): void {
  if (!isFields(value)) {
    problems.push(`${where}: expected an object`);
    return;
  }
  refuseUnknown(value, ['prices', 'limits', 'capabilities', 'filled'], where, problems);
  const { filled, ...groups } = value;
  const named = { ...groups, ...(isFields(filled) ? filled : {}) };
  for (const [field, key] of Object.entries(named)) {
    if (key !== null && !(typeof key === 'string' && key in sources)) {
      problems.push(`${where}: ${field} names the source ${show(key)}, which the list of sources does not have`);
    }
  }
}

/** The models as `provider/id`. */
function refuseDuplicates(models: readonly Fields[], problems: string[]): ReadonlySet<string> {
  const seen = new Set<string>();
  for (const model of models) {
    const key = `${String(model.provider)}/${String(model.id)}`;
    if (seen.has(key)) problems.push(`models: ${key} is there twice`);
    seen.add(key);
  }
  return seen;
}
