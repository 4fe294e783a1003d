import type { Caller, Inbound, WireFormat } from '@signalbox/core';
import type { ApiOptions } from './api-options.ts';
import { callerOfRequest } from './caller.ts';
import { callersCredentials } from './callers-credentials.ts';
import type { GatewayContext } from './exchange.ts';
import { createInbound, pathOf } from './inbound.ts';
import { requestBody } from './request-body.ts';
import { requestHeaders } from './request-headers.ts';
import type { RequestWatch } from './request-record.ts';

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
  { maxBodyBytes }: ApiOptions,
  watched: RequestWatch | undefined,
): Promise<Received> {
  const body = await requestBody(context, maxBodyBytes);
  const headers = requestHeaders(context);
  const credentials = callersCredentials(headers, context.get('opener'));
  const inbound = createInbound(format, body, pathOf(context), headers, credentials);
  const caller = callerOfRequest(context.get('caller'), headers, inbound.head);
  watched?.known({ caller, requestedModel: inbound.head.model });
  return { inbound, caller, headers };
}
