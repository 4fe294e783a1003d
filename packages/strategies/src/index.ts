// The public surface of @signalbox/strategies.
export { type BestForTaskOptions, bestForTask, DEFAULT_WEIGHTS, type ScoreWeights } from './best-for-task.ts';
export { withCostLimit } from './cost-limit.ts';
export { type CostOptimizedOptions, costOptimized } from './cost-optimized.ts';
export { expectedLatencyMs, MOST_FAILURES } from './expected-latency.ts';
export { type FallbackChainOptions, fallbackChain } from './fallback-chain.ts';
export { withFallbackOrder } from './fallback-order.ts';
export { DEFAULT_MIN_QUALITY } from './good-enough.ts';
export { withLastResort } from './last-resort.ts';
export { manual } from './manual.ts';
export { type PerformanceOptimizedOptions, performanceOptimized } from './performance-optimized.ts';
export { DEFAULT_PREFERENCES, type PreferenceTable } from './preferences.ts';
export { type RoundRobinOptions, roundRobin } from './round-robin.ts';
export { type CustomRulesOptions, customRules, type Rule, type RuleOptions, withRules } from './rules.ts';
export { SPEED_TABLE, type SpeedRow } from './speed-table.ts';
