import { decompressBody } from './decompress-body.ts';
import { type GatewayContext, readBody } from './exchange.ts';
import { requestHeaders } from './request-headers.ts';

/** The request's body, decompressed. Throws RouterError `request-too-large` and `invalid-request`. */
export async function requestBody(context: GatewayContext, maxBytes: number): Promise<Uint8Array> {
  const body = await readBody(context, maxBytes);
  const coding = requestHeaders(context)['content-encoding'];
  return coding === undefined ? body : decompressBody(body, coding, maxBytes);
}
