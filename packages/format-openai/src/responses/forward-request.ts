import { type ForwardedRequest, type RequestBytes, type RequestHead, spliceBytes, wholeBytes } from '@signalbox/core';
import { RESPONSES_PATH } from './format-id.ts';

/** The caller's bytes for a provider, with another model in them. Usage needs no asking for in this format. */
export function forwardRequest(body: RequestBytes, head: RequestHead, model: string): ForwardedRequest {
  return { path: RESPONSES_PATH, body: withModel(body, head, model), hideUsage: false };
}

function withModel(body: RequestBytes, head: RequestHead, model: string): RequestBytes {
  const name = JSON.stringify(model);
  if (head.modelRange !== undefined) return head.model === model ? body : spliceBytes(body, head.modelRange, name);
  // A request may leave the model to its prompt template: the name goes in front.
  const whole = wholeBytes(body);
  const after = whole.indexOf(0x7b) + 1;
  const empty = new TextDecoder()
    .decode(whole.subarray(after, after + 100))
    .trimStart()
    .startsWith('}');
  return spliceBytes(whole, [after, after], `"model":${name}${empty ? '' : ','}`);
}
