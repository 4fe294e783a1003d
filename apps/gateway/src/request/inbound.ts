import { type Inbound, parseJson, type RequestBytes, RouterError, type WireFormat, wholeBytes } from '@signalbox/core';
import type { GatewayContext } from './exchange.ts';

/** Path and query of a request. */
export function pathOf(context: GatewayContext): string {
  const written = context.env?.incoming?.url;
  // A proxy's form of a request names the whole address.
  if (written?.startsWith('/') === true) return written;
  const { pathname, search } = new URL(context.req.url);
  return `${pathname}${search}`;
}

/** A body as JSON. Throws RouterError `invalid-request`. */
export function parseBody(body: RequestBytes): unknown {
  const parsed = parseJson(new TextDecoder().decode(wholeBytes(body)));
  if (parsed === undefined) {
    throw new RouterError({ kind: 'invalid-request', message: 'The request body is not valid JSON.' });
  }
  return parsed;
}

/** The request as the engine takes it; the canonical form is made when it is first needed. */
export function createInbound(
  format: WireFormat,
  body: RequestBytes,
  path: string,
  headers: Readonly<Record<string, string>>,
  credentials?: Readonly<Record<string, string>> | undefined,
): Inbound {
  let request: ReturnType<Inbound['request']> | undefined;
  return {
    wire: { format, body, path, headers, credentials },
    head: format.server.scanHead(body, path),
    request() {
      request ??= format.server.decodeRequest(parseBody(body), path, headers);
      return request;
    },
  };
}
