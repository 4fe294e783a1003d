import { type ForwardedRequest, type RequestBytes, type RequestHead, withRequestModel } from '@signalbox/core';
import { CHAT_PATH } from './encode-request.ts';

/** The caller's bytes with another model in them; nothing else changes. */
export function forwardRequest(body: RequestBytes, head: RequestHead, model: string): ForwardedRequest {
  return { path: CHAT_PATH, body: withRequestModel(body, head, model), hideUsage: false };
}
