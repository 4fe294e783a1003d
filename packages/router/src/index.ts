// The public surface of @signalbox/router.
export { candidatesOf, type Route } from './candidates.ts';
export {
  createRouter,
  type ForwardResult,
  type GenerateResult,
  type RouteCall,
  type RouteRecord,
  type Router,
  type RouterOptions,
  type StreamResult,
} from './create-router.ts';
export { DEFAULT_TIMEOUTS, type Timeouts } from './deadline.ts';
export { measureNeeds } from './measure-needs.ts';
export { createMemoryVault, type MemoryVaultOptions } from './memory-vault.ts';
export { systemClock } from './system-clock.ts';
