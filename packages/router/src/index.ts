// The public surface of @signalbox/router.

// The clock to give to a limiter or a store beside the router.
export { systemClock } from '@signalbox/core';
export { createBreaker } from './breaker.ts';
export type { CacheOutcome } from './cached-answer.ts';
export { callerOf } from './caller-of.ts';
export { candidatesOf, type Route } from './candidates.ts';
export { combineAdmissions } from './combine-admissions.ts';
export type { TokenCount } from './count-tokens.ts';
export { createRouter } from './create-router.ts';
export type { Timeouts } from './deadline.ts';
export type { EmbedResult } from './embed.ts';
export { tellingAll } from './explain.ts';
export type { HedgePolicy } from './hedge.ts';
export type { HookContext, HookRefusal, Hooks } from './hooks.ts';
export { measureNeeds } from './measure-needs.ts';
export { createMeasurements } from './measurements.ts';
export { createMemoryVault, type MemoryVaultOptions } from './memory-vault.ts';
export { mayUse } from './permitted-models.ts';
export { type RedecideInput, type RedecidePorts, redecide } from './redecide.ts';
export { DEFAULT_RETRY_POLICY, type RetryPolicy } from './retry-policy.ts';
export type {
  ForwardResult,
  GenerateResult,
  RouteCall,
  RouteRecord,
  Router,
  RouterOptions,
  StreamResult,
} from './router.ts';
export type { PromptCaches } from './session-costs.ts';
export { createSessions, type Sessions } from './sessions.ts';
export type { AnswerBody } from './whole-body.ts';
export { withHooks } from './with-hooks.ts';
