import type { Need } from '@signalbox/core';
import type { Route } from './candidates.ts';

const EVERYTHING: readonly Need[] = ['task', 'quality', 'latency', 'cost', 'prompt'];

/** A route whose decision tells all that can be known, also what its strategy does not ask for. The choice stays the same. */
export function tellingAll(route: Route): Route {
  return { ...route, strategy: { ...route.strategy, needs: EVERYTHING } };
}
