import type { Inbound } from '@signalbox/core';
import type { Route } from '@signalbox/router';
import { isBackgroundCall } from '../request/background-call.ts';
import type { ApiOptions } from './api-options.ts';

/** The route that a request's model name means; undefined: the router reads it. Throws RouterError. */
export function routeOf(inbound: Inbound, { routes }: ApiOptions): Route | undefined {
  return routes?.resolve(inbound.head.model, () => isBackgroundCall(inbound));
}
