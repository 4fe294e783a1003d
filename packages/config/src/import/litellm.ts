import { asArray, asNumber, asObject, asString, type JsonObject } from '@signalbox/core';
import { change, createDraft, leaveOut, noteRest, type Reasons, setIn, timeOf } from './draft.ts';
import type { Draft, KnownProvider } from './imported.ts';
import { readDeployment } from './litellm-model.ts';

// The format: docs.litellm.ai/docs/proxy/config_settings, as of October 2026.

const STRATEGIES: Readonly<Record<string, string>> = {
  'latency-based-routing': 'performance_optimized',
  'cost-based-routing': 'cost_optimized',
  'usage-based-routing': 'round_robin',
  'usage-based-routing-v2': 'round_robin',
  'least-busy': 'round_robin',
};

const ROUTER_REASONS: Reasons = {
  'redis_*': 'many processes share files in ~/.claude-code; there is no Redis',
  cache_responses: 'say caching.enabled',
  allowed_fails: 'a breaker for each model and key is built in (docs/reliability.md)',
  allowed_fails_policy: 'a breaker for each model and key is built in (docs/reliability.md)',
  cooldown_time: 'a breaker for each model and key is built in (docs/reliability.md)',
  disable_cooldowns: 'the breaker is overruled where nobody else is left, and is not switched off',
  retry_policy: 'what is tried again follows the kind of failure (docs/reliability.md)',
  content_policy_fallbacks: 'filtered content ends the matter: another model would get the same request',
  enable_pre_call_checks: 'a request that does not fit a window never goes there; this is always on',
  enable_tag_filtering: 'requests are not routed by tags',
  routing_strategy_args: 'the strategies have settings of their own (docs/routing.md)',
};

const SETTINGS_REASONS: Reasons = {
  drop_params: "what a model can't express is left out and reported (strict: true refuses it)",
  content_policy_fallbacks: 'filtered content ends the matter: another model would get the same request',
  set_verbose: 'say it when the gateway starts: signalbox serve --log debug',
  json_logs: 'the gateway logs lines of JSON: signalbox serve --log info',
  callbacks: 'figures are at /metrics, traces go by OTEL_EXPORTER_OTLP_ENDPOINT (docs/gateway.md)',
  success_callback: 'figures are at /metrics, traces go by OTEL_EXPORTER_OTLP_ENDPOINT (docs/gateway.md)',
  failure_callback: 'figures are at /metrics, traces go by OTEL_EXPORTER_OTLP_ENDPOINT (docs/gateway.md)',
  service_callbacks: 'figures are at /metrics, traces go by OTEL_EXPORTER_OTLP_ENDPOINT (docs/gateway.md)',
  turn_off_message_logging: 'no prompt and no answer is ever logged',
  modify_params: 'requests are translated, not changed',
};

const GENERAL_REASONS: Reasons = {
  master_key: 'the gateway has keys of its own: signalbox keys create NAME',
  'database_*': 'keys and the ledger are files in ~/.claude-code',
  max_parallel_requests: 'say max_concurrent under a provider or model',
  global_max_parallel_requests: 'say max_concurrent under a provider or model',
  'alert*': 'say budget.alerts and budget.notify',
  background_health_checks: 'providers are judged by the calls that are made: signalbox health',
  health_check_interval: 'providers are judged by the calls that are made: signalbox health',
};

/** Periods of a budget that we have. */
const DAILY = /^(?:1d|24h|86400s?)$/;
const MONTHLY = /^(?:1mo|30d|31d)$/;

/** Converts the config.yaml of LiteLLM's proxy. */
export function fromLitellm(file: JsonObject, known: readonly KnownProvider[]): Draft {
  const draft = createDraft(known);
  const groups = new Map<string, string[]>();
  for (const [index, written] of asArray(file.model_list).entries()) {
    const path = `model_list[${index}]`;
    const deployment = readDeployment(draft, asObject(written) ?? {}, path);
    if (deployment === undefined || deployment.pattern) {
      if (deployment?.pattern === true)
        change(draft, path, `every model of ${deployment.target.split('/')[0]} can be named, as provider/model`);
      continue;
    }
    groups.set(deployment.name, [...(groups.get(deployment.name) ?? []), deployment.target]);
  }
  const router = asObject(file.router_settings) ?? {};
  const settings = asObject(file.litellm_settings) ?? {};
  for (const [name, meant] of Object.entries(asObject(router.model_group_alias) ?? {})) {
    const target = groups.get(asString(meant) ?? asString(asObject(meant)?.model) ?? '');
    if (target === undefined)
      leaveOut(draft, `router_settings.model_group_alias.${name}`, 'it names no model of this file');
    else groups.set(name, [...target]);
  }
  const chains = withFallbacks(draft, groups, router, settings);
  nameModels(draft, chains);
  readSettings(draft, router, settings, groups);
  noteRest(draft, asObject(file.general_settings) ?? {}, 'general_settings', { read: [], reasons: GENERAL_REASONS });
  noteRest(draft, file, '', {
    read: ['model_list', 'router_settings', 'litellm_settings', 'general_settings'],
    reasons: {
      environment_variables: 'put them into the environment, or into .env',
      callback_settings: 'figures are at /metrics, traces go by OTEL_EXPORTER_OTLP_ENDPOINT (docs/gateway.md)',
      include: 'import the included files by themselves',
    },
  });
  return draft;
}

