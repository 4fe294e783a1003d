import {
  type ForwardedRequest,
  type RequestBytes,
  type RequestHead,
  RouterError,
  spliceBytes,
  wholeBytes,
} from '@signalbox/core';
import { CHAT_PATH } from './encode-request.ts';

const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** The caller's bytes with another model in them; nothing else changes. */
export function forwardRequest(body: RequestBytes, head: RequestHead, model: string): ForwardedRequest {
  return { path: CHAT_PATH, body: withModel(body, head, model), hideUsage: false };
}

function withModel(body: RequestBytes, head: RequestHead, model: string): RequestBytes {
  if (head.modelRange !== undefined) {
    return head.model === model ? body : spliceBytes(body, head.modelRange, JSON.stringify(model));
  }
  const whole = wholeBytes(body);
  const brace = whole.indexOf(OPEN_BRACE);
  if (brace === -1) {
    throw new RouterError({ kind: 'invalid-request', message: 'The request body is not a JSON object.' });
  }
  const next = whole.subarray(brace + 1).find((byte) => byte > 0x20);
  return spliceBytes(
    whole,
    [brace + 1, brace + 1],
    `"model":${JSON.stringify(model)}${next === CLOSE_BRACE ? '' : ','}`,
  );
}
