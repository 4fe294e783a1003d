import type { Clock, Inbound, ServerContext } from '@signalbox/core';

/** What a codec needs to answer a request that came over the wire. */
export function serverContextOf(inbound: Inbound, clock: Clock, createId: () => string): ServerContext {
  return {
    model: inbound.head.model ?? '',
    createId,
    now: () => clock.now(),
    // Asked for only where a stream is encoded: there the request has been decoded anyway.
    get includeUsage() {
      return inbound.request().streamUsage;
    },
  };
}
