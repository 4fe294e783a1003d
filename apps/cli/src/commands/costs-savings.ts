import { formatUsd, type ModelFacts, type NanoUsd, nanoToUsd, type Usage } from '@signalbox/core';
import { createPricing } from '@signalbox/cost-tracker';
import { createModelCatalog } from '@signalbox/model-catalog';
import type { SqliteLedger, StoredAttempt } from '@signalbox/store-sqlite';
import { bundledProviders, providerTypes } from '../bundled-providers.ts';
import { readLedger } from '../costs/read-ledger.ts';
import { reportConfiguration } from '../costs/report-configuration.ts';
import { type SpanOptions, type TimeSpan, timeSpan } from '../costs/time-span.ts';
import { EXIT } from '../exit-code.ts';

export interface CostsSavingsOptions extends SpanOptions {
  readonly json: boolean;
  readonly config?: string | undefined;
}

/** What the same tokens would have cost elsewhere. */
interface Savings {
  /** Answers that were routed among several models whose prices are all known. */
  readonly answers: number;
  /** Routed answers that can't be compared: a price is unknown. */
  readonly unknown: number;
  readonly spent: NanoUsd;
  readonly dearest: NanoUsd;
  readonly cheapest: NanoUsd;
  /** With the default model; absent where none is configured, or its price is unknown. */
  readonly default?: { readonly model: string; readonly cost: NanoUsd } | undefined;
}

/** `signalbox costs savings`: what routing saved, beside always taking the dearest, the cheapest and the default model. */
export async function costsSavings(options: CostsSavingsOptions): Promise<number> {
  const configuration = await reportConfiguration(options.config);
  return readLedger((ledger) => {
    const span = timeSpan(options, Date.now(), configuration.budget.timeZone);
    const savings = compare(ledger, span, configuration.defaultModel);
    const { spent, dearest, cheapest } = savings;
    if (options.json) {
      const money = { spentUsd: nanoToUsd(spent), dearestUsd: nanoToUsd(dearest), cheapestUsd: nanoToUsd(cheapest) };
      process.stdout.write(`${JSON.stringify({ ...savings, ...money, provenance: 'estimated' }, null, 2)}\n`);
    } else process.stdout.write(`${textOf(savings, span).join('\n')}\n`);
    return EXIT.success;
  });
}

function compare(ledger: SqliteLedger, span: TimeSpan, defaultModel: string | undefined): Savings {
  const definitions = Object.values({ ...bundledProviders, ...providerTypes });
  const catalog = createModelCatalog(Object.fromEntries(definitions.map((one) => [one.id, one.catalog])));
  const pricing = createPricing();
  const found = defaultModel === undefined ? undefined : catalog.find(defaultModel.split('/').at(-1) ?? '');
  const facts = new Map<string, ModelFacts | undefined>();
  const factsOf = (provider: string, model: string): ModelFacts | undefined => {
    const id = `${provider}/${model}`;
    if (!facts.has(id)) facts.set(id, (catalog.find(model, provider) ?? catalog.find(model))?.facts);
    return facts.get(id);
  };
  const sums = { answers: 0, unknown: 0, spent: 0, dearest: 0, cheapest: 0, byDefault: 0 };
  let defaultKnown = found !== undefined;
  ledger.eachDecided({ from: span.from, to: span.to, simulated: false, outcome: 'success' }, (attempt, { order }) => {
    // A choice by hand saved nothing, nor did a kept answer: that is counted elsewhere.
    if (attempt.strategy === 'manual' || attempt.lane === 'cache' || order.length < 2) return;
    const usage = usageOf(attempt);
    const spent = attempt.costNanoUsd;
    const costs = usage && order.map((one) => costOf(factsOf(one.provider, one.model), usage, attempt.startedAt));
    const known = costs?.filter((cost) => cost !== undefined) ?? [];
    if (usage === undefined || spent === undefined || known.length < order.length) {
      sums.unknown += 1;
      return;
    }
    sums.answers += 1;
    sums.spent += spent;
    sums.dearest += Math.max(spent, ...known);
    sums.cheapest += Math.min(spent, ...known);
    const byDefault = costOf(found?.facts, usage, attempt.startedAt);
    if (byDefault === undefined) defaultKnown = false;
    else sums.byDefault += byDefault;
  });
  const { byDefault, ...rest } = sums;
  return { ...rest, default: defaultKnown && found ? { model: found.facts.id, cost: byDefault } : undefined };

  function costOf(one: ModelFacts | undefined, usage: Usage, at: number): NanoUsd | undefined {
    return one === undefined ? undefined : pricing.cost(one, usage, at)?.nanoUsd;
  }
}

/** What was cached here would not have been cached elsewhere, and the other way round: totals alone are compared. */
function usageOf({ inputTokens, outputTokens }: StoredAttempt): Usage | undefined {
  if (inputTokens === undefined || outputTokens === undefined) return undefined;
  return { inputTokens, outputTokens, provenance: 'estimated' };
}

function textOf(savings: Savings, { title }: TimeSpan): readonly string[] {
  const { answers, unknown, spent, dearest, cheapest, default: standard } = savings;
  if (answers === 0) return [`${title}: no answer was routed among models of known price.`];
  const line = (what: string, cost: NanoUsd) => {
    const difference = cost - spent;
    const words = difference >= 0 ? `${formatUsd(difference)} saved` : `${formatUsd(-difference)} more spent`;
    return `  ${what.padEnd(32)} ${formatUsd(cost).padStart(10)}   ${words}`;
  };
  return [
    `${title}, ${answers} routed ${answers === 1 ? 'answer' : 'answers'}:`,
    `  ${'as routed'.padEnd(32)} ${formatUsd(spent).padStart(10)}`,
    line('always the dearest that could', dearest),
    ...(standard === undefined ? [] : [line(`always ${standard.model}`, standard.cost)]),
    line('always the cheapest that could', cheapest),
    ...(unknown === 0 ? [] : [`${unknown} more can't be compared: a price is unknown.`]),
    'The same tokens at list prices, without what caches of other providers would have done.',
  ];
}
