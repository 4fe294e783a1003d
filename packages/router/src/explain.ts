import type { Decision, Need } from '@signalbox/core';
import { type Route, selectRoute } from './choice/candidates.ts';
import type { RouteCall } from './router.ts';

const EVERYTHING: readonly Need[] = ['task', 'quality', 'latency', 'cost', 'prompt'];

/** A route whose decision tells all that can be known, also what its strategy does not ask for. The choice stays the same. */
export function tellingAll(route: Route): Route {
  return { ...route, tells: EVERYTHING };
}

/** What would be decided for a call, with all that can be known. */
export async function explainCall(
  call: RouteCall,
  resolve: (name: string | undefined) => Route,
  decide: (call: RouteCall) => Decision,
): Promise<Decision> {
  const selected = await selectRoute(call, resolve, decide);
  return decide({ ...selected, route: tellingAll(selected.route) });
}
