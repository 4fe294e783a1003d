import type { GatewayContext } from './exchange.ts';

/** A request's headers by name in lower case, as node has read them: a `Headers` object costs as much as the rest of a small request's head. */
export function requestHeaders(context: GatewayContext): Readonly<Record<string, string>> {
  const incoming = context.env?.incoming;
  // Only `set-cookie` is ever a list, and no request has it.
  return incoming === undefined ? context.req.header() : (incoming.headers as Readonly<Record<string, string>>);
}
