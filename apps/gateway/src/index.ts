// The public surface of @signalbox/gateway.

export type { AdminOptions, AuditEntry, ReloadOutcome } from './admin/admin-options.ts';
export { createGateway, type GatewayOptions } from './create-gateway.ts';
export type { Explanation } from './explain-api.ts';
export type { GivenFeedback, TakeFeedback, TakenFeedback } from './feedback-api.ts';
export type { EndpointHealth, ModelHealth, ProviderHealth } from './health-api.ts';
export { aggregateMetrics, createGatewayMetrics, type GatewayMetrics, type MetricsSnapshot } from './metrics.ts';
export type { RequestRecord } from './request-record.ts';
export { DEFAULT_PORT, type RunningGateway, type ServeOptions, serveGateway } from './serve-gateway.ts';
export type { TokenClaims, TokenOptions } from './token-verifier.ts';
