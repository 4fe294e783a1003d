import { canonicalStrategy } from '@signalbox/config';
import {
  type Candidate,
  type Decision,
  type NanoUsd,
  NO_NEEDS,
  type Removal,
  RouterError,
  type Usage,
} from '@signalbox/core';
import { createCalendar, createPricing } from '@signalbox/cost-tracker';
import { createModelCatalog, promptCacheTerms } from '@signalbox/model-catalog';
import { type RedecidePorts, type Route, redecide, systemClock } from '@signalbox/router';
import { DEFAULT_WEIGHTS, expectedLatencyMs, MOST_FAILURES } from '@signalbox/strategies';
import { configuredCandidates, makeCandidate } from './configured-candidates.ts';
import { configuredQuality, type LearningSource } from './configured-quality.ts';
import { configuredStrategies } from './configured-strategies.ts';
import { type ConnectOptions, connectProviders, definitionOf } from './connect-providers.ts';
import { createResolver } from './resolve-model.ts';

/** The policy under which requests of the past are decided again. */
export interface ReplayOptions extends Omit<ConnectOptions, 'simulatedEndpoint' | 'isListening'> {
  /** Decides all requests; default: what each request's own model name means in the configuration (`auto` where it names a model). */
  readonly strategy?: string | undefined;
  /** Answers all requests, whatever they are. */
  readonly model?: string | undefined;
  /** The user's own outcomes, as the ledger has them today: they correct the expected quality. Default: the table alone. */
  readonly learning?: LearningSource | undefined;
  /** How fast a model was, by its candidate's id: milliseconds to the first token, tokens of output a second. Default: what is usual for its family. */
  readonly measured?:
    | ((
        candidate: string,
      ) => { readonly firstTokenMs?: number | undefined; readonly tokensPerSecond?: number | undefined } | undefined)
    | undefined;
}

/** What is expected of a model for one request. */
export interface Judgement {
  /** Absent: the price is unknown. */
  readonly cost?: NanoUsd | undefined;
  /** 0 to 1. */
  readonly quality?: number | undefined;
  /** Milliseconds to the end of the answer. */
  readonly latencyMs?: number | undefined;
}

/** A configuration's policy, to decide again what was decided before. Makes no call. */
export interface ReplayPolicy {
  /** What decides, where one decides all: a strategy's name, or a model's. */
  readonly name: string | undefined;
  /** Configured providers that can't be called, with the reason: they are no candidates. */
  readonly unavailable: readonly Removal[];
  /** Whether rules ask about the prompt: only those that were followed then are known to hold. */
  readonly asksPrompts: boolean;
  /**
   * Under the very policy that made it, the same model comes first, as long as nothing was learned since (`redecide`). Wants decisions in the order of time: the daily uses of rules
   * (`max_daily_uses`) are counted along the way, from the first decision on. Throws RouterError `usage` on a decision without a profile of its request.
   */
  decide(recorded: Decision): Decision;
  /**
   * What is expected of a candidate for a request: its cost with so many tokens, at this configuration's prices of that moment; quality; time.
   * `undefined` where the model is not known any more.
   */
  judge(candidate: string, recorded: Decision, usage: Usage): Judgement | undefined;
  close(): Promise<void>;
}

/**
 * Makes a policy out of a configuration, for `decide` over booked decisions. Needs no keys: without any, all configured providers are candidates.
 * Throws RouterError `configuration` where configuration and providers don't fit, or the strategy is unknown.
 *
 * @example
 * ```ts
 * const policy = await setupReplay({ configuration, env, definitions, strategy: 'cost_optimized' });
 * ledger.eachRequest({ from }, (decision) => policy.decide(decision).order[0]?.candidate);
 * ```
 */
