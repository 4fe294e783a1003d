import type { Inbound, ModelRequest, Sampling } from '@signalbox/core';

/** A request with sampling for what its caller has left open. It is encoded anew: the caller's bytes say nothing of it. */
export function sampledInbound(inbound: Inbound, sampling: Sampling | undefined): Inbound {
  if (sampling === undefined) return inbound;
  let sampled: ModelRequest | undefined;
  return {
    ...inbound,
    mustDecode: true,
    request() {
      if (sampled === undefined) {
        const request = inbound.request();
        const own = Object.entries(request.sampling ?? {}).filter(([, value]) => value !== undefined);
        sampled = { ...request, sampling: { ...sampling, ...Object.fromEntries(own) } };
      }
      return sampled;
    },
  };
}
