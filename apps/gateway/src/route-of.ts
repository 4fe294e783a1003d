import type { Inbound } from '@signalbox/core';
import type { Route } from '@signalbox/router';
import type { ApiOptions } from './api-options.ts';
import { isBackgroundCall } from './background-call.ts';

/** The route that a request's model name means; undefined: the router reads it. Throws RouterError. */
export function routeOf(inbound: Inbound, { routes }: ApiOptions): Route | undefined {
  return routes?.resolve(inbound.head.model, () => isBackgroundCall(inbound));
}
