import { type Configuration, compilePattern, type RoutingRule } from '@signalbox/config';
import { aStrategy, RouterError, requireOptions, type Strategy } from '@signalbox/core';
import {
  bestForTask,
  costOptimized,
  customRules,
  DEFAULT_MIN_QUALITY,
  DEFAULT_PREFERENCES,
  manual,
  type PreferenceTable,
  performanceOptimized,
  type Rule,
  roundRobin,
  withCostLimit,
  withFallbackOrder,
  withLastResort,
  withRules,
} from '@signalbox/strategies';
import { ruleNames } from './rule-names.ts';

/** Where a faster model is preferred: the weight of ten times the waiting. */
const PREFER_FASTER = 0.5;
/** Where a cheaper model is preferred: the weight of ten times the money. */
const PREFER_CHEAPER = 0.2;

/**
 * Makes a strategy by its canonical name. `onlyByRule`: ids of candidates that nothing but a rule may choose; `lastResort`: of the one that is asked when
 * nobody else is left. Throws RouterError `configuration`.
 */
export type StrategyFactory = (name: string, onlyByRule?: ReadonlySet<string>, lastResort?: string) => Strategy;

/**
 * The strategies as a configuration wants them: each with its options, behind it the order of fallbacks, before it the rules and the limit
 * of what one request may cost. `others` are a third party's; they are composed in the same way. `patternsHold` says when a rule's pattern
 * holds; default: when it is found in the prompt.
 */
export function configuredStrategies(
  configuration: Configuration,
  others: Readonly<Record<string, () => Strategy>>,
  patternsHold: PatternsHold = (pattern) => compilePattern(pattern),
): { readonly strategyNamed: StrategyFactory; readonly names: readonly string[] } {
  const { routing } = configuration;
  const names = ruleNames(routing.rules);
  const rules = routing.rules.map((rule, index) => toRule(rule, names[index] ?? '', patternsHold));
  const makers: Readonly<Record<string, () => Strategy>> = {
    ...others,
    best_for_task: () => configuredBestForTask(configuration),
    cost_optimized: () =>
      costOptimized({
        minQuality: routing.optimization.minQualityScore,
        preferCheaper: routing.optimization.preferCheaper,
        preferences: routing.weights.preference === 0 ? {} : preferencesOf(configuration),
        maxLatencyMs: routing.optimization.maxLatencyMs,
      }),
    performance_optimized: () =>
      performanceOptimized({
        minQuality: routing.optimization.minQualityScore,
        maxLatencyMs: routing.optimization.maxLatencyMs,
        speedPriority: configuration.speedPriority,
      }),
    round_robin: () => configuredRoundRobin(configuration),
    custom_rules: () => configuredBestForTask(configuration),
  };
  const strategies = ['manual', ...Object.keys(makers), 'fallback_chain'];
  // Each request asks for its strategy by name: they are pure, so one of each does.
  const made = new Map<string, Strategy>();
  function madeOnce(name: string): Strategy | undefined {
    const strategy = made.get(name) ?? (Object.hasOwn(makers, name) ? makers[name]?.() : undefined);
    if (strategy === undefined) return undefined;
    if (!made.has(name)) requireOptions(`strategies.${name}`, { made: strategy }, { made: aStrategy });
    made.set(name, strategy);
    return strategy;
  }
  function compose(
    name: string,
    onlyByRule: ReadonlySet<string> | undefined,
    lastResort: string | undefined,
  ): Strategy {
    if (name === 'manual') return manual();
    const ready = madeOnce(name);
    if (ready === undefined) {
      throw new RouterError({
        kind: 'configuration',
        message: `The strategy "${name}" is not available; there are ${strategies.join(', ')}.`,
      });
    }
    const chosen = withinRequestBudget(ready, configuration);
    const base = withFallbackOrder(chosen, name === 'round_robin' ? [] : routing.fallbackOrder);
    const ruled =
      name === 'custom_rules'
        ? customRules({ rules, onlyByRule, otherwise: base })
        : withRules(base, { rules, onlyByRule });
    const whole = lastResort === undefined ? ruled : withLastResort(ruled, lastResort);
    const limit = requestLimit(configuration);
    return limit === undefined ? whole : withCostLimit(whole, limit);
  }
  const composed = new Map<string, Strategy>();
  const strategyNamed: StrategyFactory = (name, onlyByRule, lastResort) => {
    const key = JSON.stringify([name, [...(onlyByRule ?? [])], lastResort]);
    const strategy = composed.get(key) ?? compose(name, onlyByRule, lastResort);
    composed.set(key, strategy);
    return strategy;
  };
  return { strategyNamed, names: strategies };
}

