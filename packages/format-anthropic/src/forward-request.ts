import {
  type ForwardedRequest,
  type RequestBytes,
  type RequestHead,
  RouterError,
  spliceBytes,
  wholeBytes,
} from '@signalbox/core';
import { DEFAULT_VERSION } from './api-version.ts';

const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** The caller's bytes with another model in them, and the path below the endpoint's base. */
export function forwardRequest(body: RequestBytes, head: RequestHead, model: string, path: string): ForwardedRequest {
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

function withModel(body: RequestBytes, head: RequestHead, model: string): RequestBytes {
  if (head.modelRange !== undefined) {
    return head.model === model ? body : spliceBytes(body, head.modelRange, JSON.stringify(model));
  }
  const whole = wholeBytes(body);
  const brace = whole.indexOf(OPEN_BRACE);
  if (brace === -1)
    throw new RouterError({ kind: 'invalid-request', message: 'The request body is not a JSON object.' });
  const next = whole.subarray(brace + 1).find((byte) => byte > 0x20);
  const comma = next === CLOSE_BRACE ? '' : ',';
  return spliceBytes(whole, [brace + 1, brace + 1], `"model":${JSON.stringify(model)}${comma}`);
}
