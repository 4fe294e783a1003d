import { type RequestBytes, wholeBytes } from '@signalbox/core';
import { decompressBody } from './decompress-body.ts';
import { type GatewayContext, readBody } from './exchange.ts';
import { requestHeaders } from './request-headers.ts';

/** The request's body, decompressed. Throws RouterError `request-too-large` and `invalid-request`. */
export function requestBody(context: GatewayContext, maxBytes: number): Promise<RequestBytes> {
  const body = readBody(context, maxBytes);
  const coding = requestHeaders(context)['content-encoding'];
  return coding === undefined ? body : body.then((bytes) => decompressBody(wholeBytes(bytes), coding, maxBytes));
}
