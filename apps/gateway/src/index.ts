// The public surface of @signalbox/gateway.

export type { TokenClaims, TokenOptions } from './access/token-verifier.ts';
export type { AdminOptions, AuditEntry, ReloadOutcome } from './admin/admin-options.ts';
export type { Explanation } from './apis/explain-api.ts';
export type { GivenFeedback, TakeFeedback, TakenFeedback } from './apis/feedback-api.ts';
export type { EndpointHealth, ModelHealth, ProviderHealth } from './apis/health-api.ts';
export { createGateway } from './create-gateway.ts';
export type { GatewayOptions } from './gateway-options.ts';
export {
  aggregateMetrics,
  createGatewayMetrics,
  type GatewayMetrics,
  type MetricsSnapshot,
} from './metrics/metrics.ts';
export type { RequestRecord } from './metrics/request-record.ts';
export { DEFAULT_PORT, type RunningGateway, type ServeOptions, serveGateway } from './serve-gateway.ts';
