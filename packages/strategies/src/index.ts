// The public surface of @signalbox/strategies.
export { type BestForTaskOptions, bestForTask } from './best-for-task.ts';
export { type FallbackChainOptions, fallbackChain } from './fallback-chain.ts';
export { withFallbackOrder } from './fallback-order.ts';
export { manual } from './manual.ts';
export { DEFAULT_PREFERENCES, type PreferenceTable } from './preferences.ts';
