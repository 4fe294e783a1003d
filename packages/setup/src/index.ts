// The public surface of @signalbox/setup.
export {
  type AlertDelivery,
  type AlertDeliveryOptions,
  type AlertTargets,
  createAlertDelivery,
} from './alert-delivery.ts';
export type { CarriedState } from './carried-state.ts';
export { budgetPlan, limitsAnything } from './configured-budgets.ts';
export { type LearningSource, priorQuality } from './configured-quality.ts';
export { type ConnectOptions, connectProviders, definitionOf } from './connect-providers.ts';
export { CLAUDE_NAME_PREFIX, type GatewayRoutes, type RoutedName } from './gateway-routes.ts';
export { isSameAccount } from './is-same-account.ts';
export type { ModelScriptOptions } from './model-script.ts';
export { type Judgement, type ReplayOptions, type ReplayPolicy, setupReplay } from './replay-policy.ts';
export type { Resolver } from './resolve-model.ts';
export { type ReadyRouter, type SetupOptions, setupRouter } from './setup-router.ts';
export { type UnknownModel, unknownModels } from './unknown-models.ts';