function configuredBestForTask(configuration: Configuration): Strategy {
  const { routing, speedPriority } = configuration;
  const { optimization } = routing;
  const cheaper = prefersCheaper(configuration);
  const enough = optimization.minQualityScore ?? (cheaper ? DEFAULT_MIN_QUALITY : undefined);
  return bestForTask({
    weights: {
      ...(routing.preferFaster === true ? { latency: PREFER_FASTER } : {}),
      ...(cheaper ? { cost: PREFER_CHEAPER } : {}),
      ...routing.weights,
    },
    preferences: preferencesOf(configuration),
    providerOrder: routing.fallbackOrder,
    enoughQuality: cheaper ? enough : undefined,
    minQuality: enough,
    maxLatencyMs: optimization.maxLatencyMs,
    speedPriority,
  });
}

/** The built-in table with the configuration's rows in the place of its own. */
function preferencesOf({ routing }: Configuration): PreferenceTable {
  return { ...DEFAULT_PREFERENCES, ...routing.preferences };
}

/** Round the providers that are listed; which model of a provider answers is best_for_task's matter, by size and not by provider. */
function configuredRoundRobin(configuration: Configuration): Strategy {
  const { providers } = configuration.routing;
  const weights: Record<string, number> = {};
  for (const id of providers) weights[id] = (weights[id] ?? 0) + 1;
  return roundRobin({ providers: Object.keys(weights), weights, within: configuredBestForTask(configuration) });
}

function prefersCheaper({ routing }: Configuration): boolean {
  const { optimization, costOptimization } = routing;
  if (optimization.preferCheaper !== undefined) return optimization.preferCheaper;
  return costOptimization.enabled !== false && costOptimization.preferCheaperWhenQualityAcceptable === true;
}

/**
 * Who is predicted to cost more than `budget.per_request` would have its answer capped: nobody chooses such a model but a person's rule, which stands before
 * this.
 */
function withinRequestBudget(strategy: Strategy, { budget }: Configuration): Strategy {
  return budget.perRequest === undefined || budget.hard === false
    ? strategy
    : withCostLimit(strategy, budget.perRequest);
}

/** The lowest of what one request may cost by the blocks for optimization: it holds for rules as well. */
function requestLimit({ routing }: Configuration): number | undefined {
  const { optimization, costOptimization } = routing;
  const limits = [
    optimization.maxCost,
    costOptimization.enabled === false ? undefined : costOptimization.maxCostPerRequest,
  ].filter((limit) => limit !== undefined);
  return limits.length === 0 ? undefined : Math.min(...limits);
}

/** Makes the test of a rule's pattern; `ruleName` is what decisions call the rule. */
export type PatternsHold = (pattern: string, ruleName: string) => (prompt: string) => boolean;

function toRule(rule: RoutingRule, name: string, patternsHold: PatternsHold): Rule {
  return {
    name,
    taskType: rule.taskType,
    taskComplexity: rule.taskComplexity,
    matches: rule.pattern === undefined ? undefined : patternsHold(rule.pattern, name),
    model: rule.model,
    fallback: rule.fallback,
    maxDailyUses: rule.maxDailyUses,
  };
}
