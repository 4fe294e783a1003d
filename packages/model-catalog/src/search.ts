import { type Capabilities, type ModelFacts, type NanoUsdPerMillion, type Rates, ratesAt } from '@signalbox/core';
import { isRetired } from './service-life.ts';

/** What a model must be to be found. A condition that is absent is met by every model; an unknown fact meets no condition. */
export interface ModelQuery {
  /** Words that all stand in the id, the name, the family or an alias; upper and lower case are the same. */
  readonly text?: string | undefined;
  readonly provider?: string | undefined;
  /** What the model is known to take or do: one, or all of several. */
  readonly capability?: keyof Capabilities | readonly (keyof Capabilities)[] | undefined;
  readonly type?: ModelFacts['type'] | undefined;
  readonly family?: string | undefined;
  /** Tokens. */
  readonly minContextWindow?: number | undefined;
  /** Tokens. */
  readonly minMaxOutput?: number | undefined;
  readonly maxInputPrice?: NanoUsdPerMillion | undefined;
  readonly maxOutputPrice?: NanoUsdPerMillion | undefined;
  /** Default: false. */
  readonly includeRetired?: boolean | undefined;
  /** The moment whose prices count, Unix milliseconds; default: now. */
  readonly at?: number | undefined;
}

/** The models that meet every condition, in their order. */
export function searchModels(models: readonly ModelFacts[], query: ModelQuery, now: number): readonly ModelFacts[] {
  const at = query.at ?? now;
  const today = new Date(at).toISOString().slice(0, 10);
  const words = (query.text ?? '')
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const capabilities = typeof query.capability === 'string' ? [query.capability] : (query.capability ?? []);
  return models.filter(
    (model) =>
      (query.provider === undefined || model.provider === query.provider) &&
      (query.type === undefined || model.type === query.type) &&
      (query.family === undefined || model.family === query.family) &&
      (query.includeRetired === true || !isRetired(model, today)) &&
      capabilities.every((name) => model.capabilities[name] === true) &&
      isAtLeast(model.contextWindow, query.minContextWindow) &&
      isAtLeast(model.maxOutput, query.minMaxOutput) &&
      hasPrice(model, query, at) &&
      hasWords(model, words),
  );
}

function isAtLeast(value: number | undefined, least: number | undefined): boolean {
  return least === undefined || (value !== undefined && value >= least);
}

function hasPrice(model: ModelFacts, query: ModelQuery, at: number): boolean {
  if (query.maxInputPrice === undefined && query.maxOutputPrice === undefined) return true;
  const rates: Rates = ratesAt(model.prices, at) ?? {};
  return isAtMost(rates.input, query.maxInputPrice) && isAtMost(rates.output, query.maxOutputPrice);
}

function isAtMost(value: number | undefined, most: number | undefined): boolean {
  return most === undefined || (value !== undefined && value <= most);
}

function hasWords(model: ModelFacts, words: readonly string[]): boolean {
  if (words.length === 0) return true;
  const names = [model.provider, model.id, model.name, model.family ?? '', ...(model.aliases ?? [])];
  const text = names.join('\n').toLowerCase();
  return words.every((word) => text.includes(word));
}
