import type { Inbound, ServerContext, StreamEncoder } from '@signalbox/core';

/** An encoder for the stream of the caller who asked. */
export function encoderOf(inbound: Inbound, server: ServerContext | undefined): StreamEncoder {
  if (server === undefined || inbound.wire === undefined) {
    throw new Error('an encoder needs a request that came over the wire');
  }
  return inbound.wire.format.server.createStreamEncoder(server);
}
