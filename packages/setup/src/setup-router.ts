import type { Configuration } from '@signalbox/config';
import {
  type AnswerStore,
  type BudgetStanding,
  type Caller,
  type Candidate,
  type Clock,
  type KeptHolders,
  type Ledger,
  type MeasurementStore,
  type Provider,
  RouterError,
  type Strategy,
} from '@signalbox/core';
import { type Budgets, createPricing } from '@signalbox/cost-tracker';
import { type ModelCatalog, promptCacheTerms } from '@signalbox/model-catalog';
import {
  callerOf,
  createRouter,
  type HedgePolicy,
  type RetryPolicy,
  type Router,
  systemClock,
} from '@signalbox/router';
import { createTaskAnalyser, promptDigestOf, sketchOf } from '@signalbox/task-analysis';
import { type CarriedState, carriedState } from './carried-state.ts';
import { type AdmissionOptions, configuredAdmission } from './configured-admission.ts';
import { configuredCache } from './configured-cache.ts';
import { configuredHooks } from './configured-hooks.ts';
import { configuredModels } from './configured-models.ts';
import { configuredQuality, type LearningSource } from './configured-quality.ts';
import { configuredStrategies } from './configured-strategies.ts';
import { createConfiguredTimeouts } from './configured-timeouts.ts';
import { type ConnectOptions, definitionOf } from './connect-providers.ts';
import { createGatewayRoutes, type GatewayRoutes } from './gateway-routes.ts';
import { createModelScript, type ModelScriptOptions } from './model-script.ts';
import { remainingBudget } from './remaining-budget.ts';
import { createResolver, type Resolver } from './resolve-model.ts';

/** Everything a configured router is made of: only `configuration`, `env` and `definitions` are required. */
export interface SetupOptions extends ConnectOptions, AdmissionOptions {
  readonly ledger?: Ledger | undefined;
  /** The user's own outcomes and what was learned from them, e.g. `ledger.learning()`. Default: none. */
  readonly learning?: LearningSource | undefined;
  /** Where measured calls outlive the program, e.g. `ledger.measurements()`. Default: in memory. */
  readonly measurementStore?: MeasurementStore | undefined;
  /** Where it outlives the program which provider keeps what, e.g. `ledger.holders()`. Default: in memory. */
  readonly keptHolders?: KeptHolders | undefined;
  /** What a former router of a changed configuration knows. */
  readonly carried?: CarriedState | undefined;
  /** Where answers are kept, if the configuration wants them kept. Default: in memory. Closed with the router. */
  readonly answerStore?: AnswerStore | undefined;
  /** Gets a sentence when a part of the cache does not work; requests go on without it. */
  readonly onCacheFault?: ((sentence: string) => void) | undefined;
  readonly clock?: Clock | undefined;
  /** See `RouterOptions.firstTurn`. */
  readonly firstTurn?: (() => number) | undefined;
  /** The user's `router.js`, which is trusted: it is asked before every routed choice. */
  readonly script?: ModelScriptOptions | undefined;
  /** The module of hooks that the configuration names, which is trusted. */
  readonly hookModule?: { readonly file: string; readonly text: string } | undefined;
  /** Gets a sentence when a hook fails. */
  readonly onHookFault?: ((sentence: string) => void) | undefined;
  /** Further strategies by name: a third party's. */
  readonly strategies?: Readonly<Record<string, () => Strategy>> | undefined;
}

/** A router that is ready, and what a program around it wants to know. */
export interface ReadyRouter {
  readonly router: Router;
  readonly resolver: Resolver;
  /** What names mean to a gateway. */
  readonly routes: GatewayRoutes;
  readonly catalog: ModelCatalog;
  readonly candidates: readonly Candidate[];
  readonly providers: readonly Provider[];
  /** Whether no provider had a key, so that the simulator answers in their place. */
  readonly simulated: boolean;
  /** What the router of a changed configuration can go on from. */
  readonly carried: CarriedState;
  readonly budgets: Budgets;
  /** How the budgets of whoever sends a request stand, those of models left out; without any: none. Throws RouterError where the store can't be used. */
  standings(caller: Caller): readonly BudgetStanding[];
  /** The variable that a provider's key is read from. */
  keyVariable(providerId: string): string | undefined;
  close(): Promise<void>;
}

/**
 * Makes a router out of a configuration and the providers at hand. Throws RouterError `configuration` where they don't fit
 * together.
 *
 * @example
 * ```ts
 * const { configuration, env } = await loadConfiguration({ cwd, home, env: process.env });
 * const ready = await setupRouter({ configuration, env, definitions: { anthropic, openai } });
 * const { response } = await ready.router.generate({ model: 'auto', system: [], messages });
 * ```
 */
