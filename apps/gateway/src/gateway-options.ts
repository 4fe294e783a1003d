import {
  aBoolean,
  aCount,
  aFunction,
  aListOf,
  aNumber,
  anObject,
  aPort,
  aText,
  type BudgetStanding,
  type Caller,
  type OptionRules,
  oneOf,
} from '@signalbox/core';
import type { Hooks, Router } from '@signalbox/router';
import type { GatewayRoutes } from '@signalbox/setup';
import type { GatekeeperOptions } from './access/gatekeeper.ts';
import type { AdminOptions } from './admin/admin-options.ts';
import type { TakeFeedback } from './apis/feedback-api.ts';
import type { GatewayMetrics } from './metrics/metrics.ts';
import type { RequestRecord } from './metrics/request-record.ts';

/** What a gateway is made of: the router, who may come in, and who looks on. */
export interface GatewayOptions extends GatekeeperOptions {
  readonly router: Router;
  /** See requests and answers, and may change or refuse them; beside those that the router has. Default: none. */
  readonly hooks?: Hooks | undefined;
  /** What model names mean; default: as the router reads them. */
  readonly routes?: GatewayRoutes | undefined;
  /** How a caller's budgets stand: Claude Code shows it. Throws RouterError where nobody can know. Default: nobody has any. */
  readonly standings?: ((caller: Caller) => readonly BudgetStanding[]) | undefined;
  /** Milliseconds of silence in a stream after which a format's sign of life is sent. Default 15,000. */
  readonly silenceMs?: number | undefined;
  /** Where a provider counts no tokens: `estimate` them and say so (default), or refuse (`exact`): a wrong figure may be worse than none. */
  readonly countTokens?: 'estimate' | 'exact' | undefined;
  /** Bytes of a request body at most; default 32 MiB. */
  readonly maxBodyBytes?: number | undefined;
  /** Gets faults of the gateway itself, for a log. Default: stderr. */
  readonly onFault?: ((error: unknown) => void) | undefined;
  /** Hears of every request when it is over, for a log. Must not throw. */
  readonly onRequest?: ((record: RequestRecord) => void) | undefined;
  /** Writes down what callers say of answers that they got; absent: `POST /v1/feedback` is refused. */
  readonly feedback?: TakeFeedback | undefined;
  /** Counts requests, and is served as `GET /metrics`. */
  readonly metrics?: GatewayMetrics | undefined;
  /** Serves the admin API below `/admin/v1`. Default: there is none. */
  readonly admin?: AdminOptions | undefined;
  /** Why `GET /readyz` should say that the gateway takes no requests yet, beside what the router says; undefined: nothing stands against it. */
  readonly notReady?: (() => string | undefined) | undefined;
}

/** Of ports, what no request can do without. */
export const GATEWAY_RULES: OptionRules<GatewayOptions> = {
  router: aPort('a router, such as createRouter({ providers }) gives', ['forward']),
  hooks: anObject('an object of hooks, such as { onRequest, onText }'),
  routes: anObject('an object of routes, such as createGatewayRoutes() of @signalbox/setup gives'),
  standings: aFunction('a function that gives the standings of a caller'),
  silenceMs: aNumber(0, undefined, 'of milliseconds'),
  countTokens: oneOf(['estimate', 'exact'] satisfies readonly GatewayOptions['countTokens'][]),
  maxBodyBytes: aCount(1, undefined, 'of bytes'),
  onFault: aFunction('a function that is told of faults'),
  onRequest: aFunction('a function that is told of requests'),
  feedback: aFunction('a function that takes feedback'),
  metrics: aPort('metrics, such as createGatewayMetrics() gives', ['text']),
  admin: anObject('an object of what the admin API may do'),
  notReady: aFunction('a function that says why the gateway is not ready'),
  keys: aPort('keys, such as openGatewayKeys() gives', ['find', 'exist']),
  keysRequired: aBoolean,
  jwt: anObject('an object, such as { issuer, audience, jwksUrl }'),
  corsOrigins: aListOf(aText(), 'a list of origins, such as https://app.example.com'),
  now: aFunction('a function that gives Unix milliseconds'),
};
