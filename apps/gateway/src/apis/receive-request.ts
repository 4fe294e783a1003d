import type { Caller, Inbound, WireFormat } from '@signalbox/core';
import type { RequestWatch } from '../metrics/request-record.ts';
import { callerOfRequest } from '../request/caller.ts';
import { callersCredentials } from '../request/callers-credentials.ts';
import type { GatewayContext } from '../request/exchange.ts';
import { createInbound, pathOf } from '../request/inbound.ts';
import { requestBody } from '../request/request-body.ts';
import { requestHeaders } from '../request/request-headers.ts';
import type { ApiOptions } from './api-options.ts';

/** A request of a wire format, and who sent it. */
interface Received {
  readonly inbound: Inbound;
  readonly caller: Caller;
  readonly headers: Readonly<Record<string, string>>;
}

/** Reads a request to its end. Throws RouterError `request-too-large`, `invalid-request` and `aborted`. */
export async function receiveRequest(
  context: GatewayContext,
  format: WireFormat,
  { maxBodyBytes, shelf }: ApiOptions,
  watched: RequestWatch | undefined,
): Promise<Received> {
  const body = await requestBody(context, maxBodyBytes);
  const headers = requestHeaders(context);
  const credentials = callersCredentials(headers, context.get('opener'));
  const path = pathOf(context);
  const given = createInbound(format, body, path, headers, credentials);
  const caller = callerOfRequest(context.get('caller'), headers, given.head);
  const whole = shelf.insert(body, format, caller);
  const inbound = whole === body ? given : createInbound(format, whole, path, headers, credentials);
  watched?.known({ caller, requestedModel: inbound.head.model });
  return { inbound, caller, headers };
}
