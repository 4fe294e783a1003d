import { formatUsd, type NanoUsd, nanoToUsd } from '@signalbox/core';
import { type ReplayPolicy, setupReplay } from '@signalbox/setup';
import type { SqliteLedger, StoredAttempt } from '@signalbox/store-sqlite';
import { bundledProviders, providerTypes } from '../configuration/bundled-providers.ts';
import { loadConfigurationHere, requireTrust } from '../configuration/load-router.ts';
import { readLedger } from '../costs/read-ledger.ts';
import { type SpanOptions, type TimeSpan, timeSpan } from '../costs/time-span.ts';
import { isIncluded, usageOf } from '../costs/usage-of.ts';
import { EXIT } from '../terminal/exit-code.ts';

export interface CostsSavingsOptions extends SpanOptions {
  readonly json: boolean;
  readonly config?: string | undefined;
}

/** What the same tokens would have cost elsewhere. */
interface Savings {
  /** Requests that were routed among several models whose prices are all known, and answered. */
  readonly answers: number;
  /** Routed answers that can't be compared: a price is unknown. */
  readonly unknown: number;
  /** Routed answers on the caller's own bill: nothing was spent, so nothing could be saved. */
  readonly included: number;
  /** All attempts of these requests, those that failed too. */
  readonly spent: NanoUsd;
  readonly dearest: NanoUsd;
  readonly cheapest: NanoUsd;
  /** With the default model; absent where none is configured. `cost` is absent where its price is unknown. */
  readonly default?: { readonly model: string; readonly cost?: NanoUsd | undefined } | undefined;
}

/** `signalbox costs savings`: what routing saved, beside always taking the dearest, the cheapest and the default model. */
export async function costsSavings(options: CostsSavingsOptions): Promise<number> {
  const loaded = await loadConfigurationHere({ config: options.config });
  const { configuration, env } = loaded;
  const span = timeSpan(options, Date.now(), configuration.budget.timeZone);
  await requireTrust(loaded);
  return readLedger(async (ledger) => {
    const policy = await setupReplay({ configuration, env, definitions: bundledProviders, types: providerTypes });
    try {
      const savings = compare(ledger, policy, span, configuration.defaultModel);
      const { spent, dearest, cheapest } = savings;
      if (options.json) {
        const money = { spentUsd: nanoToUsd(spent), dearestUsd: nanoToUsd(dearest), cheapestUsd: nanoToUsd(cheapest) };
        process.stdout.write(`${JSON.stringify({ ...savings, ...money, provenance: 'estimated' }, null, 2)}\n`);
      } else process.stdout.write(`${textOf(savings, span).join('\n')}\n`);
      return EXIT.success;
    } finally {
      await policy.close();
    }
  });
}

function compare(
  ledger: SqliteLedger,
  policy: ReplayPolicy,
  { from, to }: TimeSpan,
  defaultModel: string | undefined,
): Savings {
  const sums = { answers: 0, unknown: 0, included: 0, spent: 0, dearest: 0, cheapest: 0 };
  let byDefault: number | undefined = 0;
  ledger.eachRequest({ from, to, simulated: false }, (decision, attempts) => {
    const answer = attempts.findLast((one) => one.outcome === 'success');
    // A choice by hand saved nothing, nor did a kept answer: that is counted elsewhere.
    if (answer === undefined || answer.lane === 'cache') return;
    if (decision.strategy === 'manual' || decision.order.length < 2) return;
    if (isIncluded(answer)) {
      sums.included += 1;
      return;
    }
    const usage = usageOf(answer);
    const costs = usage && decision.order.map((one) => policy.judge(one.candidate, decision, usage)?.cost);
    const known = costs?.filter((cost) => cost !== undefined) ?? [];
    const spent = spentOn(attempts);
    if (usage === undefined || spent === undefined || known.length < decision.order.length) {
      sums.unknown += 1;
      return;
    }
    sums.answers += 1;
    sums.spent += spent;
    sums.dearest += Math.max(...known);
    sums.cheapest += Math.min(...known);
    const cost = defaultModel === undefined ? undefined : policy.judge(defaultModel, decision, usage)?.cost;
    byDefault = byDefault === undefined || cost === undefined ? undefined : byDefault + cost;
  });
  return { ...sums, default: defaultModel === undefined ? undefined : { model: defaultModel, cost: byDefault } };
}

/** What all attempts of a request cost; `undefined` where one of them used tokens at an unknown price. */
function spentOn(attempts: readonly StoredAttempt[]): NanoUsd | undefined {
  let spent = 0;
  for (const { costNanoUsd, inputTokens, outputTokens, outcome } of attempts) {
    if (costNanoUsd === undefined && (outcome === 'success' || (inputTokens ?? 0) + (outputTokens ?? 0) > 0))
      return undefined;
    spent += costNanoUsd ?? 0;
  }
  return spent;
}

function textOf(savings: Savings, { title }: TimeSpan): readonly string[] {
  const { answers, unknown, included, spent, dearest, cheapest, default: standard } = savings;
  const after = [
    ...(unknown === 0 ? [] : [`${unknown} more can't be compared: a price is unknown.`]),
    ...(included === 0 ? [] : [`${included} more were on the caller's own bill and cost nothing.`]),
  ];
  if (answers === 0) return [`${title}: no answer was routed among models of known price.`, ...after];
  const line = (what: string, cost: NanoUsd) => {
    const difference = cost - spent;
    const words = difference >= 0 ? `${formatUsd(difference)} saved` : `${formatUsd(-difference)} more spent`;
    return `  ${what.padEnd(32)} ${formatUsd(cost).padStart(10)}   ${words}`;
  };
  return [
    `${title}, ${answers} routed ${answers === 1 ? 'answer' : 'answers'}:`,
    `  ${'as routed, failed attempts too'.padEnd(32)} ${formatUsd(spent).padStart(10)}`,
    line('always the dearest that could', dearest),
    ...(standard?.cost === undefined ? [] : [line(`always ${standard.model}`, standard.cost)]),
    line('always the cheapest that could', cheapest),
    ...(standard !== undefined && standard.cost === undefined
      ? [`What ${standard.model} would have cost is not known: it has no price.`]
      : []),
    ...after,
    "The same tokens at this configuration's prices, cached ones as cached.",
  ];
}
