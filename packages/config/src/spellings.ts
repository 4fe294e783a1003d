/**
 * Where each key of a file goes: [as written, in `Configuration`]. `*` stands for a name and is carried over. The first
 * row of several with one goal is the main spelling. What has no row here is no setting.
 */
export const SPELLINGS: readonly (readonly [written: string, goal: string])[] = [
  ['router.enabled', 'enabled'],
  ['router.default_model', 'defaultModel'],

  ['providers.*.api_key', 'providers.*.apiKey'],
  ['providers.*.api_keys', 'providers.*.apiKeys'],
  ['providers.*.credentials', 'providers.*.credentials'],
  ['providers.*.endpoint', 'providers.*.endpoint'],
  ['providers.*.headers', 'providers.*.headers'],
  ['providers.*.type', 'providers.*.type'],
  ['providers.*.package', 'providers.*.package'],
  ['providers.*.timeout', 'providers.*.timeoutMs'],
  ['providers.*.idle_timeout', 'providers.*.idleTimeoutMs'],
  ['providers.*.connect_timeout', 'providers.*.connectTimeoutMs'],
  ['providers.*.rate_limit', 'providers.*.rateLimit'],
  ['providers.*.tokens_per_minute', 'providers.*.tokensPerMinute'],
  ['providers.*.max_concurrent', 'providers.*.maxConcurrent'],
  ['providers.*.default', 'providers.*.default'],
  ['providers.*.models', 'providers.*.models'],
  ['providers.*.options', 'providers.*.options'],

  ['routing.strategy', 'routing.strategy'],
  ['router.strategy', 'routing.strategy'],
  ['routing.fallback_order', 'routing.fallbackOrder'],
  ['routing.chains.*', 'routing.chains.*'],
  ['routing.rules', 'routing.rules'],
  ['routing.providers', 'routing.providers'],
  ['routing.apply_to', 'routing.applyTo'],
  ['routing.background', 'routing.background'],
  ['routing.prefer_faster', 'routing.preferFaster'],
  ['routing.optimization.prefer_faster', 'routing.preferFaster'],
  ...inEach(['routing.weights'], 'routing.weights', [
    ['quality', 'quality'],
    ['preference', 'preference'],
    ['cost', 'cost'],
    ['latency', 'latency'],
    ['failures', 'failures'],
  ]),
  ['routing.preferences', 'routing.preferences'],
  ['routing.quality', 'routing.quality'],
  ['routing.learning.outcomes', 'routing.learning.outcomes'],
  ['routing.learning.features', 'routing.learning.features'],
  ['routing.keep_warm', 'routing.keepWarm'],
  ['routing.optimization.prefer_cheaper', 'routing.optimization.preferCheaper'],
  ['routing.optimization.max_cost', 'routing.optimization.maxCost'],
  ['routing.optimization.min_quality_score', 'routing.optimization.minQualityScore'],
  ['routing.optimization.max_latency', 'routing.optimization.maxLatencyMs'],
  ['routing.cost_optimization.enabled', 'routing.costOptimization.enabled'],
  ['routing.cost_optimization.max_cost_per_request', 'routing.costOptimization.maxCostPerRequest'],
  [
    'routing.cost_optimization.prefer_cheaper_when_quality_acceptable',
    'routing.costOptimization.preferCheaperWhenQualityAcceptable',
  ],

  ['gateway.count_tokens', 'gateway.countTokens'],
  ['gateway.cors_origins', 'gateway.corsOrigins'],
  ['gateway.mode', 'gateway.mode'],

  ['gateway.jwt.issuer', 'gateway.jwt.issuer'],
  ['gateway.jwt.audience', 'gateway.jwt.audience'],
  ['gateway.jwt.jwks', 'gateway.jwt.jwksUrl'],
  ['gateway.jwt.clock_tolerance', 'gateway.jwt.clockToleranceMs'],
  ...inEach(['gateway.jwt.claims'], 'gateway.jwt.claims', [
    ['user', 'user'],
    ['tenant', 'tenant'],
    ['tags', 'tags'],
    ['models', 'models'],
    ['budget_daily', 'budgetDaily'],
    ['budget_monthly', 'budgetMonthly'],
    ['rpm', 'requestsPerMinute'],
  ]),
  ['hooks.module', 'hooks.module'],
  ['hooks.redact', 'hooks.redact'],
  ['hooks.redact_in', 'hooks.redactIn'],
  ['hooks.patterns', 'hooks.patterns'],
  ['hooks.timeout', 'hooks.timeoutMs'],
  ['hooks.on_failure', 'hooks.onFailure'],
  ['hooks.hold_back', 'hooks.holdBack'],

  ['fallback.enabled', 'fallback.enabled'],
  ['fallback.chain', 'fallback.chain'],
  ['fallback.max_retries', 'fallback.maxRetries'],

  ...inEach(['budget', 'routing.budget'], 'budget', [
    ['daily', 'daily'],
    ['monthly', 'monthly'],
    ['per_request', 'perRequest'],
    ['per_user.enabled', 'perUser.enabled'],
    ['per_user.default', 'perUser.default'],
    ['per_user.users.*', 'perUser.users.*'],
    ['per_key.*.daily', 'perKey.*.daily'],
    ['per_key.*.monthly', 'perKey.*.monthly'],
    ['per_tag.*.daily', 'perTag.*.daily'],
    ['per_tag.*.monthly', 'perTag.*.monthly'],
    ['per_model.*.daily', 'perModel.*.daily'],
    ['per_model.*.monthly', 'perModel.*.monthly'],
    ['per_model.*.max_daily_uses', 'perModel.*.maxDailyUses'],
    ['alerts', 'alerts'],
    ['notify.webhook', 'notify.webhook'],
    ['notify.command', 'notify.command'],
    ['time_zone', 'timeZone'],
    ['hard', 'hard'],
    ['unknown_price', 'unknownPrice'],
  ]),
  ...inEach(['router.cost_tracking', 'cost_tracking'], 'budget', [
    ['budget_daily', 'daily'],
    ['alert_threshold', 'alertThreshold'],
  ]),
  ...inEach(['router.cost_tracking', 'cost_tracking'], 'costTracking', [
    ['enabled', 'enabled'],
    ['keep', 'keepMs'],
  ]),
  ...inEach(['router.monitoring', 'monitoring'], 'monitoring', [
    ['enabled', 'enabled'],
    ['track_latency', 'trackLatency'],
    ['track_token_usage', 'trackTokenUsage'],
  ]),
  ...inEach(['router.retry', 'retry'], 'retry', [
    ['max_attempts', 'maxAttempts'],
    ['backoff', 'backoff'],
    ['timeout', 'timeoutMs'],
  ]),

  ...inEach(['performance', 'routing.performance'], 'performance', [
    ['hedge_after', 'hedgeAfterMs'],
    ['hedge_share', 'hedgeShare'],
  ]),
  ['performance.parallel_requests', 'performance.parallelRequests'],
  ['routing.performance.parallel_requests', 'performance.parallelRequests'],
  ['routing.optimization.parallel_requests', 'performance.parallelRequests'],
  ['caching.enabled', 'caching.enabled'],
  ['caching.ttl', 'caching.ttlMs'],
  ['caching.max_size', 'caching.maxBytes'],
  ['caching.storage', 'caching.storage'],
  ['caching.file', 'caching.file'],
  ['caching.semantic.enabled', 'caching.semantic.enabled'],
  ['caching.semantic.model', 'caching.semantic.model'],
  ['caching.semantic.threshold', 'caching.semantic.threshold'],
  ...inEach(['performance', 'routing.performance'], 'caching', [
    ['cache_responses', 'enabled'],
    ['cache_ttl', 'ttlMs'],
  ]),
  ['streaming.enabled', 'streaming.enabled'],
  ['chat.store', 'chat.store'],
  ['chat.retention', 'chat.retentionMs'],
  ['speed_priority', 'speedPriority'],
  ['throughput.connection_pool', 'throughput.connectionPool'],
  ['throughput.keep_alive', 'throughput.keepAlive'],
  ['throughput.max_rpm.*', 'throughput.maxRpm.*'],
  ['throughput.queue_timeout', 'throughput.queueMs'],

  ...['quality', 'balanced', 'speed'].flatMap((mode) =>
    inEach([`${mode}_mode`], `modes.${mode}`, [
      ['model', 'model'],
      ['temperature', 'temperature'],
      ['top_p', 'topP'],
    ]),
  ),
  ['models.*', 'models.*'],
  ['auto_detect_complexity', 'autoDetectComplexity'],
  ['data_policy', 'dataPolicy'],
  ['strict', 'strict'],
];

