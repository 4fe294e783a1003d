import { type ForwardedRequest, type RequestHead, RouterError, spliceBytes } from '@signalbox/core';
import { DEFAULT_VERSION } from './api-version.ts';

const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** The caller's bytes with another model in them, and the path below the endpoint's base. */
export function forwardRequest(body: Uint8Array, head: RequestHead, model: string, path: string): ForwardedRequest {
  return {
    path: pathBelowVersion(path),
    body: withModel(body, head, model),
    headers: { 'anthropic-version': DEFAULT_VERSION },
    hideUsage: false,
  };
}

/** `/v1/messages?beta=true` -> `/messages?beta=true`. */
function pathBelowVersion(path: string): string {
  const start = path.indexOf('/messages');
  return start === -1 ? '/messages' : path.slice(start);
}

function withModel(body: Uint8Array, head: RequestHead, model: string): Uint8Array {
  if (head.modelRange !== undefined) {
    return head.model === model ? body : spliceBytes(body, head.modelRange, JSON.stringify(model));
  }
  const brace = body.indexOf(OPEN_BRACE);
  if (brace === -1)
    throw new RouterError({ kind: 'invalid-request', message: 'The request body is not a JSON object.' });
  const next = body.subarray(brace + 1).find((byte) => byte > 0x20);
  const comma = next === CLOSE_BRACE ? '' : ',';
  return spliceBytes(body, [brace + 1, brace + 1], `"model":${JSON.stringify(model)}${comma}`);
}
