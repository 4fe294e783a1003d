import { RouterError } from './errors.ts';
import { isJsonObject, type JsonObject } from './json.ts';
import { CLOSE_BRACE, OPEN_BRACE } from './json-characters.ts';
import { spliceBytes } from './json-scan.ts';
import { type RequestBytes, wholeBytes } from './request-bytes.ts';
import type { RequestHead } from './wire-format.ts';

/** The error for a body that is no JSON object: every format says it in the same words. */
export function noRequestObject(): RouterError {
  return new RouterError({ kind: 'invalid-request', message: 'The request body is not a JSON object.' });
}

/** A request's parsed body. Throws RouterError `invalid-request` where it is no JSON object. */
export function requestObject(body: unknown): JsonObject {
  if (!isJsonObject(body)) throw noRequestObject();
  return body;
}

/**
 * The bytes of a request with another model in them; all else stays as it is. A body that names none gets it as its first member. Throws RouterError
 * `invalid-request` where there is no object to put it into.
 */
export function withRequestModel(body: RequestBytes, head: RequestHead, model: string): RequestBytes {
  if (head.modelRange !== undefined) {
    return head.model === model ? body : spliceBytes(body, head.modelRange, JSON.stringify(model));
  }
  const whole = wholeBytes(body);
  const brace = whole.indexOf(OPEN_BRACE);
  if (brace === -1) throw noRequestObject();
  const next = whole.subarray(brace + 1).find((byte) => byte > 0x20);
  const comma = next === CLOSE_BRACE ? '' : ',';
  return spliceBytes(whole, [brace + 1, brace + 1], `"model":${JSON.stringify(model)}${comma}`);
}
