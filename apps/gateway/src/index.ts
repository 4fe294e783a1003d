// The public surface of @signalbox/gateway.

export { createGateway, type GatewayOptions } from './create-gateway.ts';
export type { Explanation } from './explain-api.ts';
export type { GivenFeedback, TakeFeedback, TakenFeedback } from './feedback-api.ts';
export type { EndpointHealth, ModelHealth, ProviderHealth } from './health-api.ts';
export { createGatewayMetrics, type GatewayMetrics } from './metrics.ts';
export type { RequestRecord } from './request-record.ts';
export { DEFAULT_PORT, type RunningGateway, type ServeOptions, serveGateway } from './serve-gateway.ts';