export async function setupRouter(options: SetupOptions): Promise<ReadyRouter> {
  const { configuration } = options;
  requireMode(configuration);
  const models = await configuredModels(options);
  const { providers, unavailable, catalog, candidates } = models;
  const { strategyNamed, names: strategies } = configuredStrategies(configuration, options.strategies ?? {});
  const script = options.script === undefined ? undefined : createModelScript(options.script);
  const resolver = createResolver({
    ...models,
    configuration,
    strategyNamed,
    script: script && { script, remainingBudget: () => remainingBudget(budgets, options.user) },
  });
  const { clock = systemClock } = options;
  const carried = carriedState(options.carried, {
    configuration,
    env: options.env,
    providers: providers.map(({ provider, definition }) => ({ provider, keyVariables: definition.keyVariables })),
    clock,
    measurementStore: options.measurementStore,
    keptHolders: options.keptHolders,
  });
  const { learning: learns, keepWarm } = configuration.routing;
  const cache = configuredCache({
    configuration,
    resolver,
    store: options.answerStore,
    router: () => router,
    onFault: options.onCacheFault,
    clock: options.clock,
  });
  const pricing = createPricing();
  const { budgets, admission, ...admitting } = configuredAdmission(
    { configuration, candidates, pricing, carried, clock },
    options,
  );
  const local: Caller = { tenant: 'local', user: options.user };
  const hooks = await configuredHooks(configuration, options.hookModule, options.onHookFault);
  const router: Router = createRouter({
    providers: providers.map((one) => one.provider),
    candidates,
    unavailable,
    resolve: resolver.model,
    timeouts: createConfiguredTimeouts(configuration),
    hedge: hedgePolicy(configuration),
    retry: retryPolicy(configuration),
    localOnly: configuration.dataPolicy === 'local_only',
    strict: configuration.strict,
    cache,
    analyser: createTaskAnalyser({
      detectComplexity: configuration.autoDetectComplexity,
      keepsSketches: learns.features || learns.outcomes,
    }),
    quality: configuredQuality({
      configuration,
      learning: options.learning,
      candidate: (id) => candidates.find((one) => one.id === id) ?? resolver.find(id),
      clock,
    }),
    pricing,
    ledger: options.ledger && learns.features ? withSketches(options.ledger) : options.ledger,
    health: carried.health,
    measurements: carried.measurements,
    holders: carried.holders,
    vault: carried.vault,
    ...(keepWarm ? { promptCaches: promptCacheTerms, sessions: carried.sessions } : {}),
    ruleUses: budgets.ruleUses,
    admission,
    caller: local,
    queueMs: configuration.throughput.queueMs,
    firstTurn: options.firstTurn,
    hooks: hooks?.hooks,
    clock,
  });
  return {
    router,
    resolver,
    routes: createGatewayRoutes({ configuration, catalog, candidates, resolver, strategies }),
    catalog,
    candidates,
    providers: providers.map((one) => one.provider),
    simulated: models.simulated,
    carried,
    budgets,
    standings: (caller) => budgets.standings(callerOf(caller, local)),
    keyVariable(id) {
      const own = configuration.providers[id];
      return own?.apiKeyVariable ?? definitionOf(id, own, options)?.keyVariables[0];
    },
    async close() {
      await Promise.all([router.close(), script?.close(), hooks?.close()]);
      admitting.close();
    },
  };
}

/** Throws RouterError `configuration` where the gateway is to serve a mode that nobody has written. */
function requireMode({ gateway: { mode }, modes }: Configuration): void {
  if (mode === undefined || Object.hasOwn(modes, mode)) return;
  const written = Object.keys(modes).map((name) => `${name}_mode`);
  throw new RouterError({
    kind: 'configuration',
    message: `There is no ${mode}_mode in the configuration; ${written.length === 0 ? 'write one with a model, temperature and top_p' : `there are ${written.join(', ')}`}.`,
  });
}

/** Books each routed attempt with the sketch of its prompt. */
function withSketches(ledger: Ledger): Ledger {
  return {
    append(row) {
      const { task } = row.decision;
      const sketch = sketchOf(task);
      ledger.append(sketch === undefined ? row : { ...row, sketch, promptDigest: promptDigestOf(task) });
    },
  };
}

/** `retry` says how often a call is made; `fallback.max_retries` says the same as retries behind the first attempt. */
function retryPolicy({ retry, fallback }: Configuration): Partial<RetryPolicy> {
  const maxAttempts = retry.maxAttempts ?? (fallback.maxRetries === undefined ? undefined : fallback.maxRetries + 1);
  return {
    ...(maxAttempts === undefined ? {} : { maxAttempts }),
    ...(retry.backoff === undefined ? {} : { backoff: retry.backoff }),
  };
}

function hedgePolicy({ performance: { hedgeAfterMs, hedgeShare } }: Configuration): HedgePolicy | undefined {
  return hedgeAfterMs === undefined
    ? undefined
    : { afterMs: hedgeAfterMs, ...(hedgeShare === undefined ? {} : { share: hedgeShare }) };
}