/** Each group with the groups that it falls back to behind it. */
function withFallbacks(
  draft: Draft,
  groups: ReadonlyMap<string, readonly string[]>,
  router: JsonObject,
  settings: JsonObject,
): ReadonlyMap<string, readonly string[]> {
  const chains = new Map([...groups].map(([name, targets]) => [name, [...targets]]));
  for (const [section, from] of [
    ['router_settings', router],
    ['litellm_settings', settings],
  ] as const) {
    for (const key of ['fallbacks', 'context_window_fallbacks']) {
      for (const written of asArray(from[key])) {
        for (const [name, others] of Object.entries(asObject(written) ?? {})) {
          const chain = chains.get(name);
          const targets = asArray(others).flatMap(
            (other) => groups.get(asString(other) ?? asString(asObject(other)?.model) ?? '') ?? [],
          );
          if (chain === undefined || targets.length === 0)
            leaveOut(draft, `${section}.${key}.${name}`, 'it names no model of this file');
          else chain.push(...targets.filter((target) => !chain.includes(target)));
        }
        if (key === 'context_window_fallbacks')
          change(draft, `${section}.${key}`, 'part of the chains of models: who has no room is passed over');
      }
    }
  }
  return chains;
}

/** Names that callers use and that are no plain model's become names under `models`. */
function nameModels(draft: Draft, chains: ReadonlyMap<string, readonly string[]>): void {
  const names: Record<string, unknown> = {};
  for (const [name, chain] of chains) {
    const [target = ''] = chain;
    const plain = chain.length === 1 && (target === name || target.slice(target.indexOf('/') + 1) === name);
    if (!plain) names[name] = { chain: [...new Set(chain)] };
    if (chain.length > 1)
      change(
        draft,
        `model "${name}"`,
        'its deployments and fallbacks are one chain: the first answers, the next where it fails',
      );
  }
  setIn(draft, 'models', names);
}

function readSettings(
  draft: Draft,
  router: JsonObject,
  settings: JsonObject,
  groups: ReadonlyMap<string, readonly string[]>,
): void {
  const retries = asNumber(router.num_retries) ?? asNumber(settings.num_retries);
  const timeout = asNumber(router.timeout) ?? asNumber(settings.request_timeout);
  setIn(draft, 'retry', {
    max_attempts: retries === undefined ? undefined : Math.max(1, retries + 1),
    timeout: timeOf(timeout === undefined ? undefined : timeout * 1_000),
  });
  const written = asString(router.routing_strategy);
  const strategy = written === undefined ? undefined : STRATEGIES[written];
  if (written !== undefined && written !== 'simple-shuffle') {
    if (strategy === undefined)
      leaveOut(draft, 'router_settings.routing_strategy', `there is no strategy like "${written}"`);
    else
      change(
        draft,
        'router_settings.routing_strategy',
        `"${written}" becomes ${strategy}: it chooses among all models, for requests that name "auto"`,
      );
  }
  setIn(draft, 'routing', { strategy });
  const fallbacks = [...asArray(settings.default_fallbacks), ...asArray(router.default_fallbacks)].flatMap(
    (name) => groups.get(asString(name) ?? '') ?? [],
  );
  setIn(draft, 'fallback', { chain: fallbacks.length === 0 ? undefined : fallbacks });
  readCache(draft, settings);
  readBudget(draft, settings);
  const inRouter = [
    'num_retries',
    'timeout',
    'routing_strategy',
    'fallbacks',
    'context_window_fallbacks',
    'default_fallbacks',
    'model_group_alias',
  ];
  noteRest(draft, router, 'router_settings', { read: inRouter, reasons: ROUTER_REASONS });
  const inSettings = [
    'num_retries',
    'request_timeout',
    'fallbacks',
    'context_window_fallbacks',
    'default_fallbacks',
    'cache',
    'cache_params',
    'max_budget',
    'budget_duration',
  ];
  noteRest(draft, settings, 'litellm_settings', { read: inSettings, reasons: SETTINGS_REASONS });
}

function readCache(draft: Draft, settings: JsonObject): void {
  const parameters = asObject(settings.cache_params);
  if (settings.cache !== true) return;
  setIn(draft, 'caching', { enabled: true, ttl: timeOfCache(asNumber(parameters?.ttl)) });
  if (parameters === undefined) return;
  noteRest(draft, parameters, 'litellm_settings.cache_params', {
    read: ['ttl', ...(parameters.type === 'local' ? ['type'] : [])],
    reasons: {
      type: 'answers are kept in a file that all processes share, or in memory (caching.storage)',
      mode: 'a request may say cache: no-store itself (docs/caching.md)',
    },
    otherwise: 'it belongs to a kind of cache that there is not',
  });
}

function readBudget(draft: Draft, settings: JsonObject): void {
  const amount = asNumber(settings.max_budget);
  if (amount === undefined) return;
  const period = asString(settings.budget_duration) ?? '';
  if (DAILY.test(period)) setIn(draft, 'budget', { daily: amount });
  else if (MONTHLY.test(period)) {
    setIn(draft, 'budget', { monthly: amount });
    change(draft, 'litellm_settings.budget_duration', 'a calendar month, not thirty days');
  } else
    leaveOut(
      draft,
      'litellm_settings.max_budget',
      'budgets are of a day or a month: say budget.daily or budget.monthly',
    );
}

/** A time of the cache: seconds of any length. */
const timeOfCache = (seconds: number | undefined) =>
  seconds === undefined || !(seconds >= 1) ? undefined : `${Math.round(seconds)}s`;
