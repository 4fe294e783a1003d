import { type ForwardedRequest, type RequestBytes, type RequestHead, withRequestModel } from '@signalbox/core';
import { DEFAULT_VERSION } from './api-version.ts';

/** The caller's bytes with another model in them, and the path below the endpoint's base. */
export function forwardRequest(body: RequestBytes, head: RequestHead, model: string, path: string): ForwardedRequest {
  return {
    path: pathBelowVersion(path),
    body: withRequestModel(body, head, model),
    headers: { 'anthropic-version': DEFAULT_VERSION },
    hideUsage: false,
  };
}

/** `/v1/messages?beta=true` -> `/messages?beta=true`. */
function pathBelowVersion(path: string): string {
  const start = path.indexOf('/messages');
  return start === -1 ? '/messages' : path.slice(start);
}
