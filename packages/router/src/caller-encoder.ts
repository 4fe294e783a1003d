import type { ServerContext, StreamEncoder } from '@signalbox/core';
import type { RouteCall } from './router.ts';

/** An encoder for the caller's stream. */
export function encoderOf(call: RouteCall, server: ServerContext | undefined): StreamEncoder {
  if (server === undefined || call.inbound.wire === undefined) {
    throw new Error('an encoder needs a request that came over the wire');
  }
  return call.inbound.wire.format.server.createStreamEncoder(server);
}
