// The public surface of @signalbox/rate-limit.

export { type CallerLimiterOptions, createCallerLimiter } from './caller-limiter.ts';
export { createMemoryStore, type LimitSize, type LimitStore, type LimitWindow, type Taken } from './limit-store.ts';
export type { Limits, ProviderLimits, RequestLimit } from './limits.ts';
export { createRateLimiter, type RateLimiterOptions } from './rate-limiter.ts';
export {
  createSharedLimitStore,
  type SharedLimitStore,
  type SharedLimitStoreOptions,
} from './shared-limit-store.ts';
