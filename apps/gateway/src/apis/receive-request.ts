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
