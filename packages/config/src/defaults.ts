import type { ConfigurationEntry } from './entry.ts';

const DEFAULTS: readonly (readonly [main: string, goal: string, value: unknown])[] = [
  ['router.enabled', 'enabled', true],
  ['routing.strategy', 'routing.strategy', 'best_for_task'],
  ['routing.apply_to', 'routing.applyTo', 'auto'],
  ['routing.background', 'routing.background', 'cheapest'],
  ['routing.learning.outcomes', 'routing.learning.outcomes', true],
  ['routing.learning.features', 'routing.learning.features', true],
  ['routing.keep_warm', 'routing.keepWarm', true],
  ['gateway.count_tokens', 'gateway.countTokens', 'estimate'],
  ['fallback.enabled', 'fallback.enabled', true],
  ['router.cost_tracking.enabled', 'costTracking.enabled', true],
  ['router.monitoring.enabled', 'monitoring.enabled', true],
  ['router.monitoring.track_latency', 'monitoring.trackLatency', true],
  ['router.monitoring.track_token_usage', 'monitoring.trackTokenUsage', true],
  ['caching.enabled', 'caching.enabled', false],
  ['caching.semantic.enabled', 'caching.semantic.enabled', false],
  ['streaming.enabled', 'streaming.enabled', true],
  ['chat.store', 'chat.store', false],
  ['auto_detect_complexity', 'autoDetectComplexity', true],
  ['strict', 'strict', false],
];

/** The weakest layer: what holds where nothing is said. */
export const defaultEntries: readonly ConfigurationEntry[] = DEFAULTS.map(([main, goal, value]) => ({
  goal: goal.split('.'),
  written: main.split('.'),
  main: main.split('.'),
  value,
  raw: value,
  source: { kind: 'default' },
}));
