import { type Candidate, inboundFromRequest, type ModelRequest, type NanoUsd, type Pricing } from '@signalbox/core';
import type { Route, Router } from '@signalbox/router';

/** What one request would be: nothing is sent. */
export interface PlannedRequest {
  readonly titles: readonly string[];
  /** `provider/model id`; undefined: nobody could take it, for the reason. */
  readonly candidate: string | undefined;
  readonly reason?: string | undefined;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Undefined where the price is unknown. */
  readonly cost: NanoUsd | undefined;
}

/** How a run is planned. */
export interface Planner {
  readonly router: Router;
  readonly route: Route;
  readonly candidates: readonly Candidate[];
  readonly pricing: Pricing;
  readonly now: number;
}

/** Who would answer a request and what that would cost; `outputTokens`: of several answers together, where they share it. */
export async function planRequest(
  { router, route, candidates, pricing, now }: Planner,
  titles: readonly string[],
  request: ModelRequest,
  outputTokens?: number,
): Promise<PlannedRequest> {
  const decision = await router.explain({ inbound: inboundFromRequest(request), route });
  const [winner] = decision.order;
  const inputTokens = decision.needs?.inputTokens ?? 0;
  const expected = outputTokens ?? decision.task?.expectedOutputTokens ?? 500;
  const output = request.maxOutputTokens === undefined ? expected : Math.min(expected, request.maxOutputTokens);
  const facts = [...route.candidates, ...candidates].find(({ id }) => id === winner?.candidate);
  return {
    titles,
    candidate: winner?.candidate,
    reason: winner === undefined ? decision.removed[0]?.reason : undefined,
    inputTokens,
    outputTokens: output,
    cost: facts?.provider.simulated ? 0 : facts && pricing.predict(facts.facts, inputTokens, output, now),
  };
}