function inEach(
  places: readonly string[],
  goal: string,
  keys: readonly (readonly [string, string])[],
): readonly (readonly [string, string])[] {
  return places.flatMap((place) => keys.map(([key, end]) => [`${place}.${key}`, `${goal}.${end}`] as const));
}

interface Crossing {
  readonly next: Map<string, Crossing>;
  goal?: string;
}

const root: Crossing = { next: new Map() };
const mainSpelling = new Map<string, string>();
for (const [written, goal] of SPELLINGS) {
  let here = root;
  for (const segment of written.split('.')) {
    const next = here.next.get(segment) ?? { next: new Map() };
    here.next.set(segment, next);
    here = next;
  }
  here.goal = goal;
  if (!mainSpelling.has(goal)) mainSpelling.set(goal, written);
}

/** A setting found in a checked file. */
export interface Setting {
  /** Path as written. */
  readonly written: readonly string[];
  /** Path in `Configuration`. */
  readonly goal: readonly string[];
  /** Path in the main spelling. */
  readonly main: readonly string[];
  readonly value: unknown;
}

/** The settings of a checked file, in order. */
export function settingsOf(checked: unknown): readonly Setting[] {
  const settings: Setting[] = [];
  function visit(value: unknown, written: readonly string[], names: readonly string[], here: Crossing): void {
    if (value === undefined) return;
    if (here.goal !== undefined) {
      const main = mainSpelling.get(here.goal) ?? here.goal;
      settings.push({ written, goal: named(here.goal, names), main: named(main, names), value });
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, child] of Object.entries(value)) {
        const exact = here.next.get(key);
        const next = exact ?? here.next.get('*');
        if (next) visit(child, [...written, key], exact ? names : [...names, key], next);
      }
    }
  }
  visit(checked, [], [], root);
  return settings;
}

/** A row's path with the names in the places of its stars. Names may hold dots, so paths are lists from here on. */
function named(pattern: string, names: readonly string[]): readonly string[] {
  const left = [...names];
  return pattern.split('.').map((segment) => (segment === '*' ? (left.shift() ?? segment) : segment));
}
