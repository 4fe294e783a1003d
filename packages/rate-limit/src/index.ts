// The public surface of @signalbox/rate-limit.

export { type CallerLimiterOptions, createCallerLimiter } from './caller-limiter.ts';
export { createMemoryStore, type LimitStore } from './limit-store.ts';
export type { LimitSize, LimitWindow, Taken } from './limit-window.ts';
export type { Limits, ProviderLimits, RequestLimit } from './limits.ts';
export type { Places } from './places.ts';
export { createRateLimiter, type RateLimiterOptions } from './rate-limiter.ts';
export {
  createSharedLimitStore,
  type SharedLimitStore,
  type SharedLimitStoreOptions,
} from './shared-limit-store.ts';
