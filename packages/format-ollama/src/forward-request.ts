import { type ForwardedRequest, type RequestHead, RouterError, spliceBytes } from '@signalbox/core';
import { CHAT_PATH } from './encode-request.ts';

const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** The caller's bytes with another model in them; nothing else changes. */
export function forwardRequest(body: Uint8Array, head: RequestHead, model: string): ForwardedRequest {
  return { path: CHAT_PATH, body: withModel(body, head, model), hideUsage: false };
}

function withModel(body: Uint8Array, head: RequestHead, model: string): Uint8Array {
  if (head.modelRange !== undefined) {
    return head.model === model ? body : spliceBytes(body, head.modelRange, JSON.stringify(model));
  }
  const brace = body.indexOf(OPEN_BRACE);
  if (brace === -1) {
    throw new RouterError({ kind: 'invalid-request', message: 'The request body is not a JSON object.' });
  }
  const next = body.subarray(brace + 1).find((byte) => byte > 0x20);
  return spliceBytes(
    body,
    [brace + 1, brace + 1],
    `"model":${JSON.stringify(model)}${next === CLOSE_BRACE ? '' : ','}`,
  );
}
