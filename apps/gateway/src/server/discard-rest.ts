import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';

/** Bytes that are taken of a body whose request is answered already: more than anybody sends by mistake. */
const MOST_DISCARDED_BYTES = 256 * 1024 * 1024;

/**
 * Lets whoever is answered before all of its body has come finish, and drops what comes: many look for an answer only when they have sent everything, and a connection
 * that is closed on them gives them a reset in its place. How long it may take is the server's limit for a whole request.
 */
export function discardRest(
  incoming: IncomingMessage | Http2ServerRequest,
  outgoing: ServerResponse | Http2ServerResponse,
): void {
  outgoing.once('finish', () => {
    if (incoming.complete) return;
    let left = MOST_DISCARDED_BYTES;
    incoming.on('data', (chunk: Uint8Array) => {
      left -= chunk.length;
      if (left < 0) incoming.socket.destroy();
    });
    incoming.resume();
  });
}
