// The public surface of @signalbox/router.

// The clock to give to a limiter or a store beside the router.
export { systemClock } from '@signalbox/core';
export type { CacheOutcome } from './answers/cached-answer.ts';
export { createBreaker } from './attempts/breaker.ts';
export type { Timeouts } from './attempts/deadline.ts';
export type { HedgePolicy } from './attempts/hedge.ts';
export { DEFAULT_RETRY_POLICY, type RetryPolicy } from './attempts/retry-policy.ts';
export { callerOf } from './caller/caller-of.ts';
export { mayUse } from './caller/permitted-models.ts';
export { candidatesOf, type Route } from './choice/candidates.ts';
export { type RedecideInput, type RedecidePorts, redecide } from './choice/redecide.ts';
export type { TokenCount } from './count-tokens.ts';
export { createRouter } from './create-router.ts';
export { tellingAll } from './explain.ts';
export type { HookContext, HookRefusal, Hooks } from './hooks/hooks.ts';
export { createHolders, type Holder, type Holders } from './kept/holders.ts';
export { createMemoryVault, type MemoryVaultOptions } from './lanes/memory-vault.ts';
export type { AnswerBody } from './lanes/whole-body.ts';
export { createMeasurements } from './measurements.ts';
export { combineAdmissions } from './money/combine-admissions.ts';
export { measureNeeds } from './request/measure-needs.ts';
export type {
  EmbedResult,
  ForwardResult,
  GenerateResult,
  KeptCall,
  KeptResult,
  RouteCall,
  RouteRecord,
  Router,
  RouterOptions,
  StreamResult,
} from './router.ts';
export type { PromptCaches } from './sessions/session-costs.ts';
export { createSessions, type Sessions } from './sessions/sessions.ts';
export { withHooks } from './with-hooks.ts';