export async function setupReplay(options: ReplayOptions): Promise<ReplayPolicy> {
  const { configuration, definitions, types = {}, measured } = options;
  // Nobody is called, so nobody has to be there: where no provider has a key, all take part.
  const connected = await connectProviders({ ...options, simulatedEndpoint: neverCalled });
  const { providers, unavailable } = connected;
  const known = [...Object.values(definitions), ...Object.values(types), ...providers.map((one) => one.definition)];
  const catalog = createModelCatalog(
    Object.fromEntries(known.map((definition) => [definition.id, definition.catalog])),
  );
  const candidates = providers.flatMap(({ provider, definition, configuration: own }) =>
    configuredCandidates(provider, definition, own, catalog),
  );
  // `prompt` is the name of the rule that was followed: see `redecide`.
  const { strategyNamed } = configuredStrategies(
    configuration,
    {},
    (_, ruleName) => (followed) => followed === ruleName,
  );
  const resolver = createResolver({ configuration, catalog, providers, candidates, unavailable, strategyNamed });
  const pricing = createPricing();
  const quality = configuredQuality({
    configuration,
    learning: options.learning,
    candidate: (id) => candidates.find((one) => one.id === id) ?? resolver.find(id),
    clock: systemClock,
  });
  const all = routeOfAll();
  const routes = new Map<string | undefined, Route>();
  const failuresWeight = configuration.routing.weights.failures ?? DEFAULT_WEIGHTS.failures;
  const calendar = createCalendar(configuration.budget.timeZone);
  /** Uses of rules on the day that is being replayed. */
  let uses = { until: Number.NEGATIVE_INFINITY, byRule: new Map<string, number>() };
  const judged = new Map<string, Candidate | undefined>();

  function routeOfAll(): Route | undefined {
    const { model, strategy } = options;
    if (model !== undefined) return resolver.model(model);
    if (strategy === undefined) return undefined;
    if (canonicalStrategy(strategy) !== 'manual') return resolver.strategy(strategy);
    const message = 'The strategy manual chooses nothing by itself: name the model that is to answer.';
    throw new RouterError({ kind: 'usage', message });
  }

  function routeOf(name: string | undefined): Route {
    if (all !== undefined) return all;
    let route = routes.get(name);
    if (route === undefined) {
      route = routeOfName(name);
      routes.set(name, route);
    }
    return route;
  }

  /** A name of those days that means one model today, or nothing, was routed then: it is routed again. */
  function routeOfName(name: string | undefined): Route {
    try {
      const route = resolver.model(name);
      if (route.strategy.name !== 'manual') return route;
    } catch (error) {
      if (!RouterError.is(error) || (error.kind !== 'unknown-model' && error.kind !== 'missing-key')) throw error;
    }
    return resolver.model(undefined);
  }

  function candidateOf(id: string): Candidate | undefined {
    if (!judged.has(id)) judged.set(id, resolver.find(id) ?? elsewhere(id));
    return judged.get(id);
  }

  /** A model of a provider that is not configured any more. */
  function elsewhere(id: string): Candidate | undefined {
    const [providerId = '', ...rest] = id.split('/');
    const definition = definitionOf(providerId, configuration.providers[providerId], options);
    if (definition === undefined) return undefined;
    const provider = definition.create({ id: providerId, simulated: true, endpoint: neverCalled });
    return makeCandidate(provider, definition, { name: rest.join('/') }, [], catalog);
  }

  /** What was measured then is booked where the strategy is the same; another strategy asked for other figures, and how often calls failed then is not known for it. */
  function timesOf(recorded: Decision, strategy: string): NonNullable<RedecidePorts['times']> {
    const booked = new Map(recorded.strategy === strategy ? recorded.order.map((one) => [one.candidate, one]) : []);
    return (id, task) => {
      const { latencyMs, scoreParts } = booked.get(id) ?? {};
      if (latencyMs === undefined) return measuredTimes(id, task?.expectedOutputTokens);
      const failureShare = failuresWeight > 0 ? -(scoreParts?.failures ?? 0) / failuresWeight : 0;
      // The booked time is that of as many calls as one answer takes: it is taken apart, to be put together again.
      return failureShare > 0
        ? { latencyMs: latencyMs * (1 - Math.min(MOST_FAILURES, failureShare)), failureShare }
        : { latencyMs };
    };
  }

  function measuredTimes(id: string, output: number | undefined) {
    const { firstTokenMs, tokensPerSecond } = measured?.(id) ?? {};
    const latencyMs =
      firstTokenMs === undefined || tokensPerSecond === undefined || output === undefined
        ? undefined
        : firstTokenMs + (output / tokensPerSecond) * 1_000;
    return { firstTokenMs, latencyMs };
  }

  return {
    name: options.model ?? all?.strategy.name,
    unavailable,
    asksPrompts: configuration.routing.rules.some((rule) => rule.pattern !== undefined),
    decide(recorded) {
      const route = routeOf(recorded.requestedModel);
      const localOnly = configuration.dataPolicy === 'local_only';
      const times = timesOf(recorded, route.strategy.name);
      if (recorded.decidedAt >= uses.until) {
        uses = { until: calendar.day(recorded.decidedAt).to, byRule: new Map() };
      }
      const ports = { pricing, quality, times, ruleUses: uses.byRule, promptCaches: promptCacheTerms };
      const { decision } = redecide({ recorded, route, localOnly }, ports);
      if (decision.rule !== undefined) {
        uses.byRule.set(decision.rule, (uses.byRule.get(decision.rule) ?? 0) + 1);
      }
      return decision;
    },
    judge(id, { decidedAt, needs, task }, usage) {
      const candidate = candidateOf(id);
      if (candidate === undefined) return undefined;
      const { firstTokenMs, latencyMs } = measuredTimes(id, task?.expectedOutputTokens);
      const snapshot = {
        now: decidedAt,
        turn: 0,
        needs: needs ?? NO_NEEDS,
        task,
        firstTokenMs: new Map(firstTokenMs === undefined ? [] : [[id, firstTokenMs]]),
        latencyMs: new Map(latencyMs === undefined ? [] : [[id, latencyMs]]),
      };
      return {
        cost:
          candidate.provider.callerCredentials === true ? 0 : pricing.cost(candidate.facts, usage, decidedAt)?.nanoUsd,
        quality: task === undefined ? undefined : quality.expect(candidate, task),
        latencyMs: expectedLatencyMs(candidate, snapshot),
      };
    },
    async close() {
      await Promise.all(providers.map(({ provider }) => provider.close()));
    },
  };
}

function neverCalled(): Promise<string> {
  return Promise.reject(new RouterError({ kind: 'internal', message: 'A replay makes no call.' }));
}
